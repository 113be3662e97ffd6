// SPDX-License-Identifier: Apache-2.0
#include "run.hpp"

#include <fmt/format.h>
#include <sys/resource.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <vector>

#include "camera.hpp"
#include "doorkeeper.hpp"
#include "shmvideo/report.hpp"
#include "toolkit/messages/event_log.hpp"
#include "toolkit/messages/human.hpp"
#include "toolkit/messages/progress.hpp"
#include "toolkit/messages/stream_line.hpp"
#include "toolkit/process/activation.hpp"
#include "toolkit/shared_options.hpp"
#include "toolkit/terminal/output.hpp"

namespace shmvideo::mjpeg {
namespace {

using Clock = std::chrono::steady_clock;

constexpr const char* kUsualName = "billiards_video";

/// As every tool that reads chooses, but with no segment at all a server starts on the usual name.
SegmentName choose(const Options& options) {
  const auto is_choice = [](const FoundSegment& found) {
    return !sink::is_private(found.name.str()) && toolkit::has_live_writer(found);
  };
  if (!options.segment && std::ranges::none_of(list_segments(), is_choice)) return SegmentName(kUsualName);
  return toolkit::choose_segment(options.segment);
}

std::vector<SegmentName> segments_of(const Options& options) {
  std::vector<SegmentName> segments;
  if (options.segment || (!options.all && options.more.empty())) segments.push_back(choose(options));
  segments.insert(segments.end(), options.more.begin(), options.more.end());
  return segments;
}

std::string names_of(const std::vector<SegmentName>& segments, bool all) {
  std::string names;
  for (const SegmentName& name : segments) names += (names.empty() ? "" : ", ") + name.str();
  return names.empty() ? "all segments" : names + (all ? " and all others" : "");
}

/// What systemd, or somebody like it, listens at for us.
std::vector<sink::PassedSocket> passed_sockets() {
  std::vector<sink::PassedSocket> passed;
  for (toolkit::PassedDescriptor& one : toolkit::take_passed_descriptors())
    passed.push_back({std::move(one.fd), std::move(one.name)});
  return passed;
}

void warn_of_strangers(const Options& options, const sink::MjpegServer& server, toolkit::Log& log) {
  if (sink::asks_who_comes(access_of(options)) || !server.is_wide()) return;
  log.warn("whoever reaches {} sees the video: nobody is asked who they are", fmt::join(server.urls(), ", "));
}

/// Every viewer needs a descriptor, and the usual limit is 1024. Whoever runs us set the hard one.
void allow_many_connections(toolkit::Log& log) {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur >= limit.rlim_max) return;
  limit.rlim_cur = limit.rlim_max;
  if (::setrlimit(RLIMIT_NOFILE, &limit) != 0)
    log.debug("the limit of open files stays: {}", std::strerror(errno));
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

/// For `systemctl status`: "front: 1920x1080 BGR24, 30.0/s; 3 viewers".
std::string status_line(const sink::ServingHealth& health) {
  std::string served = "no segment yet";
  if (health.segments.size() == 1) {
    const auto& only = health.segments.front();
    served = (only.is_private ? "camera" : only.name) + ": " +
             (only.report       ? toolkit::describe_stream(*only.report)
              : only.is_private ? "off"
                                : "no writer");
  } else if (!health.segments.empty()) {
    const auto live =
        std::ranges::count_if(health.segments, [](const auto& one) { return one.report.has_value(); });
    served = fmt::format("{} segments, {} live", health.segments.size(), live);
  }
  return served + "; " + toolkit::count_of(health.streams, "viewer");
}

/// What a supervisor is told. Nobody is helped by a new server because a camera is gone: that it turns its
/// loop is enough then. But where frames are published, and wanted, it has to get them.
toolkit::Condition condition(sink::MjpegServer& server, const toolkit::Notifier& notifier) {
  const sink::ServingHealth health = server.health();
  const auto patience = notifier.watchdog().value_or(std::chrono::nanoseconds(0));
  return {.is_ready = true, .is_alive = health.missing_for <= patience / 2, .status = status_line(health)};
}

}  // namespace

toolkit::ExitCode run(const Options& options, toolkit::ToolContext& context) {
  const std::vector<SegmentName> segments = segments_of(options);
  allow_many_connections(context.log);
  Camera camera(options.config, context.log);
  sink::MjpegServer server({.segments = segments,
                            .finds_segments = options.all,
                            .door = door_of(options.door, passed_sockets()),
                            .defaults = serving_of(options),
                            .encoder_threads = 0,
                            .program = context.name,
                            .guard = &context.guard,
                            .log = toolkit::log_events(context.log)});
  Doorkeeper doorkeeper(options, server, context.log);
  const auto apply = [&server, &camera, &doorkeeper](const Options& now) {
    doorkeeper.follow(now);
    server.set_defaults(serving_of(now));
    server.set_limits(limits_of(now.door));
    server.show_camera(now.source == Source::camera ? &camera : nullptr);
  };
  apply(options);
  // What standard output and the log tell comes after this: whoever reads it may send SIGHUP.
  context.on_reload<Options>(apply);
  server.watch(context.reload_fd(), [&context, &camera, &server, &doorkeeper] {
    context.handle_reload();
    server.renew_certificate();
    doorkeeper.read_again();
    camera.read_configuration_again();
  });
  for (const std::string& url : server.urls()) toolkit::write_output("listening on " + url + "\n");
  context.log.info("serving {} at {}", names_of(segments, options.all), fmt::join(server.urls(), ", "));
  warn_of_strangers(options, server, context.log);
  toolkit::Progress progress(context.log);
  const auto began = Clock::now();
  context.notifier.watch([&] { return condition(server, context.notifier); });
  context.notifier.turn();
  const auto interval =
      std::min(progress.interval(), context.notifier.interval().value_or(progress.interval()));
  server.report_every(interval, [&](const sink::ServingProgress& now) {
    progress.show(report(now, Clock::now() - began));
    context.notifier.turn();
  });
  server.run(context.stop.fd());
  progress.clear();
  context.log.info("stopped");
  return toolkit::ExitCode::done;
}

}  // namespace shmvideo::mjpeg
