// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "shmvideo/layout.h"

namespace shmvideo {

/// The page of NAME.readers that has one entry in it, mapped for the kernel's use alone: who may write the
/// file may cut it short, so no instruction of this process ever reads or writes there. FUTEX_WAKE_OP adds to
/// a word of it at half of a pwrite's cost, and answers EFAULT where a store of ours would be SIGBUS. One
/// call at a time.
class EntryPage {
 public:
  EntryPage() noexcept = default;
  ~EntryPage();
  EntryPage(const EntryPage&) = delete;
  EntryPage& operator=(const EntryPage&) = delete;

  /// Where there is no mapping to be had, advance() declines. `fd` may write; it is needed during the call
  /// only.
  void map(int fd, std::uint32_t entry) noexcept;
  /// Changes hold word number `hold` from `from`, which it has, to `to`, as one store that orders everything.
  /// False: nothing has happened, as it cannot be done in this way; write the word.
  bool advance(int hold, std::uint64_t from, std::uint64_t to) noexcept;

 private:
  void* page_ = nullptr;
  std::size_t page_bytes_ = 0;
  shmv_reader_entry* entry_ = nullptr;
  std::uint32_t nobody_ = 0;  // futex word that nobody sleeps on: the waking half of the call
};

}  // namespace shmvideo
