// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <climits>
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
  /// Leaves out executions that deviate more often than that: go on with another thread though the last one
  /// could, or take another than the first possibility. Whether two orders come to the same is
  /// then not asked, as one of them may deviate too often.
  void set_deviations_max(unsigned most) noexcept { deviations_max_ = most; }
  void begin_execution() noexcept;
  /// Goes to the next unexplored choice. False when there is none.
  bool advance() noexcept;

  /// Which of the threads in the mask `enabled` goes next; `preferred` first, for fewer switches. -1: every
  /// continuation from here was explored in another order.
  int choose_thread(std::uint32_t enabled, int preferred);
  /// What the step of the thread that was chosen last touched.
  void step_done(const Footprint& touched) noexcept;
  /// One of `count` possibilities. `is_free`: none of them deviates.
  unsigned choose(unsigned count, bool is_free = false);

  /// The choices of this execution so far.
  std::string schedule() const;
  std::size_t depth() const noexcept { return depth_; }
  /// How much of the search is behind it, from 0 to 1, if all branches were of one size.
  double progress() const noexcept;

 private:
  struct Node {
    bool is_thread = false;
    unsigned count = 0;  ///< of possibilities
    unsigned taken = 0;  ///< the possibility, or the thread
    std::uint32_t enabled = 0;
    std::uint32_t resting = 0;  ///< threads that need not go first here
    int preferred = -1;         ///< the only one that is no deviation; -1: all are none
    unsigned deviations = 0;    ///< of the execution up to here
    bool is_free = false;
    unsigned before = 0;  ///< of possible threads: how many were explored before this one
    std::array<Footprint, kThreadsMax>
        touched;  ///< of their steps; of explored ones: over all they may choose
  };
  bool take_next_thread(Node& node) noexcept;
  bool is_bounded() const noexcept { return deviations_max_ != UINT_MAX; }
  bool has_deviated(const Node& node) const noexcept {
    return node.is_thread ? node.preferred >= 0 && node.taken != static_cast<unsigned>(node.preferred)
                          : !node.is_free && node.taken != 0;
  }

  std::vector<Node> nodes_;
  std::size_t depth_ = 0;
  std::size_t thread_node_ = 0;
  unsigned deviations_max_ = UINT_MAX;
  unsigned deviations_ = 0;    ///< along the execution
  std::uint32_t resting_ = 0;  ///< along the execution
  std::array<Footprint, kThreadsMax> resting_touched_;
  std::vector<unsigned> given_;
};

}  // namespace scheduler
