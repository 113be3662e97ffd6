// SPDX-License-Identifier: Apache-2.0
#include "options.hpp"

#include <string>

#include "picture/picture_file.hpp"

namespace shmvideo::inspect {
namespace {

using toolkit::UsageError;

void check(const InspectOptions& options) {
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
  if (options.remove && !options.name) throw UsageError("--remove needs the NAME of a segment");
  if (options.all && !asked.empty() && !options.watch) throw UsageError("--all does not go with " + asked);
  if (options.save && !picture_file_kind(*options.save)) {
    throw UsageError("--save: '" + options.save->string() +
                     "' is no picture file; use a name ending in .png, .jpg or .jpeg");
  }
  if (options.interval < std::chrono::milliseconds(10)) throw UsageError("--interval: use 10ms or more");
  if (!options.watch && (options.limits.count || options.limits.duration)) {
    throw UsageError("--count and --duration limit --watch, which is not asked for");
  }
}

}  // namespace

void define(toolkit::Cli& cli, InspectOptions& options) {
  add_read_segment(cli, options.name);
  cli.group("What to show");
  cli.flag("-a,--all", options.all, "Show all segments, also where the environment names one");
  add_json(cli, options.json);
  cli.flag("--names", options.names, "Print the names of all segments, one a line");
  cli.option("--save", options.save, "Write the newest frame to a .png or .jpg file");
  cli.flag("--picture", options.picture, "Show the newest frame in the terminal");
  cli.flag("--layout", options.layout, "Print the segment format's offsets and sizes");
  add_timeout(cli, options.timeout);
  cli.group("Watching");
  cli.flag("-w,--watch", options.watch, "Show it again and again, in place");
  cli.option("-i,--interval", options.interval, "Time from one look to the next");
  add_run_limits(cli, options.limits, "updates");
  cli.group("Cleaning up");
  cli.flag("--remove", options.remove, "Delete a segment that has no live writer, with its companions");
  cli.check([&options] { check(options); });
}

}  // namespace shmvideo::inspect
