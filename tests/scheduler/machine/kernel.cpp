// SPDX-License-Identifier: Apache-2.0
// What the kernel does for the threads of an execution: NAME.readers, sleeping and waking, threads, death.
#include <linux/futex.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <iterator>

#include "machine/arena.hpp"
#include "machine/machine.hpp"
#include "shmvideo/layout.h"

namespace scheduler {

void Machine::file_read(std::size_t offset, std::size_t bytes, unsigned char* to) {
  const arena::Inside outside(false);
  const auto me = static_cast<unsigned>(current_);
  const bool repeats = mutation_.effect == Mutation::Effect::no_second_look && !last_read_.empty() &&
                       last_read_.size() == bytes && is_behind_fence_;
  if (scenario_->file_order != FileOrder::relaxed) before_synchronising();
  if (scenario_->file_order == FileOrder::fenced) memory_.fence(me, Order::sequential);
  for (std::size_t at = 0; at + 8 <= bytes; at += 8) {
    const auto location = addresses_.find_in_readers(offset + at);
    if (!location) continue;
    std::uint64_t value = 0;
    std::memcpy(&value, to + at, 8);
    if (!memory_.is_known(*location)) memory_.introduce(*location, value);
    if (scenario_->file_order == FileOrder::relaxed) {
      before_load();
      value = load_word(*location, Order::relaxed);
    } else {
      touched_.reads.set(*location);
      value = memory_.load(me, *location, 0, Order::relaxed);
    }
    std::memcpy(to + at, &value, 8);
    say("pread", *location, value, "");
  }
  if (scenario_->file_order == FileOrder::fenced) memory_.fence(me, Order::sequential);
  if (repeats) {
    is_mutation_met_ = true;
    std::memcpy(to, last_read_.data(), bytes);
  }
  if (threads_[me].must_not_block) last_read_.assign(to, to + bytes);
  is_behind_fence_ = false;
}

void Machine::file_write(std::size_t offset, std::size_t bytes, const unsigned char* from) {
  const arena::Inside outside(false);
  const auto me = static_cast<unsigned>(current_);
  const bool is_relaxed = scenario_->file_order == FileOrder::relaxed;
  if (!is_relaxed) before_synchronising();
  if (scenario_->file_order == FileOrder::fenced) memory_.fence(me, Order::sequential);
  for (std::size_t at = 0; at + 8 <= bytes; at += 8) {
    const auto location = addresses_.find_in_readers(offset + at);
    if (!location) continue;
    std::uint64_t value = 0;
    std::memcpy(&value, from + at, 8);
    if (!memory_.is_known(*location)) memory_.introduce(*location, real_file_word(offset + at));
    if (is_relaxed) before_effect();
    touched_.writes.set(*location);
    memory_.store(me, *location, value, Order::relaxed);
    say("pwrite", *location, value, "");
  }
  if (scenario_->file_order == FileOrder::fenced) memory_.fence(me, Order::sequential);
}

void Machine::set_readers_file(const std::string& path) {
  const arena::Inside outside(false);
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0) throw Violated();
  readers_inode_ = status.st_ino;
  std::ifstream in(path, std::ios::binary);
  readers_file_.assign(std::istreambuf_iterator<char>(in), {});
}

std::uint64_t Machine::real_file_word(std::size_t offset) const noexcept {
  std::uint64_t value = 0;
  if (offset + 8 <= readers_file_.size()) std::memcpy(&value, readers_file_.data() + offset, 8);
  return value;
}

void Machine::overlay_segment(std::uint64_t inode, std::size_t offset, std::size_t bytes, unsigned char* to) {
  const arena::Inside outside(false);
  for (std::size_t at = offset % 4 ? 4 - offset % 4 : 0; at + 4 <= bytes; at += 4) {
    const auto word = addresses_.find_in_segment(inode, offset + at);
    if (!word || !memory_.is_known(word->location)) continue;
    if (!word->is_futex && mutation_.effect == Mutation::Effect::stale_predecessor) {
      is_mutation_met_ = true;
      continue;
    }
    touched_.reads.set(word->location);
    const std::uint64_t value = memory_.newest(word->location);
    std::memcpy(to + at, &value, word->is_futex ? 4 : 8);
  }
}

void Machine::write_segment(std::uint64_t inode, std::size_t offset, std::uint32_t value) {
  const arena::Inside outside(false);
  const auto word = addresses_.find_in_segment(inode, offset);
  if (!word) return;
  before_synchronising();
  touched_.writes.set(word->location);
  // Whether a system call orders anything is not relied on: relaxed.
  memory_.store(static_cast<unsigned>(current_), word->location, value, Order::relaxed);
  say("pwrite", word->location, value, "");
}

int Machine::futex_wait(const SleepWords& on, std::uint64_t deadline_ns) {
  const arena::Inside outside(false);
  const auto me = static_cast<unsigned>(current_);
  if (is_executing_) before_synchronising();
  // The kernel compares under the lock of its queue, which who wakes has to take after the store: as if
  // comparing the newest value and lying down were one.
  for (std::size_t i = 0; i < on.count; ++i) {
    const auto word = is_executing_ ? addresses_.find(on.words[i]) : std::nullopt;
    std::uint64_t value = *on.words[i];
    touched_.writes.set(word ? kFutexQueues : own_queue());
    if (word) {
      const std::size_t location = known(*word, on.words[i], 4);
      touched_.reads.set(location);
      value = memory_.load(me, location, 0, Order::relaxed);
      say("futex_wait", location, value, "");
    }
    if (static_cast<std::uint32_t>(value) != on.expected[i]) return EAGAIN;
  }
  if (deadline_ns <= now_ns_ && is_executing_) return ETIMEDOUT;
  if (threads_[me].must_not_block) violation(std::string(threads_[me].name) + " sleeps, which it never may");
  threads_[me].sleeps_on = on;
  threads_[me].deadline_ns = deadline_ns;
  queue_.push_back(me);
  block_until_woken();
  return threads_[me].timed_out ? ETIMEDOUT : 0;
}

void Machine::block_until_woken() {
  Thread& me = threads_[current_];
  me.timed_out = false;
  me.state = Thread::State::blocked;
  pause();
}

unsigned Machine::futex_wake(const std::uint32_t* word, unsigned most) {
  const arena::Inside outside(false);
  if (!addresses_.models_waking()) return 0;
  if (is_executing_) {
    before_synchronising();
    touched_.writes.set(addresses_.find(word) ? kFutexQueues : own_queue());
    if (mutation_.effect == Mutation::Effect::no_wake && addresses_.find(word)) {
      is_mutation_met_ = true;
      return 0;
    }
  }
  return wake_sleepers(word, most, static_cast<unsigned>(std::max(current_, 0)));
}

unsigned Machine::wake_sleepers(const std::uint32_t* word, unsigned most, unsigned waker) {
  const auto wanted = addresses_.find(word);
  unsigned woken = 0;
  for (std::size_t i = 0; i < queue_.size() && woken < most;) {
    Thread& sleeper = threads_[queue_[i]];
    bool is_meant = false;
    for (unsigned k = 0; k < sleeper.sleeps_on.count; ++k) {
      const std::uint32_t* on = sleeper.sleeps_on.words[k];
      const auto there = addresses_.find(on);
      is_meant |= on == word || (wanted && there && there->location == wanted->location);
    }
    if (!is_meant) {
      ++i;
      continue;
    }
    sleeper.state = Thread::State::ready;
    if (is_executing_ && scenario_->is_waking_ordered) memory_.pass_view(waker, queue_[i]);
    if (is_tracing_) std::printf("   (wakes %s)\n", sleeper.name);
    queue_.erase(queue_.begin() + static_cast<std::ptrdiff_t>(i));
    ++woken;
  }
  return woken;
}

unsigned Machine::start_thread(std::function<void()> run) {
  const arena::Inside outside(false);
  unsigned free = 0;
  while (threads_[free].state != Thread::State::unused) ++free;
  Thread& thread = threads_[free] = {};
  thread.state = Thread::State::ready;
  thread.name = "attendant";
  thread.is_background = true;
  thread.process = current_ < 0 ? setup_process_ : threads_[current_].process;
  bodies_[free] = [this, run = std::move(run)] {
    {
      const arena::Inside inside;
      run();
    }
    finish();
  };
  fibers_[free]->start(&bodies_[free]);
  if (!is_executing_) resume(free);
  return free;
}

void Machine::set_robust_list(std::uint64_t head) noexcept { threads_[current_].robust_head = head; }

void Machine::touch(Resource resource, bool does_change) {
  const arena::Inside outside(false);
  before_synchronising();
  (does_change ? touched_.writes : touched_.reads).set(resource);
  if (mutation_.effect == Mutation::Effect::unordered_names) return void(is_mutation_met_ = true);
  // Who finds a name sees what was done before it was given: the kernel publishes entries with release.
  if (does_change) memory_.leave_view(static_cast<unsigned>(current_), resource);
  memory_.take_view(resource, static_cast<unsigned>(current_));
}

bool Machine::is_to_die() {
  const Thread& me = threads_[current_];
  if (me.death == Death::never) return false;
  const std::uint32_t bit = 1U << me.process;
  if (me.death == Death::killed && !(marked_processes_ & bit)) {
    // Another thread of the process has gone first; this one has some way left, or none.
    if (explorer_.choose(2, true) == 0) return false;
    if (threads_[current_].has_effect) pause();
    note("is killed, and runs on");
    mark_words_of(me.process, kThreadsMax);
    threads_[current_].has_effect = true;
  }
  return explorer_.choose(2, true) == 1;
}

/// What the kernel does when a process ends: it goes through the robust lists of its threads, marks the words
/// and wakes one sleeper each (exit_robust_list). The words show what `of` had done, if that is a thread.
void Machine::mark_words_of(int process, unsigned of) {
  marked_processes_ |= 1U << process;
  for (unsigned i = 0; i < kThreadsMax; ++i) {
    Thread& thread = threads_[i];
    if (thread.process != process || thread.robust_head == 0 || thread.state == Thread::State::finished)
      continue;
    thread.state = Thread::State::finished;
    std::erase(queue_, i);
    if (mutation_.effect == Mutation::Effect::no_mark) {
      is_mutation_met_ = true;
      continue;
    }
    if (of < kThreadsMax) memory_.pass_view(of, i);
    const auto* head = reinterpret_cast<const robust_list_head*>(thread.robust_head);
    for (const robust_list* entry = head->list.next; entry != &head->list; entry = entry->next) {
      const auto* word =
          reinterpret_cast<const std::uint32_t*>(reinterpret_cast<const char*>(entry) + head->futex_offset);
      if (const auto found = addresses_.find(word)) {
        const std::size_t location = known(*found, word, 4);
        touched_.writes.set(location);
        touched_.writes.set(kFutexQueues);
        const Order order = of < kThreadsMax ? Order::release : Order::relaxed;
        memory_.fetch_add(i, location, SHMV_OWNER_DIED, order);
        say("(kernel)", location, memory_.newest(location), "");
      }
      wake_sleepers(word, 1, i);
    }
  }
}

void Machine::die() {
  Thread& me = threads_[current_];
  if (me.has_effect) pause();
  note("dies");
  dead_processes_ |= 1U << me.process;
  touched_.writes.set(kLocks);
  if (!(marked_processes_ >> me.process & 1)) mark_words_of(me.process, static_cast<unsigned>(current_));
  me.state = Thread::State::finished;
  if (scenario_->died) scenario_->died();
  for (unsigned i = 0; i < kThreadsMax; ++i) {
    Thread& other = threads_[i];
    if (other.joins != kJoinsDeath + me.process) continue;
    other.joins = -1;
    other.is_background = false;
    other.state = Thread::State::ready;
    // Who finds the lock free has seen what was done while it was held.
    if (other.is_after_lock) memory_.pass_view(static_cast<unsigned>(current_), i);
  }
  for (;;) pause();
}

void Machine::join(unsigned thread) {
  const arena::Inside outside(false);
  if (!is_executing_) return;
  before_synchronising();
  touched_.writes.set(own_queue());
  while (threads_[thread].state != Thread::State::finished) {
    threads_[current_].joins = static_cast<int>(thread);
    threads_[current_].state = Thread::State::blocked;
    threads_[current_].deadline_ns = UINT64_MAX;
    pause();
  }
  memory_.pass_view(thread, static_cast<unsigned>(current_));
}

}  // namespace scheduler
