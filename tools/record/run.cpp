// SPDX-License-Identifier: Apache-2.0
#include "run.hpp"

#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <string_view>

#include "codec/libav/messages.hpp"
#include "progress.hpp"
#include "shmvideo/error.hpp"
#include "sink/recording/recorder.hpp"
#include "toolkit/messages/event_log.hpp"
#include "toolkit/messages/progress.hpp"
#include "toolkit/terminal/terminal.hpp"

namespace shmvideo::record {
namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;
using toolkit::ExitCode;

sink::RecorderOptions recorder_options(const RecordOptions& options, const SegmentName& name,
                                       toolkit::ToolContext& context) {
  sink::RecorderOptions made{sink::TakingOptions(name), {}};
  made.taking.program = context.name;
  made.taking.guard = &context.guard;
  made.taking.timeout = options.timeout;
  made.taking.container = made.files.container = container_of(options);
  made.taking.codec = options.codec;
  made.taking.count = options.limits.count;
  made.taking.duration = options.limits.duration;
  made.taking.follows = options.follow;
  made.files.file = options.output;
  made.files.is_standard_output = options.is_to_standard_output();
  made.files.overwrites = options.overwrite;
  made.files.coding = {options.quality, options.preset, std::nullopt};
  if (options.bit_rate) made.files.coding.bit_rate = options.bit_rate->per_second;
  made.queue_bytes = options.queue.bytes;
  return made;
}

void check_before_waiting(const RecordOptions& options, const sink::FileOptions& files) {
  if (options.is_to_standard_output() && toolkit::is_terminal(STDOUT_FILENO)) {
    throw toolkit::UsageError(
        "standard output is a terminal, which has no use for video; add a pipe, as in | ffplay -");
  }
  sink::check_destination(files);
}

/// Whether it has ended by then; shows meanwhile how far it is.
bool wait_for_end(sink::Recorder& recorder, std::chrono::nanoseconds patience, toolkit::Progress& progress,
                  const toolkit::Progress::Report& report) {
  const auto deadline = Clock::now() + patience;
  for (auto now = Clock::now(); now < deadline; now = Clock::now()) {
    if (recorder.wait_for_end(std::min<std::chrono::nanoseconds>(progress.interval(), deadline - now)))
      return true;
    progress.show(report());
  }
  return false;
}

/// Ends the process where the file does not take what is left: nothing can be done about it from here.
void finish(sink::Recorder& recorder, toolkit::Progress& progress, const toolkit::Progress::Report& report,
            std::chrono::nanoseconds patience, toolkit::ToolContext& context) {
  recorder.stop();
  // What the queue gets to be written, and what the file gets to be finished after that.
  const std::chrono::nanoseconds for_the_queue = patience / 5 * 4;
  if (wait_for_end(recorder, for_the_queue, progress, report)) return;
  recorder.hurry();
  if (wait_for_end(recorder, patience - for_the_queue, progress, report)) return;
  context.log.last_words("what is written to takes nothing any more; ended without finishing it");
  ::_exit(static_cast<int>(ExitCode::failed));
}

bool is_there(const SegmentName& name) {
  return std::ranges::any_of(list_segments(),
                             [&name](const FoundSegment& found) { return found.name == name; });
}

ExitCode conclude(const RecordOptions& options, const SegmentName& name, const sink::Recorder& recorder,
                  toolkit::ToolContext& context) {
  const sink::RecordingProgress progress = recorder.progress();
  const std::string text = conclusion(progress, recorder.last_file());
  if (progress.taking.taken == 0) {
    context.log.debug("{}", text);
  } else if (lost(progress) > 0) {
    context.log.warn("{}", text);
  } else {
    context.log.info("{}", text);
  }
  try {
    recorder.rethrow_failure();
  } catch (const Error& error) {
    if (error.code() == ErrorCode::not_found && !is_there(name)) throw toolkit::no_such_segment(name);
    throw;
  }
  return options.strict && lost(progress) > 0 ? ExitCode::frames_lost : ExitCode::done;
}

}  // namespace

ExitCode run(const RecordOptions& options, toolkit::ToolContext& context) {
  // A file that may not grow further is an error of write(), as a full disk is.
  std::signal(SIGXFSZ, SIG_IGN);
  codec::libav::route_messages_of_process(
      [&log = context.log](std::string_view message) { log.debug("libav: {}", message); });
  check_output(options);
  const sink::FileOptions destination = recorder_options(options, SegmentName("any"), context).files;
  check_before_waiting(options, destination);
  const SegmentName name = toolkit::choose_segment(options.name);

  sink::Recorder recorder(recorder_options(options, name, context), toolkit::log_events(context.log),
                          [&context] { context.stop.set(); });
  RecordOptions in_force = options;
  context.on_reload<RecordOptions>([&in_force](const RecordOptions& now) {
    in_force.strict = now.strict;
    in_force.shutdown_timeout = now.shutdown_timeout;
  });
  toolkit::Progress progress(context.log);
  const auto began = Clock::now();
  const auto how_it_goes = [&] { return report(recorder.progress(), options, name, Clock::now() - began); };
  recorder.start();
  progress.wait(context, Clock::time_point::max(), how_it_goes);
  finish(recorder, progress, how_it_goes, in_force.shutdown_timeout, context);
  progress.clear();
  return conclude(in_force, name, recorder, context);
}

}  // namespace shmvideo::record
