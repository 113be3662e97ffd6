// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <exception>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>

#include "shmvideo/writer.hpp"
#include "source/frame_source.hpp"
#include "statistics.hpp"
#include "toolkit/log.hpp"

namespace shmvideo::capture {

struct SessionConfig {
  SegmentName name;
  WriterOptions writer;  ///< stream, capacity and source are filled in when the source is open
  std::optional<std::uint64_t> count;
};

enum class Outcome {
  running,
  stopped,  ///< it was told to
  counted,  ///< as many frames as asked for were published
  ended,    ///< the source is at its end
  lost,     ///< the source does not deliver any more
};

/// One source feeding one segment, in a thread of its own: a library call that hangs must not keep the
/// process from stopping. From opening the source on, everything may take long; stop() does not.
///
/// What is published goes through a gate, which stop() shuts: beyond it nothing touches the segment.
/// Thread-safe, but for start() and stop(), which belong to one thread.
class CaptureSession {
 public:
  /// `on_end` is called once, from the session's thread, when it is over for whatever reason.
  CaptureSession(std::unique_ptr<source::FrameSource> source, SessionConfig config, toolkit::Log& log,
                 std::function<void()> on_end);
  ~CaptureSession();
  CaptureSession(const CaptureSession&) = delete;
  CaptureSession& operator=(const CaptureSession&) = delete;

  void start();
  /// Ends it: the segment is closed and gone when this returns. False when the thread hangs in a
  /// library all the same: this object cannot be destroyed then, nor can the process end by
  /// returning from main().
  bool stop();

  /// When the segment was made; nothing before.
  std::optional<std::chrono::steady_clock::time_point> started_at() const;
  Progress progress() const;
  /// How it ended. Throws what ended it (Error).
  Outcome outcome() const;

 private:
  void run() noexcept;
  bool open();
  Outcome publish_all();
  bool publish_one();
  bool deliver_one();
  void count_skipped();
  void tell_start() const;
  void close_segment() noexcept;

  const std::unique_ptr<source::FrameSource> source_;
  SessionConfig config_;
  toolkit::Log& log_;
  const std::function<void()> on_end_;

  std::mutex gate_;  // held while frames go through; guards is_shut_ and the use of writer_
  bool is_shut_ = false;

  mutable std::mutex state_mutex_;  // guards what follows; taken after the gate
  std::condition_variable state_changed_;
  std::unique_ptr<Writer> writer_;  // stays when it is closed, for its statistics
  std::optional<std::chrono::steady_clock::time_point> started_at_;
  bool is_over_ = false;
  Outcome outcome_ = Outcome::running;
  std::exception_ptr failure_;

  std::atomic<std::uint64_t> captured_{0};
  std::uint64_t skipped_ = 0;  // by the source, as counted so far; the session's thread only
  std::atomic<bool> is_stopping_{false};
  std::thread thread_;
};

}  // namespace shmvideo::capture
