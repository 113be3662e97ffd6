// SPDX-License-Identifier: Apache-2.0
#include "sink/mjpeg/reports/intake.hpp"

#include <algorithm>

#include "segment/clock.hpp"
#include "shmvideo/error.hpp"
#include "sink/mjpeg/channels.hpp"

namespace shmvideo::sink {
namespace {

std::optional<SegmentReport> live_report(const Channel& channel) {
  try {
    SegmentReport report = channel.report_segment();
    if (report.state == SegmentState::live) return report;
  } catch (const Error&) {
    // Not there, or not for us to read: a server that was started anew could not read it either.
  }
  return std::nullopt;
}

}  // namespace

void Intake::look(const Look& look, Clock::time_point now) noexcept {
  const bool is_fed = look.received != received_ || !look.is_wanted || !look.newest;
  if (is_fed) {
    since_.reset();
    newest_ = look.newest.value_or(0);
  } else if (*look.newest != newest_ && !since_) {
    since_ = now;
  }
  received_ = look.received;
}

std::chrono::nanoseconds Intake::missing_for(Clock::time_point now) const noexcept {
  return since_ ? std::chrono::nanoseconds(now - *since_) : std::chrono::nanoseconds(0);
}

ServingHealth IntakeWatch::look(const Channels& channels) {
  const auto now = Intake::Clock::now();
  ServingHealth health;
  for (const auto& channel : channels.all()) {
    const std::string& name = channel->name().str();
    auto report = live_report(*channel);
    Intake& intake = intakes_[name];
    intake.look({.is_wanted = !channel->viewers().empty(),
                 .received = channel->counters().frames_received,
                 .newest = report ? std::optional(report->latest) : std::nullopt},
                now);
    health.missing_for = std::max(health.missing_for, intake.missing_for(now));
    health.streams += channel->streams(monotonic_ns()).count;
    health.segments.push_back({name, channel->is_private(), std::move(report)});
  }
  return health;
}

}  // namespace shmvideo::sink
