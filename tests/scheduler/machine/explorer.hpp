// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "machine/memory.hpp"

namespace scheduler {

/// Depth-first search over all choices of an execution that is run again from its beginning for each:
/// which thread goes next, and whatever else is asked. Deterministic. Orders of steps that do not depend on
/// each other are explored once (sleep sets: a thread whose step was explored first rests until a step of
/// another depends on it).
class Explorer {
 public:
  /// Follows a schedule that schedule() gave, then takes the first of everything.
  void follow(const std::string& schedule);
  void begin_execution() noexcept;
  /// Goes to the next unexplored choice. False when there is none.
  bool advance() noexcept;

  /// Which of the threads in the mask `enabled` goes next; `preferred` first, for fewer switches. -1: every
  /// continuation from here was explored in another order.
  int choose_thread(std::uint32_t enabled, int preferred);
  /// What the step of the thread that was chosen last touched.
  void step_done(const Footprint& touched) noexcept;
  /// One of `count` possibilities.
  unsigned choose(unsigned count);

  /// The choices of this execution so far.
  std::string schedule() const;
  std::size_t depth() const noexcept { return depth_; }

 private:
  struct Node {
    bool is_thread = false;
    unsigned count = 0;  ///< of possibilities
    unsigned taken = 0;  ///< the possibility, or the thread
    std::uint32_t enabled = 0;
    std::uint32_t resting = 0;  ///< threads that need not go first here
    std::array<Footprint, kThreadsMax>
        touched;  ///< of their steps; of explored ones: over all they may choose
  };
  bool take_next_thread(Node& node, int preferred) noexcept;
  unsigned replayed() noexcept;

  std::vector<Node> nodes_;
  std::size_t depth_ = 0;
  std::size_t thread_node_ = 0;
  std::uint32_t resting_ = 0;  ///< along the execution
  std::array<Footprint, kThreadsMax> resting_touched_;
  std::vector<unsigned> given_;
};

}  // namespace scheduler
