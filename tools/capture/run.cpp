// SPDX-License-Identifier: Apache-2.0
#include "run.hpp"

#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <ctime>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <system_error>

#include "codec/libav/messages.hpp"
#include "device/choose_source.hpp"
#include "device/ignored_options.hpp"
#include "device/list_controls.hpp"
#include "device/list_devices.hpp"
#include "session/session.hpp"
#include "session/statistics.hpp"
#include "shmvideo/report.hpp"
#include "toolkit/messages/progress.hpp"
#include "toolkit/messages/stream_line.hpp"
#include "toolkit/options/nearest.hpp"

namespace shmvideo::capture {
namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;
using toolkit::ExitCode;

/// How often to look whether the source is open by now; the time limit counts from then.
constexpr std::chrono::milliseconds kOpeningIntervalMin = 10ms;
constexpr std::chrono::milliseconds kOpeningIntervalMax = 500ms;

/// What goes wrong is said once, by us, and not by the libraries underneath.
void silence_libraries(toolkit::Log& log) {
  // OpenCV has its own FFmpeg messages. Who sets these himself wants to see them.
  ::setenv("OPENCV_LOG_LEVEL", "SILENT", 0);
  ::setenv("OPENCV_FFMPEG_LOGLEVEL", "-8", 0);
  codec::libav::route_messages_of_process([&log](std::string_view line) { log.debug("FFmpeg: {}", line); });
}

SessionConfig config_of(const CaptureOptions& options, const Supervision& supervision,
                        toolkit::ToolContext& context) {
  SessionConfig config{options.name, {}, options.limits.count, supervision};
  config.writer.slots = options.slots.value_or(0);
  config.writer.mode = options.mode.bits;
  config.writer.group = options.group;
  config.writer.program = context.name;
  config.writer.guard = &context.guard;
  return config;
}

ExitCode list(const CaptureOptions& options) {
  if (options.list_devices) {
    list_devices(options.json);
  } else {
    list_controls(options.device, options.json);
  }
  return ExitCode::done;
}

/// What a configuration that is read again changes. `options` are those in force.
void follow_configuration(CaptureSession& session, CaptureOptions& options, toolkit::ToolContext& context) {
  session.log_frames(options.frame_log_interval.value_or(0));
  context.on_reload<CaptureOptions>([&session, &options](const CaptureOptions& now) {
    const ChosenSource chosen = choose_source(now);
    session.log_frames(now.frame_log_interval.value_or(0));
    session.replace_source(is_same_source(options, now) ? SourceFactory() : chosen.make, chosen.supervision);
    options = now;
  });
}

/// What people are told of how it goes; `began` is when it was asked for.
toolkit::ProgressReport how_it_goes(const CaptureSession& session, const CaptureOptions& options,
                                    Clock::time_point began) {
  const auto now = Clock::now();
  const auto started = session.started_at();
  const Progress progress = session.progress();
  const auto away_since = session.away_since();
  if (started && !away_since) return report(progress, now - *started, options.limits);
  auto waiting = toolkit::waiting_for("'" + options.device + "'", now - away_since.value_or(began));
  waiting.done = progress.writer.published;
  return waiting;
}

/// Returns when there is a reason to stop; tells how it goes meanwhile.
void watch(const CaptureSession& session, const CaptureOptions& options, toolkit::ToolContext& context) {
  toolkit::Progress progress(context.log);
  const auto tell = [&, began = Clock::now()] { return how_it_goes(session, options, began); };
  // The time limit counts from when the source is open, which may take for ever.
  for (auto pause = kOpeningIntervalMin; !session.started_at();
       pause = std::min(pause * 2, kOpeningIntervalMax)) {
    progress.wait(context, Clock::now() + pause, tell);
    if (context.stop.is_set()) return;
  }
  const auto end =
      options.limits.duration ? *session.started_at() + *options.limits.duration : Clock::time_point::max();
  progress.wait(context, end, tell);
}

/// "2026-11-22 14:03:12", as people's clocks show it.
std::string time_of_day(Clock::time_point then) {
  const auto ago = std::chrono::duration_cast<std::chrono::system_clock::duration>(Clock::now() - then);
  const std::time_t time = std::chrono::system_clock::to_time_t(std::chrono::system_clock::now() - ago);
  tm local{};
  ::localtime_r(&time, &local);
  char text[32];
  std::strftime(text, sizeof text, "%F %T", &local);
  return text;
}

/// For `systemctl status`. What it says of a source that is away stays the same, so that it is told once.
std::string status_line(const CaptureSession& session, const CaptureOptions& options) {
  if (const auto since = session.away_since())
    return fmt::format("waiting for '{}' since {}", options.device, time_of_day(*since));
  try {
    const SegmentReport segment = report(options.name);
    return fmt::format("{}, {}", toolkit::describe_stream(segment),
                       toolkit::count_of(segment.readers.size(), "reader"));
  } catch (const Error&) {
    return fmt::format("opening '{}'", options.device);  // there is no segment yet
  }
}

/// What a supervisor is told. Somebody who waits for this program waits for frames; but where it is meant to
/// wait for its source, it has started when it does that.
toolkit::Condition condition(const CaptureSession& session, const CaptureOptions& options,
                             const toolkit::Notifier& notifier) {
  const Pulse pulse = session.pulse();
  return {
      .is_ready = pulse.frame || pulse.is_waiting,
      .is_alive = is_alive(pulse, Clock::now(), notifier.watchdog().value_or(std::chrono::nanoseconds(0))),
      .status = status_line(session, options)};
}

/// A word that is taken for a file's name may have been meant for something else.
std::string hint(const std::string& device) {
  std::error_code ignored;
  if (kind_of(device) != DeviceKind::file || std::filesystem::exists(device, ignored)) return {};
  return toolkit::did_you_mean(device, {"pattern", "auto"});
}

/// Its status, or its last words where there are some to say.
ExitCode conclude(const CaptureSession& session, const std::string& device, toolkit::ToolContext& context) {
  try {
    session.outcome();
    return ExitCode::done;
  } catch (const std::exception& error) {
    const std::string reason = error.what() + hint(device);
    context.log.last_words(reason);
    context.notifier.last_words(reason);
    return ExitCode::failed;
  }
}

}  // namespace

ExitCode run(const CaptureOptions& options, toolkit::ToolContext& context) {
  if (options.list_devices || options.list_controls) return list(options);
  silence_libraries(context.log);
  warn_of_ignored_options(options, context.log);
  const ChosenSource chosen = choose_source(options);
  auto session =
      std::make_unique<CaptureSession>(chosen.make, config_of(options, chosen.supervision, context),
                                       context.log, [&context] { context.stop.set(); });
  CaptureOptions in_force = options;
  follow_configuration(*session, in_force, context);
  context.notifier.watch([&] { return condition(*session, in_force, context.notifier); });
  session->start();
  watch(*session, options, context);
  const bool is_finished = session->stop();
  if (const auto started = session->started_at()) {
    context.log.info("{}", describe(conclusion(session->progress(), Clock::now() - *started)));
  }
  const ExitCode status = conclude(*session, options.device, context);
  // A thread of FFmpeg's that was left behind must not find the log gone.
  codec::libav::route_messages_of_process({});
  if (is_finished) return status;
  // The session's thread is in a library call, for a slow device or one that hangs. The segment is
  // closed; nothing is left to wait for, and returning from main() would destroy what that thread uses.
  context.log.debug("stopped without waiting for '{}'", options.device);
  ::_exit(static_cast<int>(status));
}

}  // namespace shmvideo::capture
