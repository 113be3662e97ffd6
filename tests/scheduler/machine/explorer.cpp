// SPDX-License-Identifier: Apache-2.0
#include "machine/explorer.hpp"

#include <cstdio>
#include <cstdlib>
#include <sstream>

namespace scheduler {
namespace {

[[noreturn]] void fail(const char* why) {
  std::fprintf(stderr, "scheduler: %s\n", why);
  std::abort();
}

}  // namespace

void Explorer::follow(const std::string& schedule) {
  std::istringstream in(schedule);
  for (std::string number; std::getline(in, number, '.');)
    given_.push_back(static_cast<unsigned>(std::strtoul(number.c_str(), nullptr, 10)));
}

void Explorer::begin_execution() noexcept {
  depth_ = 0;
  resting_ = 0;
  deviations_ = 0;
}

bool Explorer::take_next_thread(Node& node) noexcept {
  std::uint32_t open = node.enabled & ~node.resting;
  if (node.preferred >= 0 && node.deviations >= deviations_max_) open &= 1U << node.preferred;
  if (!open) return false;
  if (node.preferred >= 0 && open >> node.preferred & 1)
    node.taken = static_cast<unsigned>(node.preferred);
  else
    node.taken = static_cast<unsigned>(__builtin_ctz(open));
  return true;
}

int Explorer::choose_thread(std::uint32_t enabled, int preferred) {
  if (depth_ == nodes_.size()) {
    Node node;
    node.is_thread = true;
    node.enabled = enabled;
    node.resting = resting_;
    node.touched = resting_touched_;
    node.preferred = preferred >= 0 && enabled >> preferred & 1 ? preferred : -1;
    node.deviations = deviations_;
    if (depth_ < given_.size())
      node.taken = given_[depth_];
    else if (!take_next_thread(node))
      return -1;
    if (!(enabled >> node.taken & 1)) fail("this schedule is of another program (a thread that cannot go)");
    nodes_.push_back(node);
  }
  const Node& node = nodes_[depth_];
  if (!node.is_thread || node.enabled != enabled) fail("an execution does not repeat (threads)");
  thread_node_ = depth_++;
  deviations_ += has_deviated(node);
  return static_cast<int>(node.taken);
}

void Explorer::step_done(const Footprint& touched) noexcept {
  Node& node = nodes_[thread_node_];
  node.touched[node.taken].add(touched);
  resting_ = 0;
  if (is_bounded()) return;
  for (unsigned thread = 0; thread < kThreadsMax; ++thread) {
    if (!(node.resting >> thread & 1) || thread == node.taken) continue;
    if (!node.touched[thread].covers_going_after(touched)) continue;
    resting_ |= 1U << thread;
    resting_touched_[thread] = node.touched[thread];
  }
}

unsigned Explorer::choose(unsigned count, bool is_free) {
  if (count < 2) return 0;
  if (depth_ == nodes_.size()) {
    Node node;
    node.count = count;
    node.is_free = is_free;
    node.deviations = deviations_;
    node.taken = depth_ < given_.size() ? given_[depth_] : 0;
    if (node.taken >= count) fail("this schedule is of another program (a choice that there is not)");
    nodes_.push_back(node);
  }
  const Node& node = nodes_[depth_];
  if (node.is_thread || node.count != count) fail("an execution does not repeat (choices)");
  ++depth_;
  deviations_ += has_deviated(node);
  return node.taken;
}

bool Explorer::advance() noexcept {
  // What an execution that was cut short did not reach is of no node.
  while (nodes_.size() > depth_) nodes_.pop_back();
  while (!nodes_.empty()) {
    Node& node = nodes_.back();
    if (node.is_thread) {
      node.resting |= 1U << node.taken;
      ++node.before;
      if (take_next_thread(node)) {
        node.touched[node.taken] = {};
        return true;
      }
    } else if ((node.is_free || node.deviations < deviations_max_) && ++node.taken < node.count) {
      return true;
    }
    nodes_.pop_back();
  }
  return false;
}

double Explorer::progress() const noexcept {
  double done = 0, share = 1;
  for (const Node& node : nodes_) {
    const unsigned open = static_cast<unsigned>(__builtin_popcount(node.enabled & ~node.resting));
    const bool is_at_bound = node.deviations >= deviations_max_ && !node.is_free;
    const double branches = is_at_bound ? 1 : node.is_thread ? node.before + open : node.count;
    done += share * (node.is_thread ? node.before : node.taken) / branches;
    share /= branches;
  }
  return done;
}

std::string Explorer::schedule() const {
  std::string text;
  for (std::size_t i = 0; i < depth_; ++i) text += (i ? "." : "") + std::to_string(nodes_[i].taken);
  return text;
}

}  // namespace scheduler
