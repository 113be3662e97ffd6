// SPDX-License-Identifier: Apache-2.0
#include "transport/entry_page.hpp"

#include <linux/futex.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "transport/readers_file.hpp"

namespace shmvideo {
namespace {

/// The call adds a signed number of 12 bits to a word of 32.
constexpr std::uint64_t kFarthest = 2047;

}  // namespace

EntryPage::~EntryPage() {
  if (page_) ::munmap(page_, page_bytes_);
}

void EntryPage::map(int fd, std::uint32_t entry) noexcept {
  const auto page_bytes = static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
  const auto at = static_cast<std::size_t>(reader_entry_offset(entry));
  // Never across two pages: the header and the entries have one size, a power of two.
  static_assert(SHMV_READERS_HEADER_BYTES == sizeof(shmv_reader_entry));
  void* page = ::mmap(nullptr, page_bytes, PROT_READ | PROT_WRITE, MAP_SHARED, fd,
                      static_cast<off_t>(at / page_bytes * page_bytes));
  if (page == MAP_FAILED) return;
  // A forked child has no business with its parent's entry.
  ::madvise(page, page_bytes, MADV_DONTFORK);
  page_ = page;
  page_bytes_ = page_bytes;
  entry_ = reinterpret_cast<shmv_reader_entry*>(static_cast<std::byte*>(page) + at % page_bytes);
}

[[gnu::hot]] bool EntryPage::advance(int hold, std::uint64_t from, std::uint64_t to) noexcept {
  static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "the low half of a word comes first");
  const std::uint64_t distance = to - from;
  if (!entry_ || to <= from || distance > kFarthest || from >> 32 != to >> 32) return false;
  const int operation = FUTEX_OP(FUTEX_OP_ADD, static_cast<int>(distance), FUTEX_OP_CMP_EQ, 0);
  return ::syscall(SYS_futex, &nobody_, FUTEX_WAKE_OP | FUTEX_PRIVATE_FLAG, 0, nullptr, &entry_->hold[hold],
                   operation) >= 0;
}

}  // namespace shmvideo
