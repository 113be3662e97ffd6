// SPDX-License-Identifier: Apache-2.0
#include "transport/liveness.hpp"

#include <algorithm>

#include "segment/clock.hpp"
#include "shmvideo/writer.hpp"

namespace shmvideo {
namespace {

constexpr std::uint64_t kHeartbeatMaxNs = 500'000'000;
constexpr std::uint64_t kProgressMinNs = 1'000'000'000;
constexpr std::uint64_t kFrameTimes = 5;
/// A frame interval that another process wrote is believed up to here.
constexpr std::uint64_t kIntervalMaxNs = 3600ULL * 1'000'000'000;

}  // namespace

SegmentState judge_state(const Generation& generation) noexcept {
  switch (generation.fate()) {
    case Fate::closed:
      return SegmentState::closed;
    case Fate::dead:
      return SegmentState::dead;
    case Fate::superseded:
      return SegmentState::closed;
    case Fate::live:
      break;
  }
  const shmv_header& header = generation.live();
  const std::uint64_t now = monotonic_ns();
  const std::uint64_t interval = std::min(shared::load_relaxed(header.frame_interval_ns), kIntervalMaxNs);
  const std::uint64_t patience = std::max(kProgressMinNs, kFrameTimes * interval);
  const bool runs = age_ns(now, shared::load_relaxed(header.heartbeat_ns)) <= kHeartbeatMaxNs;
  const bool publishes = age_ns(now, shared::load_relaxed(header.progress_ns)) <= patience;
  return runs && publishes ? SegmentState::live : SegmentState::stalled;
}

const char* to_string(SegmentState state) noexcept {
  switch (state) {
    case SegmentState::live:
      return "live";
    case SegmentState::stalled:
      return "stalled";
    case SegmentState::dead:
      return "dead";
    case SegmentState::closed:
      return "closed";
  }
  return "unknown";
}

const char* to_string(Grade grade) noexcept {
  switch (grade) {
    case Grade::observe:
      return "observe";
    case Grade::copy:
      return "copy";
    case Grade::hold:
      return "hold";
  }
  return "unknown";
}

const char* to_string(SourceState state) noexcept {
  switch (state) {
    case SourceState::ok:
      return "ok";
    case SourceState::reconnecting:
      return "reconnecting";
    case SourceState::ended:
      return "ended";
  }
  return "unknown";
}

const char* to_string(ReadStatus status) noexcept {
  switch (status) {
    case ReadStatus::frame:
      return "frame";
    case ReadStatus::timeout:
      return "timeout";
    case ReadStatus::stalled:
      return "stalled";
    case ReadStatus::writer_gone:
      return "writer_gone";
    case ReadStatus::closed:
      return "closed";
  }
  return "unknown";
}

}  // namespace shmvideo
