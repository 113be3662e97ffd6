// SPDX-License-Identifier: Apache-2.0
#include "transport/pairing.hpp"

namespace shmvideo {

void Pairing::offer(std::size_t stream, std::uint64_t capture_ns) noexcept {
  capture_ns_[stream] = capture_ns;
}

void Pairing::drop(std::size_t stream) noexcept { capture_ns_[stream].reset(); }

bool Pairing::is_complete() const noexcept {
  for (std::size_t i = 0; i < streams_; ++i)
    if (!has(i)) return false;
  return true;
}

std::optional<std::size_t> Pairing::misfit(std::uint64_t tolerance_ns) const noexcept {
  std::size_t oldest = 0;
  std::size_t newest = 0;
  for (std::size_t i = 1; i < streams_; ++i) {
    if (*capture_ns_[i] < *capture_ns_[oldest]) oldest = i;
    if (*capture_ns_[i] > *capture_ns_[newest]) newest = i;
  }
  if (*capture_ns_[newest] - *capture_ns_[oldest] <= tolerance_ns) return std::nullopt;
  return oldest;
}

}  // namespace shmvideo
