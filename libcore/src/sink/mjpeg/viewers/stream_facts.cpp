// SPDX-License-Identifier: Apache-2.0
// What one stream tells about itself.
#include <fmt/format.h>

#include <algorithm>

#include "segment/clock.hpp"
#include "sink/mjpeg/viewers/stream_client.hpp"
#include "sink/mjpeg/viewers/tcp_queue.hpp"

namespace shmvideo::sink {
namespace {

/// Below this, a frame that was left out now and then is not worth a word.
constexpr double kWorthSaying = 0.25;  // frames per second
constexpr std::uint64_t kSilenceNs = 2'000'000'000;

std::string amount(double bytes) {
  return bytes >= 1e6 ? fmt::format("{:.1f} MB", bytes / 1e6) : fmt::format("{:.0f} kB", bytes / 1e3);
}

}  // namespace

ViewerFacts StreamClient::facts(std::uint64_t now_ns) const {
  const std::uint64_t queued = queued_bytes(descriptor_);
  return {.id = id_,
          .peer = peer_,
          .key = key_,
          .agent = agent_,
          .rendition = rendition(),
          .fps_limit = static_cast<double>(fps_),
          .fps = tally_.fps(now_ns),
          .bytes_per_second = tally_.bytes_per_second(now_ns),
          .frames = tally_.frames(),
          .skipped = tally_.skips().all(),
          .bytes = tally_.bytes(),
          .lag_ms = static_cast<double>(tally_.lag_ns()) / 1e6,
          .queued_bytes = static_cast<double>(queued),
          .reason = reason(now_ns, queued),
          .connected_ns = tally_.connected_ns(),
          .extra_headers = style_.extra_headers,
          .advance_headers = style_.advance_headers,
          .dual_final_frames = style_.dual_final_frames,
          .zero_data = style_.zero_data};
}

/// The one that counts most: what stops it altogether first, then what it gave up, then what it misses.
std::string StreamClient::reason(std::uint64_t now_ns, std::uint64_t queued) const {
  if (!has_begun_ || last_serial_ == 0) return "it waits for a first picture";
  const std::uint64_t silence_ns = age_ns(now_ns, std::max(last_sent_ns_, tally_.connected_ns()));
  const bool is_silent = silence_ns > kSilenceNs;
  if (is_silent && !is_waiting_) {
    return fmt::format("its connection takes {}/s: {} wait since {:.0f} s", amount(backlog_.drain_rate()),
                       amount(static_cast<double>(queued)), static_cast<double>(silence_ns) / 1e9);
  }
  if (is_silent) return "no new frames come";
  if (plan_.level() > 0) {
    return fmt::format("its connection takes {}/s: {}", amount(backlog_.drain_rate()), what_is_given_up());
  }
  if (plan_.pressure() > 0) return "the processor is short: " + what_is_given_up();
  if (const double late = tally_.late_per_second(now_ns); late > kWorthSaying) {
    return fmt::format("{:.1f} frames/s are older than its max_delay of {} ms when they could be sent", late,
                       max_delay_ns_ / 1'000'000);
  }
  if (const double slow = tally_.slow_per_second(now_ns); slow > kWorthSaying) {
    return fmt::format("its connection takes {}/s: {:.1f} frames/s are left out",
                       amount(backlog_.drain_rate()), slow);
  }
  if (const double missed = tally_.processor_per_second(now_ns); missed > kWorthSaying) {
    return fmt::format("pictures are not made in time: {:.1f} frames/s are left out", missed);
  }
  const double source = tally_.source_fps(now_ns);
  const bool is_known = age_ns(now_ns, tally_.connected_ns()) > kSilenceNs;
  if (is_known && source < 0.9 * fps_) return fmt::format("the source gives {:.1f} frames/s", source);
  return {};
}

std::string StreamClient::what_is_given_up() const {
  const StreamStep& step = plan_.step();
  std::string text = fmt::format("{} instead of {} fps", step.fps, plan_.wished_fps());
  if (rendition().quality < plan_.wished_quality()) text += fmt::format(", quality {}", step.quality);
  if (step.eighths < 8) text += fmt::format(", {}/8 of the size", step.eighths);
  return text;
}

}  // namespace shmvideo::sink
