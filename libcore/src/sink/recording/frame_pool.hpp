// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <vector>

#include "sink/recording/recorded_frame.hpp"

namespace shmvideo::sink {

/// Frames between the thread that takes them and the one that writes them: a queue in order, and the
/// empty ones for it. Their memory is bounded, and so is what may wait. Thread-safe.
class FramePool {
 public:
  /// `bytes` in all, but never fewer than kFewest frames.
  explicit FramePool(std::uint64_t bytes) noexcept : bytes_(bytes) {}

  /// An empty frame with room for `payload_bytes`; waits up to `timeout` for one. Null if all are in use,
  /// or memory ran out. `had_to_wait` becomes true if it had to.
  RecordedFrame* take_empty(std::size_t payload_bytes, std::chrono::nanoseconds timeout, bool* had_to_wait);
  void give_back(RecordedFrame* empty);
  void push(RecordedFrame* full);
  /// The oldest of the queue; waits for one. Null once end() was called and the queue is empty.
  RecordedFrame* pop();
  /// Nothing will be pushed any more.
  void end();
  /// Those who wait in take_empty() get none, now and later.
  void refuse();
  std::size_t waiting() const;

 private:
  static constexpr std::size_t kFewest = 4;
  static constexpr std::size_t kMost = 256;

  std::size_t frames_allowed() const noexcept;
  RecordedFrame* find_empty();

  const std::uint64_t bytes_;
  mutable std::mutex mutex_;
  std::condition_variable has_empty_;
  std::condition_variable has_full_;
  std::size_t frame_bytes_ = 1;  // what each has room for
  std::vector<std::unique_ptr<RecordedFrame>> frames_;
  std::vector<RecordedFrame*> empty_;
  std::deque<RecordedFrame*> full_;
  bool is_over_ = false;
  bool is_refused_ = false;
};

}  // namespace shmvideo::sink
