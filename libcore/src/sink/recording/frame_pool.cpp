// SPDX-License-Identifier: Apache-2.0
#include "sink/recording/frame_pool.hpp"

#include <algorithm>

namespace shmvideo::sink {
namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

/// How often to look whether an encoder has let go of a frame that it was given.
constexpr auto kLookInterval = 5ms;

}  // namespace

std::size_t FramePool::frames_allowed() const noexcept {
  return std::clamp<std::size_t>(bytes_ / frame_bytes_, kFewest, kMost);
}

/// One that nobody else refers to, new if there may be more.
RecordedFrame* FramePool::find_empty() {
  // After larger frames came, there may be more than there should: what is empty goes first.
  while (frames_.size() > frames_allowed() && !empty_.empty()) {
    std::erase_if(frames_, [this](const auto& frame) { return frame.get() == empty_.back(); });
    empty_.pop_back();
  }
  const auto found =
      std::ranges::find_if(empty_, [](const RecordedFrame* f) { return f->memory.is_ours_alone(); });
  if (found != empty_.end()) {
    RecordedFrame* frame = *found;
    empty_.erase(found);
    return frame;
  }
  if (frames_.size() >= frames_allowed()) return nullptr;
  frames_.push_back(std::make_unique<RecordedFrame>());
  return frames_.back().get();
}

RecordedFrame* FramePool::take_empty(std::size_t payload_bytes, std::chrono::nanoseconds timeout,
                                     bool* had_to_wait) {
  const auto deadline = Clock::now() + timeout;
  RecordedFrame* frame = nullptr;
  {
    std::unique_lock lock(mutex_);
    frame_bytes_ = std::max(frame_bytes_, payload_bytes);
    while (!is_refused_ && (frame = find_empty()) == nullptr) {
      *had_to_wait = true;
      if (Clock::now() >= deadline) return nullptr;
      has_empty_.wait_for(lock, empty_.empty() ? deadline - Clock::now() : Clock::duration(kLookInterval));
    }
    if (is_refused_) return nullptr;
  }
  if (frame->memory.reserve(frame_bytes_)) return frame;
  give_back(frame);
  return nullptr;
}

void FramePool::give_back(RecordedFrame* empty) {
  const std::lock_guard lock(mutex_);
  empty_.push_back(empty);
  has_empty_.notify_one();
}

void FramePool::push(RecordedFrame* full) {
  const std::lock_guard lock(mutex_);
  full_.push_back(full);
  has_full_.notify_one();
}

RecordedFrame* FramePool::pop() {
  std::unique_lock lock(mutex_);
  has_full_.wait(lock, [this] { return is_over_ || !full_.empty(); });
  if (full_.empty()) return nullptr;
  RecordedFrame* frame = full_.front();
  full_.pop_front();
  return frame;
}

void FramePool::end() {
  const std::lock_guard lock(mutex_);
  is_over_ = true;
  has_full_.notify_all();
}

void FramePool::refuse() {
  const std::lock_guard lock(mutex_);
  is_refused_ = true;
  has_empty_.notify_all();
}

std::size_t FramePool::waiting() const {
  const std::lock_guard lock(mutex_);
  return full_.size();
}

}  // namespace shmvideo::sink
