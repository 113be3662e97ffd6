// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/mman.h>
#include <unistd.h>

#include <atomic>
#include <cstdint>

namespace shmvideo_test {

/// What free-running readers met, in memory of the test's own, so that nothing is lost with a reader
/// that is killed.
struct Tally {
  std::atomic<std::uint64_t> frames;         ///< looked at, by any grade
  std::atomic<std::uint64_t> held;           ///< of them held
  std::atomic<std::uint64_t> copied;         ///< of them copied
  std::atomic<std::uint64_t> torn_met;       ///< bytes of another frame met, and valid() said so
  std::atomic<std::uint64_t> refused;        ///< valid() said no, whatever the bytes were
  std::atomic<std::uint64_t> torn_accepted;  ///< bytes of another frame met, and valid() said yes: never
  std::atomic<std::uint64_t> holds_lost;     ///< held when taken, overwritten when looked at
  std::atomic<std::uint64_t> went_back;      ///< a number not above the one before: never
  std::atomic<std::uint64_t> restarts;       ///< changes of generation
  std::atomic<std::uint64_t> gone;           ///< reports of writer_gone
  std::atomic<std::uint64_t> misdescribed;   ///< of another size than the segment, or than it says: never
  std::atomic<std::uint64_t> longest_frame;  ///< bytes
};

/// A Tally in memory that child processes reach by the number of an inherited descriptor.
class SharedTally {
 public:
  SharedTally() : fd_(::memfd_create("tally", 0)) {
    if (::ftruncate(fd_, sizeof(Tally)) == 0) tally_ = map(fd_);
  }
  ~SharedTally() {
    ::munmap(tally_, sizeof(Tally));
    ::close(fd_);
  }
  SharedTally(const SharedTally&) = delete;
  SharedTally& operator=(const SharedTally&) = delete;
  int fd() const { return fd_; }
  Tally* operator->() const { return tally_; }

  static Tally* map(int fd) {
    return static_cast<Tally*>(::mmap(nullptr, sizeof(Tally), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0));
  }

 private:
  int fd_;
  Tally* tally_ = nullptr;
};

}  // namespace shmvideo_test
