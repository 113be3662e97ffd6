// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <utility>

#include "session/watchdog.hpp"
#include "source/frame_source.hpp"

namespace shmvideo::capture {

/// Makes a source that is not opened yet. Throws Error.
using SourceFactory = std::function<std::unique_ptr<source::FrameSource>()>;

/// How long calls into a source may take; 0: as long as they like.
struct CallLimits {
  std::chrono::nanoseconds open{};
  std::chrono::nanoseconds frame{};  ///< wait() and fill(), and the end of the source
};

/// A place for a source, which is replaced when it is lost. Every call into it is watched.
///
/// Thread-safety: one thread, but for interrupt() and shut().
class SupervisedSource {
 public:
  /// `watchdog` is borrowed.
  SupervisedSource(SourceFactory factory, Watchdog& watchdog) noexcept;
  ~SupervisedSource();

  /// Where the next one comes from.
  void set_factory(SourceFactory factory) noexcept { factory_ = std::move(factory); }
  /// Makes a new one and opens it. Throws like FrameSource::open(). There must be none.
  void open(const CallLimits& limits);
  /// Ends the one that there is. What it does to its device may take its time.
  void retire() noexcept;

  bool is_there() const noexcept { return source_ != nullptr; }

  // As of FrameSource; not after retire().
  const source::SourceDescription& description() const noexcept { return source_->description(); }
  source::WaitStatus wait() noexcept;
  source::FillStatus fill(std::span<std::byte> slot, FrameInfo& info) noexcept;
  std::optional<std::uint64_t> read_ns() const noexcept { return source_->read_ns(); }
  std::string loss() const { return source_->loss(); }
  std::uint64_t skipped() const noexcept { return source_->skipped(); }
  DropCause skip_cause() const noexcept { return source_->skip_cause(); }

  /// What calls may take from now on.
  void set_limits(const CallLimits& limits) noexcept { limits_ = limits; }

  /// From any thread.
  void interrupt() noexcept;
  /// The same, for those that are made later too.
  void shut() noexcept;

 private:
  SourceFactory factory_;
  Watchdog& watchdog_;
  CallLimits limits_;
  std::mutex mutex_;  // guards that source_ stands while others interrupt it, and is_shut_
  std::unique_ptr<source::FrameSource> source_;
  bool is_shut_ = false;
};

}  // namespace shmvideo::capture
