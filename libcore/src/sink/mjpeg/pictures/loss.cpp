// SPDX-License-Identifier: Apache-2.0
#include "sink/mjpeg/pictures/loss.hpp"

#include <fmt/format.h>

#include <ctime>

#include "segment/clock.hpp"

namespace shmvideo::sink {
namespace {

std::string local_time(std::uint64_t realtime_ns) {
  const auto seconds = static_cast<std::time_t>(realtime_ns / 1'000'000'000);
  std::tm parts{};
  ::localtime_r(&seconds, &parts);
  return fmt::format("{:04}-{:02}-{:02} {:02}:{:02}:{:02}", parts.tm_year + 1900, parts.tm_mon + 1,
                     parts.tm_mday, parts.tm_hour, parts.tm_min, parts.tm_sec);
}

std::string in_words(std::uint64_t seconds) {
  if (seconds < 60) return fmt::format("{} s", seconds);
  if (seconds < 3600) return fmt::format("{} min {} s", seconds / 60, seconds % 60);
  if (seconds < 86400) return fmt::format("{} h {} min", seconds / 3600, seconds / 60 % 60);
  return fmt::format("{} days {} h", seconds / 86400, seconds / 3600 % 24);
}

}  // namespace

std::optional<std::string_view> reason_of_loss(SegmentState state, std::uint32_t source_state,
                                               std::uint64_t quiet_ns) noexcept {
  if (state == SegmentState::dead) return "the writer died";
  if (state == SegmentState::closed) return "the writer has stopped";
  if (quiet_ns < kQuietMaxNs) return std::nullopt;
  if (source_state == SHMV_SOURCE_RECONNECTING) return "camera lost, reconnecting";
  if (source_state == SHMV_SOURCE_ENDED) return "the source has ended";
  if (state == SegmentState::stalled) return "the writer hangs";
  return std::nullopt;
}

std::vector<std::string> words_of(const Loss& loss, std::uint64_t now_monotonic_ns) {
  const std::uint64_t for_ns = age_ns(now_monotonic_ns, loss.since_monotonic_ns);
  return {std::string(loss.reason), "since " + local_time(loss.since_realtime_ns),
          "for " + in_words(for_ns / 1'000'000'000)};
}

}  // namespace shmvideo::sink
