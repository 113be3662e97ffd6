// SPDX-License-Identifier: Apache-2.0
#include "segment/mapping.hpp"

#include <sys/mman.h>

#include <cerrno>

#include "segment/system_error.hpp"
#include "shmvideo/layout.h"

namespace shmvideo {

namespace {

/// Beginning where a huge page could: only then can a huge page of the file be one translation (on a virtual
/// machine the missing ones are dearer than the bytes). Returns MAP_FAILED with errno.
void* map_aligned(int fd, std::uint64_t bytes, int protection, int flags) noexcept {
  if (bytes < kHugePageBytes) return ::mmap(nullptr, bytes, protection, flags, fd, 0);
  // A range that is too long by one huge page has such a place in it; what lies beside it is given back.
  void* range =
      ::mmap(nullptr, bytes + kHugePageBytes, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (range == MAP_FAILED) return ::mmap(nullptr, bytes, protection, flags, fd, 0);
  const auto from = reinterpret_cast<std::uintptr_t>(range);
  const std::uintptr_t begin = (from + kHugePageBytes - 1) / kHugePageBytes * kHugePageBytes;
  const std::uintptr_t end = (begin + bytes + SHMV_PAGE_BYTES - 1) / SHMV_PAGE_BYTES * SHMV_PAGE_BYTES;
  const std::uintptr_t range_end = from + bytes + kHugePageBytes;
  if (begin > from) ::munmap(range, begin - from);
  if (range_end > end) ::munmap(reinterpret_cast<void*>(end), range_end - end);
  void* address = ::mmap(reinterpret_cast<void*>(begin), bytes, protection, flags | MAP_FIXED, fd, 0);
  if (address == MAP_FAILED) {
    const int failed = errno;
    ::munmap(reinterpret_cast<void*>(begin), bytes);
    errno = failed;
  }
  return address;
}

}  // namespace

Mapping::Mapping(int fd, std::uint64_t bytes, Access access, MappingGuard* guard)
    : bytes_(bytes), guard_(guard) {
  const int protection = access == Access::read_only ? PROT_READ : PROT_READ | PROT_WRITE;
  // MAP_POPULATE: a first touch costs a fault per page, 1500 of them in a 1080p frame. Writers call
  // populate_for_writing(), which can be stopped.
  const int populate = access == Access::read_only ? MAP_POPULATE : 0;
  void* address = map_aligned(fd, bytes, protection, MAP_SHARED | populate);
  if (address == MAP_FAILED)
    throw system_error("cannot map a segment of " + std::to_string(bytes) + " bytes", errno);
  data_ = static_cast<std::byte*>(address);
  // A forked child must not keep a whole segment alive, nor be able to write to it.
  ::madvise(address, bytes, MADV_DONTFORK);
  if (guard_) guard_->add(address, bytes, &poisoned_);
}

Mapping::~Mapping() {
  if (guard_) guard_->remove(data_);
  ::munmap(data_, bytes_);
}

}  // namespace shmvideo
