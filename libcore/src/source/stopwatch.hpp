// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <utility>

#include "segment/clock.hpp"

namespace shmvideo::source {

/// Adds up what pieces of work take. A plain value.
class Stopwatch {
 public:
  /// Does the work and counts its time; gives what it gives.
  template <typename Work>
  auto time(Work work) noexcept(noexcept(work())) {
    const Running running(*this);
    return work();
  }
  /// The sum, and begins anew.
  std::uint64_t take() noexcept { return std::exchange(sum_ns_, 0); }

 private:
  struct Running {
    explicit Running(Stopwatch& watch) noexcept : owner(watch) {}
    ~Running() { owner.sum_ns_ += monotonic_ns() - began_ns; }
    Running(const Running&) = delete;
    Running& operator=(const Running&) = delete;
    Stopwatch& owner;
    const std::uint64_t began_ns = monotonic_ns();
  };
  std::uint64_t sum_ns_ = 0;
};

}  // namespace shmvideo::source
