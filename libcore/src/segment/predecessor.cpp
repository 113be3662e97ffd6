// SPDX-License-Identifier: Apache-2.0
#include "segment/predecessor.hpp"

#include <fcntl.h>
#include <sys/mman.h>

#include <algorithm>

#include "segment/futex.hpp"
#include "segment/generation.hpp"
#include "shmvideo/error.hpp"

namespace shmvideo {

Predecessor::Predecessor(const std::filesystem::path& path) : path_(path) {
  try {
    const OpenedSegment opened = open_segment_file(path);
    // Far from the ends of their ranges, whatever the old file claims.
    if (opened.header.latest <= SHMV_FRAME_NUMBER_MAX / 2)
      latest_ = std::max(opened.header.latest, std::max<std::uint64_t>(opened.header.first_number, 1) - 1);
    if (latest_ > SHMV_FRAME_NUMBER_MAX / 2) latest_ = 0;
    generation_ = opened.header.generation < UINT64_MAX / 2 ? opened.header.generation : 0;
  } catch (const Error&) {
    return;
  }
  fd_ = UniqueFd(::open(path.c_str(), O_RDWR | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK));
}

void Predecessor::remove() noexcept {
  ::unlink(path_.c_str());
  fd_.reset();  // or its pages would stay in use
}

void Predecessor::supersede() noexcept {
  if (!fd_) return;
  const std::uint32_t state = SHMV_STATE_SUPERSEDED;
  std::uint32_t notify = 0;
  // A file that was cut short must not grow by this: write only where a read succeeds.
  if (::pread(fd_.get(), &notify, sizeof notify, offsetof(shmv_header, notify)) != sizeof notify) return;
  ++notify;
  if (::pwrite(fd_.get(), &state, sizeof state, offsetof(shmv_header, state)) != sizeof state) return;
  if (::pwrite(fd_.get(), &notify, sizeof notify, offsetof(shmv_header, notify)) != sizeof notify) return;
  // Never touched, only named to the kernel, which answers EFAULT where the file has no page.
  void* page = ::mmap(nullptr, SHMV_HEADER_BYTES, PROT_READ, MAP_SHARED, fd_.get(), 0);
  if (page == MAP_FAILED) return;
  futex_wake_all(
      *reinterpret_cast<const std::uint32_t*>(static_cast<std::byte*>(page) + offsetof(shmv_header, notify)));
  ::munmap(page, SHMV_HEADER_BYTES);
}

}  // namespace shmvideo
