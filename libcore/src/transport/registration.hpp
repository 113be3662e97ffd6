// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <mutex>
#include <string>

#include "segment/unique_fd.hpp"
#include "shmvideo/layout.h"
#include "transport/entry_page.hpp"

namespace shmvideo {

/// A reader's entry in NAME.readers. Shared by a Reader and its held frames, which may be released
/// on other threads: thread-safe. The entry is given up with the last of them.
class Registration {
 public:
  /// Empty when there is no such file, no permission, or no free entry: one is an observer then.
  static std::shared_ptr<Registration> take(const std::filesystem::path& readers, std::uint64_t generation,
                                            std::uint32_t grade, const std::string& program);
  ~Registration();
  Registration(const Registration&) = delete;
  Registration& operator=(const Registration&) = delete;

  /// Asks the writer to go round what `word` names (see hold_word.hpp); returns the hold's index, or -1 when
  /// all are in use. The caller then fences and looks at the slot's sequence word (see ring.cpp).
  int hold(std::uint64_t word) noexcept;
  /// The same for a hold that one has: one change instead of two. False: it did not succeed, and the hold is
  /// as it was, or the entry has moved on to another generation than `generation`.
  bool change(int hold, std::uint64_t word, std::uint64_t generation) noexcept;
  /// Ends a hold made in `generation`; nothing happens if the entry has moved on to another since.
  void release(int hold, std::uint64_t generation) noexcept;
  /// Drops all holds and speaks of another generation from now on.
  void enter_generation(std::uint64_t generation) noexcept;
  void set_statistics(std::uint64_t seen, std::uint64_t missed, std::uint64_t last_number) noexcept;
  bool request_key() noexcept;
  /// True if the file that this entry is in still stands at `path`.
  bool is_at(const std::filesystem::path& path) const noexcept;

  /// Held frames that were found overwritten when they were released.
  void count_revoked() noexcept { revoked_.fetch_add(1, std::memory_order_relaxed); }
  std::uint64_t revoked() const noexcept { return revoked_.load(std::memory_order_relaxed); }

 private:
  Registration(UniqueFd fd, std::uint32_t entry) noexcept : fd_(std::move(fd)), entry_(entry) {}
  bool write_hold(int hold) noexcept;
  bool write_part(const void* part, std::size_t bytes, std::size_t offset) noexcept;
  UniqueFd fd_;
  std::uint32_t entry_;
  std::mutex mutex_;  // among the threads of this reader only
  EntryPage page_;
  shmv_reader_entry mine_{};
  std::atomic<std::uint64_t> revoked_{0};
};

}  // namespace shmvideo
