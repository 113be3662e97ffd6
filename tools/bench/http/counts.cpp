// SPDX-License-Identifier: Apache-2.0
#include "http/counts.hpp"

#include <time.h>

#include <algorithm>

#include "ledger/clock.hpp"

namespace shmvideo::bench::http {
namespace {

/// Clocks of one machine agree better, and a server may round.
constexpr std::uint64_t kClockTolerance = kMillisecond;

std::uint64_t time_ns(clockid_t clock) noexcept {
  timespec now{};
  ::clock_gettime(clock, &now);
  return static_cast<std::uint64_t>(now.tv_sec) * kSecond + static_cast<std::uint64_t>(now.tv_nsec);
}

struct Capture {
  std::uint64_t at_ns;
  std::uint64_t now_ns;  // by the same clock
};

/// The surest of what the head tells of it.
std::optional<Capture> capture_of(const PartHead& head, const Instant& now) noexcept {
  if (head.captured_raw_ns) return Capture{*head.captured_raw_ns, now.raw_ns};
  if (head.captured_monotonic_ns) return Capture{*head.captured_monotonic_ns, now.monotonic_ns};
  if (head.captured_realtime_ns) return Capture{*head.captured_realtime_ns, now.realtime_ns};
  return std::nullopt;
}

}  // namespace

Instant instant_now() noexcept {
  return {monotonic_ns(), time_ns(CLOCK_REALTIME), time_ns(CLOCK_MONOTONIC_RAW)};
}

void ClientCounts::open_window(std::uint64_t now_ns) {
  is_open_ = true;
  frames_second_ = 0;
  last_ns_ = now_ns;
}

void ClientCounts::close_window(std::uint64_t now_ns) {
  if (is_open_) gaps_.record(now_ns - last_ns_);
  is_open_ = false;
}

void ClientCounts::add_part(const Part& part, const Instant& now, GroupCounts& group) {
  is_last_faulty_ = part.fault != Fault::none;
  if (is_last_faulty_) return add_fault(part.fault);
  if (part.head.number) add_number(*part.head.number);
  if (!is_open_) return;
  ++frames_;
  ++frames_second_;
  group.bytes_second += part.bytes;
  gaps_.record(now.monotonic_ns - last_ns_);
  last_ns_ = now.monotonic_ns;
  add_latency(part.head, now, group);
}

void ClientCounts::add_fault(Fault fault) noexcept {
  // A picture that is no picture and has a wrong length is one that is broken, not two.
  if (fault == Fault::wrong_length && std::exchange(is_last_faulty_, true)) return;
  ++faults_[static_cast<std::size_t>(fault)];
}

void ClientCounts::add_number(std::uint64_t number) noexcept {
  if (last_number_) {
    const std::uint64_t last = *last_number_;
    disordered_ += number < last;
    repeated_ += is_open_ && number == last;
    if (is_open_ && number > last) skipped_ += number - last - 1;
  }
  last_number_ = number;
}

void ClientCounts::add_latency(const PartHead& head, const Instant& now, GroupCounts& group) noexcept {
  const auto capture = capture_of(head, now);
  if (!capture) return;
  if (capture->at_ns > capture->now_ns + kClockTolerance) {
    ++from_future_;
    return;
  }
  const std::uint64_t latency = capture->now_ns - std::min(capture->now_ns, capture->at_ns);
  for (Histogram* histogram : {&latency_, &group.latency, &group.latency_second}) histogram->record(latency);
}

}  // namespace shmvideo::bench::http
