// SPDX-License-Identifier: Apache-2.0
// What the processes of one run share: a page of settings, and one page of counts for each client, which
// only that client writes. So the supervisor sees every count at any time, also those of a process that
// was stopped or killed, and nobody waits for anybody to read.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <span>
#include <string>

#include "ledger/histogram.hpp"
#include "shmvideo/reader.hpp"

namespace shmvideo::bench {

/// How the content of a frame is checked.
enum class Content : std::uint32_t {
  none,     ///< Not at all: nothing is known of it.
  stamps,   ///< It is what fill_stamps() made of its number.
  pattern,  ///< The number in the picture is the frame's, modulo 65536.
  clip,     ///< The number in the picture grows, or starts over.
};

/// Written by the supervisor before it starts anybody, constant then.
struct Settings {
  char segment[112];
  std::int32_t supervisor_pid;
  Grade grade;
  Order order;
  Content content;
  std::uint32_t clients;
  std::uint64_t seed;
  std::uint64_t epoch;
  std::uint32_t is_churning;
  // The writer's.
  std::uint32_t is_fast;
  std::uint32_t fourcc;
  std::uint32_t width;
  std::uint32_t height;
  std::uint32_t fps_numerator;
  std::uint32_t fps_denominator;
  std::uint32_t slots;
};

/// A count that one process writes and others read.
class Count {
 public:
  void add(std::uint64_t more) noexcept { set(get() + more); }
  void set(std::uint64_t value) noexcept { value_.store(value, std::memory_order_relaxed); }
  std::uint64_t get() const noexcept { return value_.load(std::memory_order_relaxed); }

 private:
  static_assert(std::atomic<std::uint64_t>::is_always_lock_free);
  std::atomic<std::uint64_t> value_;
};

/// Frames that were published in this time count (CLOCK_MONOTONIC, for all processes the same).
struct Window {
  Count from_ns;
  Count until_ns;
  bool has(std::uint64_t time_ns) const noexcept {
    return time_ns >= from_ns.get() && time_ns < until_ns.get();
  }
};

/// A sentence on why a process failed, for the one who started it.
class Complaint {
 public:
  void set(const std::string& sentence) noexcept;
  std::string get() const;

 private:
  std::array<std::atomic<char>, 320> text_;
};

/// One client's, over all processes that were this client one after the other.
struct alignas(64) ClientPage {
  Count lives;          ///< attached so many times
  Count is_settled;     ///< attached, and had a frame since: its memory and descriptors are complete
  Count is_leaving;     ///< this process ends because its time has come (--churn)
  Count is_observer;    ///< it asked for holds and got no entry
  Count last_frame_ns;  ///< when it had its last frame, in the window or not
  Count attached_ns;    ///< time attached within the window
  Count frames;         ///< whole ones
  Count missed;         ///< not delivered, or overwritten before they were read
  Count overwritten;    ///< of those missed: while they were being read
  Count torn;           ///< accepted, but not what was published; counted outside the window too
  Count misnumbered;    ///< accepted, but with another number in the picture; as above
  Count disordered;     ///< not newer than the one before; as above
  Count checked;        ///< frames whose content was checked
  Count restarts;       ///< of the writer, followed
  Count latency_max_ns;
  std::array<Count, Histogram::kBuckets> latency;
  Complaint complaint;

  void record_latency(std::uint64_t duration_ns) noexcept;
  Histogram latencies() const noexcept;
};

/// The writer's, over all its processes.
struct alignas(64) WriterPage {
  Count is_ready;   ///< this process has its segment
  Count published;  ///< in the window
  Count late;       ///< frames left out because their time was over
  Count revoked;    ///< holds taken back
  Count no_slot;    ///< frames dropped for want of a slot
  Count fill_ns;    ///< time spent on filling frames
  Complaint complaint;
};

/// The shared memory itself, without a name: handed on as a descriptor.
class Ledger {
 public:
  /// Throws Error(system).
  static Ledger create(std::uint32_t clients);
  /// For a process that was started with the descriptor. Throws Error(invalid_argument) if it is none.
  static Ledger open(int descriptor);
  Ledger(Ledger&& other) noexcept;
  Ledger& operator=(Ledger&&) = delete;
  ~Ledger();

  int descriptor() const noexcept { return descriptor_; }
  Settings& settings() const noexcept;
  Window& window() const noexcept;
  WriterPage& writer() const noexcept;
  ClientPage& client(std::uint32_t index) const noexcept;

 private:
  Ledger(int descriptor, void* memory, std::size_t bytes) noexcept;
  int descriptor_;
  void* memory_;
  std::size_t bytes_;
};

}  // namespace shmvideo::bench
