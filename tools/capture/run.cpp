// SPDX-License-Identifier: Apache-2.0
#include "run.hpp"

#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <memory>

#include "choose_source.hpp"
#include "session.hpp"
#include "shmvideo/error.hpp"
#include "source/opencv/opencv_camera.hpp"
#include "source/opencv/opencv_capture.hpp"
#include "statistics.hpp"

namespace shmvideo::capture {
namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;
using toolkit::ExitCode;

constexpr auto kStatisticsInterval = 5s;
/// How often to look whether the source is open by now; the time limit counts from then.
constexpr auto kOpeningInterval = 20ms;

/// What goes wrong is said once, by us, and not by the libraries underneath.
void silence_libraries() {
  ::setenv("OPENCV_FFMPEG_LOGLEVEL", "-8", 0);  // AV_LOG_QUIET; who sets it himself wants to see it
  source::prepare_opencv_for_process();
}

SessionConfig config_of(const CaptureOptions& options, toolkit::ToolContext& context) {
  SessionConfig config{options.name, {}, options.limits.count};
  config.writer.slots = options.slots;
  config.writer.mode = options.mode.bits;
  config.writer.group = options.group;
  config.writer.program = context.name;
  config.writer.guard = &context.guard;
  return config;
}

/// Returns when there is a reason to stop; tells how it goes meanwhile.
void watch(const CaptureSession& session, const CaptureOptions& options, toolkit::ToolContext& context) {
  while (!session.started_at()) {
    if (context.stop.wait_for(kOpeningInterval)) return;
  }
  const auto started = *session.started_at();
  const auto end = options.limits.duration ? started + *options.limits.duration : Clock::time_point::max();
  Progress before = session.progress();
  auto next = started + kStatisticsInterval;
  while (!context.stop.wait_for(std::max(std::min(next, end) - Clock::now(), Clock::duration::zero()))) {
    if (Clock::now() >= end) return;
    if (Clock::now() < next) continue;
    const Progress now = session.progress();
    context.log.info("{}", describe(now, before, kStatisticsInterval));
    before = now;
    next += kStatisticsInterval;
  }
}

ExitCode conclude(const CaptureSession& session, const CaptureOptions& options) {
  if (session.outcome() == Outcome::lost) {
    throw Error(ErrorCode::source_failed, source::opencv_camera_path(options.device) + " delivers no more frames");
  }
  return ExitCode::done;
}

}  // namespace

ExitCode run(const CaptureOptions& options, toolkit::ToolContext& context) {
  silence_libraries();
  auto session =
      std::make_unique<CaptureSession>(choose_source(options, context.log), config_of(options, context),
                                       context.log, [&context] { context.stop.set(); });
  session->start();
  watch(*session, options, context);
  const bool is_finished = session->stop();
  if (const auto started = session->started_at()) {
    context.log.info("{}", describe(session->progress(), {}, Clock::now() - *started));
  }
  if (is_finished) return conclude(*session, options);
  // The session's thread is in a library call, for a slow camera or one that hangs. The segment is
  // closed; nothing is left to wait for, and returning from main() would destroy what that thread uses.
  context.log.debug("stopped without waiting for '{}'", options.device);
  ::_exit(static_cast<int>(ExitCode::done));
}

}  // namespace shmvideo::capture
