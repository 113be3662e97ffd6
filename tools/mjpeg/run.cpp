// SPDX-License-Identifier: Apache-2.0
#include "run.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>

#include "shmvideo/error.hpp"
#include "shmvideo/report.hpp"
#include "toolkit/messages/event_log.hpp"
#include "toolkit/messages/human.hpp"
#include "toolkit/messages/progress.hpp"
#include "toolkit/shared_options.hpp"
#include "toolkit/terminal/output.hpp"

namespace shmvideo::mjpeg {
namespace {

using Clock = std::chrono::steady_clock;

constexpr const char* kUsualName = "billiards_video";

/// As every tool that reads chooses, but with no segment at all a server starts on the usual name.
SegmentName choose(const Options& options) {
  if (!options.segment && std::ranges::none_of(list_segments(), toolkit::has_live_writer))
    return SegmentName(kUsualName);
  return toolkit::choose_segment(options.segment);
}

toolkit::ProgressReport report(const sink::ServingProgress& now, Clock::duration elapsed) {
  const sink::ServingCounters& counters = now.counters;
  return {.verb = "sent",
          .done = counters.frames_served,
          .elapsed = elapsed,
          .details = {fmt::format("{} viewer{}", now.streams, now.streams == 1 ? "" : "s"),
                      fmt::format("encoded {}", counters.encodes), toolkit::human_bytes(counters.bytes_sent)},
          .loss_verb = "lost",
          .losses = {{counters.revoked, "taken back"}, {counters.failed, "not decodable"}}};
}

}  // namespace

toolkit::ExitCode run(const Options& options, toolkit::ToolContext& context) {
  const SegmentName segment = choose(options);
  sink::MjpegServer server({.segments = {segment},
                            .host = options.host,
                            .port = options.port,
                            .defaults = options.serving,
                            .encoder_threads = 0,
                            .program = context.name,
                            .guard = &context.guard,
                            .log = toolkit::log_events(context.log)});
  // What standard output and the log tell comes after this: whoever reads it may send SIGHUP.
  context.on_reload<Options>([&server](const Options& now) { server.set_defaults(now.serving); });
  server.watch(context.reload_fd(), [&context] { context.handle_reload(); });
  toolkit::write_output("listening on " + server.url() + "\n");
  context.log.info("serving {} at {}", segment.str(), server.url());
  toolkit::Progress progress(context.log);
  const auto began = Clock::now();
  server.report_every(progress.interval(), [&progress, began](const sink::ServingProgress& now) {
    progress.show(report(now, Clock::now() - began));
  });
  server.run(context.stop.fd());
  progress.clear();
  context.log.info("stopped");
  return toolkit::ExitCode::done;
}

}  // namespace shmvideo::mjpeg
