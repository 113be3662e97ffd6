// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <ucontext.h>

#include <cstddef>
#include <functional>

namespace scheduler {

/// A thread of the program under test, run by hand: it goes on when told to, until it says pause(). Not
/// movable, and made outside of executions; its stack is used again.
class Fiber {
 public:
  Fiber();
  ~Fiber();
  Fiber(const Fiber&) = delete;
  Fiber& operator=(const Fiber&) = delete;

  /// From the beginning, at the next resume(). `body` must not end; its last act is a pause() for ever.
  void start(const std::function<void()>* body);
  /// Runs it until it pauses. Called by whoever is no fiber, or is another.
  void resume() noexcept;
  void pause() noexcept;

  /// Keeps the state of a paused fiber, stack and all, and brings it back.
  void save();
  void restore() noexcept;

 private:
  static void enter(unsigned low, unsigned high);
  static constexpr std::size_t kStackBytes = 256U << 10;
  static constexpr std::size_t kSavedBytes = 32U << 10;  ///< of the stack: those in use when it pauses
  unsigned char* stack_;
  unsigned char* saved_stack_ = nullptr;
  const std::function<void()>* body_ = nullptr;
  ucontext_t context_{};
  ucontext_t caller_{};
  ucontext_t saved_{};
};

}  // namespace scheduler
