// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>

#include "toolkit/log.hpp"
#include "toolkit/progress_line.hpp"
#include "verdict/result.hpp"

namespace shmvideo::bench {

/// Tells how a run goes: on a terminal by one line that is written over, else by messages.
class Progress {
 public:
  explicit Progress(toolkit::Log& log) : log_(log), line_(log) {}
  std::uint64_t interval_ns(const std::optional<std::chrono::nanoseconds>& asked) const;
  void show(const Result& result);
  /// Takes the line away, so that others can write.
  void clear() noexcept { line_.clear(); }

 private:
  toolkit::Log& log_;
  toolkit::ProgressLine line_;
};

}  // namespace shmvideo::bench
