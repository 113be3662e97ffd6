// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace shmvideo::toolkit {

/// Tells an event loop that the terminal's window changed its size. Made by the main thread before it
/// starts others (SIGWINCH is blocked in it and in those it starts later). Throws Error(system).
class ResizeSignal {
 public:
  ResizeSignal();
  ~ResizeSignal();
  ResizeSignal(const ResizeSignal&) = delete;
  ResizeSignal& operator=(const ResizeSignal&) = delete;

  int fd() const noexcept { return descriptor_; }  ///< readable after a change, until clear()
  void clear() noexcept;

 private:
  int descriptor_;
};

}  // namespace shmvideo::toolkit
