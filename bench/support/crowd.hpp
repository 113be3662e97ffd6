// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/mman.h>
#include <sys/types.h>

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <new>
#include <vector>

namespace shmvideo_bench {

/// How long a child waits for a frame: longer than the parent waits for a quiet machine. It dies with it.
constexpr std::chrono::nanoseconds kPatience = std::chrono::hours(1);

/// Zeroed memory that child processes forked later share with this one.
template <typename T>
class SharedArray {
 public:
  explicit SharedArray(std::size_t count) : bytes_(count * sizeof(T)) {
    void* memory =
        ::mmap(nullptr, bytes_, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
    if (memory == MAP_FAILED) throw std::bad_alloc();
    data_ = static_cast<T*>(memory);
  }
  ~SharedArray() { ::munmap(data_, bytes_); }
  SharedArray(const SharedArray&) = delete;
  SharedArray& operator=(const SharedArray&) = delete;
  T& operator[](std::size_t index) const { return data_[index]; }

 private:
  T* data_ = nullptr;
  std::size_t bytes_;
};

/// Child processes that all do the same, in phases that the parent begins when all are there. They die
/// with the parent.
class Crowd {
 public:
  /// What a child does; an exception ends it with its message on stderr, and the benchmark with it.
  using Body = std::function<void(unsigned index)>;

  /// `count` may be 0. Fork before the process has threads or a Writer.
  Crowd(unsigned count, const Body& body);
  /// Kills those that are left.
  ~Crowd();
  Crowd(const Crowd&) = delete;
  Crowd& operator=(const Crowd&) = delete;

  /// In a child: "I am ready for the next phase", of which there are as many as calls.
  static void arrive();
  /// The same after the last phase. Returns when all have arrived: what ending a process costs must not
  /// delay the last frame of others.
  static void arrive_and_stay();
  /// In the parent: waits until every child has arrived once more, and then some, so that they sleep.
  /// Throws when one has failed or a minute has passed.
  void gather();
  /// Waits for the children's end. Throws when one failed.
  void join();

 private:
  void require_no_failure();
  unsigned count_;
  std::vector<pid_t> children_;  // those that were not waited for yet
  std::uint32_t expected_ = 0;
};

}  // namespace shmvideo_bench
