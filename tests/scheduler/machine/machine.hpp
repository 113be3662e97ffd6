// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "machine/address_map.hpp"
#include "machine/explorer.hpp"
#include "machine/fiber.hpp"
#include "machine/memory.hpp"
#include "machine/mutation.hpp"

namespace scheduler {

/// What pread and pwrite of NAME.readers are to the memory of who calls them.
enum class FileOrder {
  relaxed,   ///< relaxed loads and stores of single words, the weakest that there could be
  coherent,  ///< each sees the newest writes at once, but orders nothing else
  fenced,    ///< as coherent, and a full fence on both sides
};

/// What a thread sleeps on, and what it expects there. No memory of its own: a sleeper's stack is brought
/// back as it was, again and again.
struct SleepWords {
  std::array<const std::uint32_t*, 4> words{};
  std::array<std::uint32_t, 4> expected{};
  unsigned count = 0;
};

/// How a process may end, before any effect of the thread that is asked.
enum class Death : std::uint8_t {
  never,
  crash,   ///< this thread ends first, the kernel marks its words afterwards
  killed,  ///< from outside: other threads' words may be marked while this one still runs for a moment
};

/// A thread of the program under test.
struct Thread {
  enum class State : std::uint8_t { unused, ready, blocked, finished };
  State state = State::unused;
  bool is_background = false;  ///< an attendant: may stay blocked for ever
  Death death = Death::never;
  bool must_not_block = false;
  bool has_effect = true;  ///< in the step that runs
  bool timed_out = false;
  bool is_after_lock = false;
  int joins = -1;  ///< the thread whose end it waits for
  int process = 0;
  const char* name = "";
  SleepWords sleeps_on;
  std::uint64_t deadline_ns = 0;
  std::uint64_t robust_head = 0;  ///< as given to set_robust_list
};

/// Thrown by Machine::violation() where there is no thread to be ended.
struct Violated {};

/// In Thread::joins: the death of a process, counted from here.
constexpr int kJoinsDeath = 100;

/// What is explored: a program of a few threads over a world that set_up() made once.
struct Scenario {
  struct ThreadPlan {
    const char* name;
    int process;
    std::function<void()> body;
    Death death = Death::never;
    bool must_not_block = false;
    bool is_after_lock = false;  ///< and then gets a lock of the dead: it sees all that was done
    int after_death_of = -1;     ///< begins when that process has died, if it does
  };
  std::string name;
  FileOrder file_order = FileOrder::relaxed;
  /// Has who is woken seen what was done before the wake-up? So it is in Linux. Else wake-ups order nothing.
  bool is_waking_ordered = false;
  std::vector<ThreadPlan> threads;
  std::function<void()> died;       ///< a process did: what else the kernel lets go
  std::function<void()> begin;      ///< before each execution: what the test remembers is forgotten
  std::function<void()> quiescent;  ///< all that can run ran, somebody sleeps; before time passes
  std::function<void()> end;        ///< all threads are through
};

struct Result {
  std::uint64_t executions = 0;
  std::uint64_t redundant = 0;  ///< cut off: explored in another order
  std::uint64_t steps = 0;      ///< instrumented accesses in all
  bool complete = false;
  double progress = 0;    ///< see Explorer::progress()
  std::string violation;  ///< the first; empty: none
  std::string schedule;   ///< that leads to it
  bool is_mutation_met = false;
};

/// The machine that the code under test runs on. One instance; the code's loads, stores, fences and system
/// calls come in here by machine/scheduled_access.hpp and machine/syscalls.cpp.
class Machine {
 public:
  static Machine& get();

  /// While `set_up` runs, everything is real; threads that the library starts run until they sleep.
  void set_up(const std::function<void()>& set_up);
  Result explore(const Scenario& scenario, const Mutation& mutation, std::uint64_t executions_max,
                 unsigned deviations_max);
  /// One execution by its schedule, printing every step.
  std::string replay(const Scenario& scenario, const Mutation& mutation, const std::string& schedule);

  /// In a thread of an execution? Else everything is as if the machine were not there.
  bool is_running() const noexcept { return current_ >= 0 && is_executing_; }
  bool is_setting_up() const noexcept { return is_setting_up_; }
  /// In a thread that the library started while the world is made?
  bool is_starting() const noexcept { return current_ >= 0 && !is_executing_; }

  // What the code under test does.
  std::uint64_t load(const void* address, unsigned bytes, Order order, const char* operation,
                     const char* site);
  void store(void* address, unsigned bytes, std::uint64_t value, Order order, const char* operation,
             const char* site);
  std::uint64_t fetch_add(void* address, unsigned bytes, std::uint64_t operand, const char* site);
  void fence(Order order, const char* operation, const char* site);
  /// Returns the thread's index.
  unsigned start_thread(std::function<void()> run);
  void join(unsigned thread);

  // What system calls do.
  void file_read(std::size_t offset, std::size_t bytes, unsigned char* to);
  void file_write(std::size_t offset, std::size_t bytes, const unsigned char* from);
  /// Words of a segment's file that were read by a system call: the newest, from anybody.
  void overlay_segment(std::uint64_t inode, std::size_t offset, std::size_t bytes, unsigned char* to);
  void write_segment(std::uint64_t inode, std::size_t offset, std::uint32_t value);
  /// 0: woken, else an errno.
  int futex_wait(const SleepWords& on, std::uint64_t deadline_ns);
  unsigned futex_wake(const std::uint32_t* word, unsigned most);
  void set_robust_list(std::uint64_t head) noexcept;
  /// A step on what is not a word: files' names, locks.
  void touch(Resource resource, bool does_change);
  std::uint64_t now_ns() const noexcept { return now_ns_; }
  /// While it is set up; in executions time passes when everybody sleeps.
  void pass(std::uint64_t ns) noexcept { now_ns_ += ns; }

  // What tests say.
  [[noreturn]] void violation(const std::string& what);
  /// The same at the end of an execution, where nobody is to be stopped.
  void report(const std::string& what) {
    if (violation_.empty()) violation_ = what;
  }
  std::uint64_t newest(const void* address);
  void note(const std::string& text);
  /// NAME.readers, as it is when the world is made.
  void set_readers_file(const std::string& path);
  std::uint64_t readers_inode() const noexcept { return readers_inode_; }
  AddressMap& addresses() noexcept { return addresses_; }
  const Thread& thread(unsigned index) const noexcept { return threads_[index]; }
  /// Has the kernel marked the words of that process as a dead one's?
  bool is_marked_dead(int process) const noexcept { return marked_processes_ >> process & 1; }
  /// Descriptors from here on were opened by the execution.
  int first_fd() const noexcept { return first_fd_; }

 private:
  bool execute();
  void begin();
  bool rest();
  void call(const std::function<void()>& body);
  void let_time_pass();
  void resume(unsigned thread);
  void pause();
  void finish();
  void block_until_woken();
  void before_load();
  void before_synchronising();
  void before_effect();
  /// Threads of one process synchronise by words of their own, which are no locations: all of them count as
  /// one.
  std::size_t own_place() const noexcept {
    return kFirstWord + static_cast<std::size_t>(threads_[current_].process);
  }
  std::size_t own_queue() const noexcept {
    return kOwnQueues + static_cast<std::size_t>(current_ < 0 ? 0 : threads_[current_].process);
  }
  bool is_to_die();
  void mark_words_of(int process, unsigned marker);
  void die();
  void count_step();
  std::size_t known(const AddressMap::Word& word, const void* address, unsigned bytes);
  std::uint64_t load_word(std::size_t location, Order order);
  bool is_mutated(const char* operation, const char* site, std::size_t location);
  std::uint64_t real_file_word(std::size_t offset) const noexcept;
  unsigned wake_sleepers(const std::uint32_t* word, unsigned most, unsigned waker);
  void say(const char* what, std::size_t location, std::uint64_t value, const char* site);

  Explorer explorer_;
  Memory memory_;
  AddressMap addresses_;
  const Scenario* scenario_ = nullptr;
  Mutation mutation_;
  std::array<Thread, kThreadsMax> threads_;
  std::array<Thread, kThreadsMax> saved_threads_;
  std::array<std::unique_ptr<Fiber>, kThreadsMax> fibers_;
  std::array<std::function<void()>, kThreadsMax> bodies_;
  std::vector<unsigned> queue_;  ///< of sleepers, in the order in which they came
  int current_ = -1;
  int setup_process_ = 0;
  bool is_executing_ = false;
  bool is_setting_up_ = false;
  bool is_tracing_ = false;
  bool is_mutation_met_ = false;
  std::uint32_t marked_processes_ = 0;
  std::uint32_t dead_processes_ = 0;
  Footprint touched_;
  std::uint64_t now_ns_ = 0;
  std::uint64_t readers_inode_ = 0;
  int first_fd_ = 0;
  std::uint64_t steps_ = 0;
  std::uint64_t execution_steps_ = 0;
  std::string violation_;
  std::vector<unsigned char> readers_file_;  ///< as it was when the world was made
  // For the mutation no_second_look:
  std::vector<unsigned char> last_read_;
  bool is_behind_fence_ = false;
};

}  // namespace scheduler
