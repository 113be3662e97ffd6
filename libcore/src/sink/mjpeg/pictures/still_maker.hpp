// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>
#include <utility>

#include "sink/mjpeg/pictures/task_runner.hpp"

namespace shmvideo::sink {

/// Keeps the last frame of a lost writer: on an encoder's thread, as a large one takes longer than the loop
/// may. All calls on the loop's thread; lives as long as the runner runs.
class StillMaker final : public EncodeTask {
 public:
  /// Null: nothing can be shown of that frame.
  using OnMade = std::function<void(std::shared_ptr<const KeptFrame>)>;
  StillMaker(TaskRunner& runner, OnMade on_made) : runner_(runner), on_made_(std::move(on_made)) {}

  /// Keeps `frame` held until on_made is called, or forget().
  void make(std::shared_ptr<const Frame> frame) {
    wanted_ = std::move(frame);
    if (!std::exchange(is_busy_, true)) runner_.submit(*this);
  }
  void forget() noexcept { wanted_.reset(); }

  bool prepare() override {
    frame_ = std::exchange(wanted_, nullptr);
    return is_busy_ = frame_ != nullptr;
  }
  void work(FrameEncoder& encoder) noexcept override { kept_ = encoder.keep(*frame_); }
  void finish() override {
    is_busy_ = false;
    frame_.reset();
    auto kept = std::exchange(kept_, nullptr);
    if (wanted_) return make(std::exchange(wanted_, nullptr));
    on_made_(std::move(kept));
  }

 private:
  TaskRunner& runner_;
  OnMade on_made_;
  std::shared_ptr<const Frame> wanted_;
  bool is_busy_ = false;
  // The encoder thread's while it works.
  std::shared_ptr<const Frame> frame_;
  std::shared_ptr<const KeptFrame> kept_;
};

}  // namespace shmvideo::sink
