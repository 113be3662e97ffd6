// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <exception>
#include <functional>
#include <mutex>
#include <string>
#include <thread>

#include "sink/events.hpp"
#include "sink/recording/frame_pool.hpp"
#include "sink/recording/frame_taker.hpp"
#include "sink/recording/recording_files.hpp"

namespace shmvideo::sink {

struct RecorderOptions {
  TakingOptions taking;
  FileOptions files;
  std::uint64_t queue_bytes = 128U << 20U;
};

struct RecordingProgress {
  TakingStatistics taking;
  std::uint64_t frames = 0;  ///< written
  std::uint64_t bytes = 0;
  unsigned files = 0;
  std::uint64_t abandoned = 0;  ///< taken, but not written in time when it was to end
};

/// A recording: a thread that takes frames from a segment, a bounded queue, and a thread that encodes and
/// writes, so that neither waits for the other before the queue is full.
class Recorder {
 public:
  /// `on_end` is called once, on a thread of the recorder's, when it has ended by itself or after stop().
  Recorder(RecorderOptions options, EventLog log, std::function<void()> on_end);
  /// Waits for both threads.
  ~Recorder();
  Recorder(const Recorder&) = delete;
  Recorder& operator=(const Recorder&) = delete;

  void start();
  /// Nothing is taken any more; what was taken is still written.
  void stop() noexcept;
  /// What is still in the queue is dropped, the file is finished.
  void hurry() noexcept { is_hurried_ = true; }
  /// Whether all is written and closed; waits up to `timeout` for it.
  bool wait_for_end(std::chrono::nanoseconds timeout);
  RecordingProgress progress() const noexcept;
  /// For people. After the end only.
  const std::string& last_file() const noexcept { return files_.current_name(); }
  /// Throws what went wrong. After the end only.
  void rethrow_failure() const;

 private:
  void take_all() noexcept;
  void write_all() noexcept;
  void write_queue();

  FramePool pool_;
  FrameTaker taker_;
  RecordingFiles files_;
  std::function<void()> on_end_;
  std::atomic<bool> is_hurried_{false};
  std::atomic<std::uint64_t> abandoned_{0};
  std::exception_ptr taking_failure_;
  std::exception_ptr writing_failure_;
  mutable std::mutex mutex_;
  std::condition_variable has_ended_;
  bool is_over_ = false;
  std::thread taking_;
  std::thread writing_;
};

}  // namespace shmvideo::sink
