// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>

namespace shmvideo {

/// Which frames of several streams belong together, by their capture times alone. Each stream has one
/// candidate at a time, and its times go up. A candidate that is too old for another stream's can only become
/// too old for what comes after that one as well: so it is always the oldest that goes.
class Pairing {
 public:
  static constexpr std::size_t kMaxStreams = 32;

  /// Streams are numbered from 0.
  explicit Pairing(std::size_t streams) noexcept : streams_(streams) {}
  void offer(std::size_t stream, std::uint64_t capture_ns) noexcept;
  /// The candidate is gone: used, passed over, or lost.
  void drop(std::size_t stream) noexcept;
  bool has(std::size_t stream) const noexcept { return capture_ns_[stream].has_value(); }
  bool is_complete() const noexcept;
  /// With a candidate of each stream: the one that has to go because it lies more than `tolerance_ns` before
  /// the newest; none if all of them belong together.
  std::optional<std::size_t> misfit(std::uint64_t tolerance_ns) const noexcept;

 private:
  std::size_t streams_;
  std::array<std::optional<std::uint64_t>, kMaxStreams> capture_ns_{};
};

}  // namespace shmvideo
