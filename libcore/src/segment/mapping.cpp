// SPDX-License-Identifier: Apache-2.0
#include "segment/mapping.hpp"

#include <sys/mman.h>

#include <cerrno>

#include "segment/system_error.hpp"

namespace shmvideo {

Mapping::Mapping(int fd, std::uint64_t bytes, Access access, MappingGuard* guard)
    : bytes_(bytes), guard_(guard) {
  const int protection = access == Access::read_only ? PROT_READ : PROT_READ | PROT_WRITE;
  // MAP_POPULATE: a first touch costs a fault per page, 1500 of them in a 1080p frame. Writers call
  // populate_for_writing(), which can be stopped.
  const int populate = access == Access::read_only ? MAP_POPULATE : 0;
  void* address = ::mmap(nullptr, bytes, protection, MAP_SHARED | populate, fd, 0);
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
