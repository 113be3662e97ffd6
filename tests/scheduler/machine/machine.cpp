// SPDX-License-Identifier: Apache-2.0
// Executions: threads by turns, and what ends them. What a thread does is in operations.cpp.
#include "machine/machine.hpp"

#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <ctime>

#include "machine/arena.hpp"

namespace scheduler {
namespace {

/// One execution never comes near; a loop without end does.
constexpr std::uint64_t kExecutionStepsMax = 20000;

}  // namespace

Machine& Machine::get() {
  static Machine machine;
  return machine;
}

void Machine::set_up(const std::function<void()>& set_up) {
  for (auto& fiber : fibers_)
    if (!fiber) fiber = std::make_unique<Fiber>();
  timespec now{};
  ::clock_gettime(CLOCK_MONOTONIC, &now);
  now_ns_ = static_cast<std::uint64_t>(now.tv_sec) * 1'000'000'000U;
  is_setting_up_ = true;
  {
    const arena::Inside inside;
    set_up();
  }
  is_setting_up_ = false;
  first_fd_ = ::dup(STDERR_FILENO);
  ::close(first_fd_);
  arena::save();
  addresses_.save();
  saved_threads_ = threads_;
  for (unsigned i = 0; i < kThreadsMax; ++i)
    if (threads_[i].state != Thread::State::unused) fibers_[i]->save();
}

void Machine::begin() {
  arena::restore();
  ::close_range(static_cast<unsigned>(first_fd_), ~0U, 0);
  addresses_.restore();
  memory_.reset();
  explorer_.begin_execution();
  threads_ = saved_threads_;
  queue_.clear();
  for (unsigned i = 0; i < kThreadsMax; ++i) {
    if (threads_[i].state == Thread::State::unused) continue;
    fibers_[i]->restore();
    queue_.push_back(i);
  }
  dead_processes_ = marked_processes_ = 0;
  execution_steps_ = 0;
  violation_.clear();
  last_read_.clear();
  scenario_->begin();
}

/// Nothing gets out of a thread.
void Machine::call(const std::function<void()>& body) {
  std::string thrown;
  try {
    return body();
  } catch (const std::exception& error) {
    thrown = error.what();
  }
  violation("a thread throws: " + thrown);
}

/// True if it came to its end, false if it was cut off.
bool Machine::execute() {
  const std::uint64_t began_ns = now_ns_;
  begin();
  unsigned next = 0;
  std::uint32_t of_scenario = 0;
  for (const Scenario::ThreadPlan& plan : scenario_->threads) {
    while (threads_[next].state != Thread::State::unused) ++next;
    Thread& thread = threads_[next] = {};
    thread.state = Thread::State::ready;
    thread.name = plan.name;
    thread.process = plan.process;
    thread.death = plan.death;
    thread.must_not_block = plan.must_not_block;
    bodies_[next] = [this, &plan] {
      {
        const arena::Inside inside;
        call(plan.body);
      }
      finish();
    };
    fibers_[next]->start(&bodies_[next]);
    if (plan.after_death_of >= 0) {
      thread.state = Thread::State::blocked;
      thread.is_background = true;
      thread.is_after_lock = plan.is_after_lock;
      thread.joins = kJoinsDeath + plan.after_death_of;
    } else {
      of_scenario |= 1U << next;
    }
  }
  is_executing_ = true;
  // Up to the first thing that others could come before.
  for (unsigned i = 0; i < kThreadsMax; ++i)
    if (of_scenario >> i & 1) resume(i);
  const bool complete = rest();
  is_executing_ = false;
  if (complete && violation_.empty() && scenario_->end) scenario_->end();
  now_ns_ = began_ns;
  return complete;
}

bool Machine::rest() {
  for (int last = -1; violation_.empty();) {
    std::uint32_t ready = 0;
    bool is_somebody_asleep = false;
    for (unsigned i = 0; i < kThreadsMax; ++i) {
      if (threads_[i].state == Thread::State::ready) ready |= 1U << i;
      is_somebody_asleep |= threads_[i].state == Thread::State::blocked && !threads_[i].is_background;
    }
    if (!ready) {
      if (!is_somebody_asleep) return true;
      if (scenario_->quiescent) scenario_->quiescent();
      if (violation_.empty()) let_time_pass();
      last = -1;
      continue;
    }
    const int chosen = explorer_.choose_thread(ready, last);
    if (chosen < 0) return false;
    touched_ = {};
    resume(static_cast<unsigned>(chosen));
    explorer_.step_done(touched_);
    last = chosen;
  }
  return true;
}

void Machine::let_time_pass() {
  unsigned first = kThreadsMax;
  for (unsigned i = 0; i < kThreadsMax; ++i)
    if (threads_[i].state == Thread::State::blocked && !threads_[i].is_background &&
        (first == kThreadsMax || threads_[i].deadline_ns < threads_[first].deadline_ns))
      first = i;
  now_ns_ = std::max(now_ns_, threads_[first].deadline_ns);
  threads_[first].timed_out = true;
  threads_[first].state = Thread::State::ready;
  std::erase(queue_, first);
  if (is_tracing_) std::printf("   (time passes; %s's sleep ends)\n", threads_[first].name);
}

void Machine::resume(unsigned thread) {
  const int before = current_;
  current_ = static_cast<int>(thread);
  {
    const arena::Inside outside(false);
    fibers_[thread]->resume();
  }
  current_ = before;
}

void Machine::pause() {
  const auto me = static_cast<unsigned>(current_);
  const arena::Inside outside(false);
  fibers_[me]->pause();
}

void Machine::finish() {
  touched_.writes.set(own_queue());
  threads_[current_].state = Thread::State::finished;
  // Who waits for this one to end goes on.
  for (Thread& thread : threads_)
    if (thread.state == Thread::State::blocked && thread.joins == current_) {
      thread.joins = -1;
      thread.state = Thread::State::ready;
    }
  for (;;) pause();
}

Result Machine::explore(const Scenario& scenario, const Mutation& mutation, std::uint64_t executions_max,
                        unsigned deviations_max) {
  scenario_ = &scenario;
  mutation_ = mutation;
  is_mutation_met_ = false;
  explorer_ = {};
  explorer_.set_deviations_max(deviations_max);
  steps_ = 0;
  Result result;
  for (;;) {
    ++(execute() ? result.executions : result.redundant);
    if (!violation_.empty()) {
      result.violation = violation_;
      result.schedule = explorer_.schedule();
      break;
    }
    if (!explorer_.advance()) {
      result.complete = true;
      break;
    }
    if (result.executions + result.redundant >= executions_max) break;
  }
  result.steps = steps_;
  result.progress = explorer_.progress();
  result.is_mutation_met = is_mutation_met_;
  return result;
}

std::string Machine::replay(const Scenario& scenario, const Mutation& mutation, const std::string& schedule) {
  scenario_ = &scenario;
  mutation_ = mutation;
  explorer_ = {};
  explorer_.follow(schedule);
  is_tracing_ = true;
  execute();
  is_tracing_ = false;
  return violation_;
}

void Machine::violation(const std::string& what) {
  if (violation_.empty()) violation_ = what;
  // An execution that is over: its threads are not gone on with.
  if (current_ < 0) throw Violated();
  threads_[current_].state = Thread::State::finished;
  for (;;) pause();
}

void Machine::count_step() {
  ++steps_;
  if (++execution_steps_ > kExecutionStepsMax)
    violation("an execution does not end: " + std::string(threads_[current_].name) + " goes on and on");
}

}  // namespace scheduler
