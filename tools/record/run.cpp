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
#include "toolkit/progress_line.hpp"
#include "toolkit/terminal.hpp"

namespace shmvideo::record {
namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;
using toolkit::ExitCode;

constexpr auto kDrawInterval = 500ms;
constexpr auto kLogInterval = 10s;
/// What the queue gets to be written after a signal, and what the file gets to be finished after that.
constexpr auto kDrainPatience = 8s;
constexpr auto kFinishPatience = 2s;

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

void watch(const sink::Recorder& recorder, const toolkit::RunLimits& limits, toolkit::ProgressLine& line,
           toolkit::ToolContext& context) {
  const auto interval = line.is_wanted() ? Clock::duration(kDrawInterval) : Clock::duration(kLogInterval);
  sink::RecordingProgress before;
  while (!context.stop.wait_for(interval)) {
    const sink::RecordingProgress now = recorder.progress();
    if (now.frames == 0 && now.taking.taken == 0) continue;
    const std::string text = describe(now, before, interval, limits);
    if (line.is_wanted()) {
      line.draw(text);
    } else {
      context.log.info("{}", text);
    }
    before = now;
  }
}

/// Ends the process where the file does not take what is left: nothing can be done about it from here.
void wait_for_end(sink::Recorder& recorder, toolkit::ToolContext& context) {
  if (recorder.wait_for_end(kDrainPatience)) return;
  recorder.hurry();
  if (recorder.wait_for_end(kFinishPatience)) return;
  context.log.last_words("what is written to takes nothing any more; ended without finishing it");
  ::_exit(static_cast<int>(ExitCode::failed));
}

sink::EventLog log_to(toolkit::Log& log, toolkit::ProgressLine& line) {
  return [&log, &line](sink::EventLevel level, const std::string& sentence) {
    line.clear();
    switch (level) {
      case sink::EventLevel::warn:
        return log.warn("{}", sentence);
      case sink::EventLevel::info:
        return log.info("{}", sentence);
      case sink::EventLevel::debug:
        return log.debug("{}", sentence);
    }
  };
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

  toolkit::ProgressLine line(context.log);
  sink::Recorder recorder(recorder_options(options, name, context), log_to(context.log, line),
                          [&context] { context.stop.set(); });
  recorder.start();
  watch(recorder, options.limits, line, context);
  recorder.stop();
  wait_for_end(recorder, context);
  line.clear();
  return conclude(options, name, recorder, context);
}

}  // namespace shmvideo::record
