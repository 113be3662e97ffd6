// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>

#include "http/part_reader.hpp"
#include "ledger/histogram.hpp"

namespace shmvideo::bench::http {

enum class ErrorKind : std::uint8_t {
  connect,    ///< no connection
  timeout,    ///< no connection, or no answer, in time
  status,     ///< an answer other than 200
  closed,     ///< the stream ended
  malformed,  ///< what came makes no sense
};
constexpr std::size_t kErrorKinds = 5;

/// What all clients of one kind got, beside their own counts.
struct GroupCounts {
  Histogram latency;         ///< in the window
  Histogram latency_second;  ///< since the second began
  std::uint64_t bytes_second = 0;
};

struct Instant {
  std::uint64_t monotonic_ns = 0;
  std::uint64_t realtime_ns = 0;
  std::uint64_t raw_ns = 0;  ///< CLOCK_MONOTONIC_RAW
};
Instant instant_now() noexcept;

/// What one client got. Mistakes count from the beginning, all else while the window is open. Fixed memory.
class ClientCounts {
 public:
  void open_window(std::uint64_t now_ns);
  /// The time since the last picture is a gap, too.
  void close_window(std::uint64_t now_ns);

  void add_part(const Part& part, const Instant& now, GroupCounts& group);
  void add_bytes(std::uint64_t bytes) noexcept { bytes_ += is_open_ ? bytes : 0; }
  void add_wrong_length() noexcept { add_fault(Fault::wrong_length); }
  void add_error(ErrorKind kind) noexcept { ++errors_[static_cast<std::size_t>(kind)]; }
  /// A new one: frames are numbered anew, as the server may be another one.
  void add_connection() noexcept {
    ++connections_;
    last_number_.reset();
  }
  void add_hang_up() noexcept { ++hang_ups_; }
  /// Pictures since this was asked last.
  std::uint32_t take_second() noexcept { return std::exchange(frames_second_, 0); }

  std::uint64_t frames() const noexcept { return frames_; }
  std::uint64_t bytes() const noexcept { return bytes_; }
  std::uint64_t skipped() const noexcept { return skipped_; }
  std::uint64_t repeated() const noexcept { return repeated_; }
  std::uint64_t disordered() const noexcept { return disordered_; }
  std::uint64_t from_future() const noexcept { return from_future_; }
  std::uint64_t connections() const noexcept { return connections_; }
  std::uint64_t hang_ups() const noexcept { return hang_ups_; }
  const std::array<std::uint64_t, kErrorKinds>& errors() const noexcept { return errors_; }
  const std::array<std::uint64_t, kFaults>& faults() const noexcept { return faults_; }
  const Histogram& latency() const noexcept { return latency_; }
  /// From one picture to the next.
  const Histogram& gaps() const noexcept { return gaps_; }

 private:
  void add_fault(Fault fault) noexcept;
  void add_number(std::uint64_t number) noexcept;
  void add_latency(const PartHead& head, const Instant& now, GroupCounts& group) noexcept;

  bool is_open_ = false;
  std::uint64_t frames_ = 0;
  std::uint64_t bytes_ = 0;
  std::uint64_t skipped_ = 0;
  std::uint64_t repeated_ = 0;
  std::uint64_t disordered_ = 0;
  std::uint64_t from_future_ = 0;
  std::uint64_t connections_ = 0;
  std::uint64_t hang_ups_ = 0;
  std::uint32_t frames_second_ = 0;
  bool is_last_faulty_ = false;
  std::optional<std::uint64_t> last_number_;
  std::uint64_t last_ns_ = 0;  // of a picture, else of the window's beginning
  std::array<std::uint64_t, kErrorKinds> errors_{};
  std::array<std::uint64_t, kFaults> faults_{};
  Histogram latency_;
  Histogram gaps_;
};

}  // namespace shmvideo::bench::http
