// SPDX-License-Identifier: Apache-2.0
#include "run.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include "perf/perf_json.hpp"
#include "perf/perf_text.hpp"
#include "picture/newest_frame.hpp"
#include "picture/picture_file.hpp"
#include "picture/terminal_picture.hpp"
#include "report/layout_table.hpp"
#include "report/look.hpp"
#include "report/metrics.hpp"
#include "report/report_json.hpp"
#include "report/report_text.hpp"
#include "report/wording.hpp"
#include "shmvideo/error.hpp"
#include "sink/live_writer.hpp"
#include "toolkit/shared_options.hpp"
#include "toolkit/terminal/output.hpp"
#include "toolkit/terminal/terminal.hpp"
#include "watch/watch.hpp"

namespace shmvideo::inspect {
namespace {

using toolkit::ExitCode;
using toolkit::ToolContext;
using toolkit::write_output;

void print_names() {
  toolkit::check_places();
  std::string text;
  for (const FoundSegment& found : list_segments()) text += found.name.str() + "\n";
  write_output(text);
}

/// " (pid 123)", or nothing where it has the name, but no segment under it that one could read.
std::string writer_of(const SegmentName& name, ToolContext& context) {
  try {
    const SegmentReport seen = report(name, &context.guard);
    if (!sink::has_writer(seen.state)) return {};
    return fmt::format(" (pid {})", seen.writer_pid);
  } catch (const Error&) {
    return {};
  }
}

/// The library refuses in the words of one who wants the name; here somebody wants to be rid of it.
Error removal_refusal(const SegmentName& name, const Error& error, ToolContext& context) {
  const auto refusal = [&](const std::string& sentence) {
    return Error(error.code(), sentence, error.system_errno());
  };
  switch (error.code()) {
    case ErrorCode::not_found:
      return error;
    case ErrorCode::writer_exists:
      return refusal(fmt::format("segment '{}' has a live writer{}; stop it first", name.str(),
                                 writer_of(name, context)));
    case ErrorCode::owned_by_other_user:
      return refusal(fmt::format("segment '{}' belongs to another user; only that user or root can remove it",
                                 name.str()));
    default:
      return refusal(fmt::format("cannot remove '{}': {}", name.str(), error.what()));
  }
}

void remove(const SegmentName& name, ToolContext& context) {
  try {
    remove_segment(name);
  } catch (const Error& error) {
    throw removal_refusal(name, error, context);
  }
  context.log.info("removed '{}'", name.str());
}

void save(const InspectOptions& options, ToolContext& context) {
  const NewestFrame frame = read_newest_frame(toolkit::choose_segment(options.name), options.wait, context);
  save_picture(frame, *options.save);
  context.log.info("wrote frame {} to {}", frame.info.number, options.save->string());
}

void show_picture(const InspectOptions& options, ToolContext& context) {
  const SegmentName name = toolkit::choose_segment(options.name);
  const NewestFrame frame = read_newest_frame(name, options.wait, context);
  const Shape shape{frame.info.fourcc, frame.info.width, frame.info.height};
  write_output(picture_as_text(to_rgb(frame), toolkit::terminal_size(STDOUT_FILENO)) +
               fmt::format("{}, frame {}, {}\n", name.str(), frame.info.number, shape_text(shape)));
}

void show_one(const InspectOptions& options, ToolContext& context) {
  const SegmentReport report = look_at(*options.name, options.wait, context);
  write_output(options.json ? toolkit::to_lines(to_json(report)) : to_text(report));
}

void show_perf(const InspectOptions& options, ToolContext& context) {
  const SegmentName name = toolkit::choose_segment(options.name);
  const SegmentReport report = look_at(name, options.wait, context);
  write_output(options.json ? toolkit::to_lines(perf_json(report)) : perf_text(report));
}

void show_all(const InspectOptions& options, ToolContext& context) {
  const Overview overview = look_at_all(context);
  write_output(options.json ? toolkit::to_lines(overview.json) : to_text(overview));
}

}  // namespace

ExitCode run(const InspectOptions& options, ToolContext& context) {
  if (options.watch) return watch(options, context);
  if (options.names)
    print_names();
  else if (options.layout)
    write_output(options.json ? toolkit::to_lines(layout_json()) : layout_text());
  else if (options.remove)
    remove(*options.name, context);
  else if (options.save)
    save(options, context);
  else if (options.picture)
    show_picture(options, context);
  else if (options.perf)
    show_perf(options, context);
  else if (options.metrics)
    write_output(metrics_text(options, context));
  else if (options.name && !options.all)
    show_one(options, context);
  else
    show_all(options, context);
  return ExitCode::done;
}

}  // namespace shmvideo::inspect
