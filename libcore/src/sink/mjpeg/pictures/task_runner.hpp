// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sink/mjpeg/pictures/frame_encoder.hpp"

namespace shmvideo::sink {

/// Work for an encoder thread, in three steps, so that only the middle one needs to mind threads.
class EncodeTask {
 public:
  virtual ~EncodeTask() = default;
  /// On the loop's thread, when a thread is free to work: the time to choose the newest frame.
  /// False: there is nothing to do any more; neither of the others is called.
  virtual bool prepare() = 0;
  /// On a thread of the pool. Must not throw.
  virtual void work(FrameEncoder& encoder) noexcept = 0;
  /// On the loop's thread, afterwards. May submit itself again.
  virtual void finish() = 0;
};

/// Runs tasks, first come first served. A task is submitted once at a time, and outlives its run.
class TaskRunner {
 public:
  virtual ~TaskRunner() = default;
  virtual void submit(EncodeTask& task) = 0;
  /// How short of processor time those who run tasks are, see Pressure.
  virtual int pressure_level() const noexcept { return 0; }
};

}  // namespace shmvideo::sink
