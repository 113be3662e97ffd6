// SPDX-License-Identifier: Apache-2.0
#include "options.hpp"

#include <string>

#include "picture/picture_file.hpp"

namespace shmvideo::inspect {
namespace {

using toolkit::UsageError;

void check(const toolkit::Cli& cli, const InspectOptions& options) {
  std::string asked;
  const auto ask = [&](bool is_asked, const char* what) {
    if (!is_asked) return;
    if (!asked.empty()) throw UsageError(asked + " and " + what + " are two things; ask for one at a time");
    asked = what;
  };
  ask(options.watch, "--watch");
  ask(options.names, "--names");
  ask(options.layout, "--layout");
  ask(options.remove, "--remove");
  ask(options.save.has_value(), "--save");
  ask(options.picture, "--picture");
  ask(options.metrics, "--metrics");
  ask(options.perf && !options.watch, "--perf");
  // What deletes is told what: a name that the environment or a file has may be forgotten.
  if (options.remove && !cli.is_given("name")) throw UsageError("--remove needs the NAME of a segment");
  if (options.all && !asked.empty() && !options.watch && !options.metrics) {
    throw UsageError("--all does not go with " + asked);
  }
  if (options.all && options.perf) throw UsageError("--all does not go with --perf");
  if (options.json && options.metrics)
    throw UsageError("--metrics has a format of its own; leave out --json");
  if (options.save && !picture_file_kind(*options.save)) {
    throw UsageError("--save: '" + options.save->string() +
                     "' is no picture file; use a name ending in .png, .jpg or .jpeg");
  }
  if (!options.watch && (options.limits.count || options.limits.duration)) {
    throw UsageError("--count and --duration limit --watch, which is not asked for");
  }
}

}  // namespace

void define(toolkit::Cli& cli, InspectOptions& options) {
  add_read_segment(cli, options.name).if_unset("all are listed");
  cli.group("What to show");
  cli.flag("-a,--all", options.all, "Show all segments, also where one is configured").not_configurable();
  add_json(cli, options.json);
  cli.flag("--names", options.names, "Print the names of all segments, one a line").not_configurable();
  cli.option("--save", options.save, "Write the newest frame to a .png or .jpg file").not_configurable();
  cli.flag("--picture", options.picture, "Show the newest frame in the terminal").not_configurable();
  cli.flag("--perf", options.perf, "Show what frames cost their writer, by stage").not_configurable();
  cli.flag("--metrics", options.metrics, "Print everything in Prometheus' text format").not_configurable();
  cli.flag("--layout", options.layout, "Print the segment format's offsets and sizes").not_configurable();
  cli.option("--wait", options.wait, "How long to wait for a segment that is not there");
  cli.group("Watching");
  cli.flag("-w,--watch", options.watch, "Show it again and again, in place").not_configurable();
  add_interval(cli, options.interval, std::chrono::milliseconds(10)).reloadable();
  toolkit::RunLimitOptions limits = add_run_limits(cli, options.limits, "updates");
  limits.count.not_configurable();
  limits.duration.not_configurable();
  cli.group("Cleaning up");
  cli.flag("--remove", options.remove, "Delete a segment that has no live writer, with its companions")
      .not_configurable();
  cli.check([&cli, &options] { check(cli, options); });
}

}  // namespace shmvideo::inspect
