// SPDX-License-Identifier: Apache-2.0
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdio>
#include <cstring>
#include <random>

#include "peer/options.hpp"
#include "shmvideo/layout.h"

namespace shmvideo_test {
namespace {

/// Numbers that go wrong where random ones do not.
std::uint64_t nasty_number(std::mt19937_64& chance) {
  static constexpr std::uint64_t kNasty[] = {0,
                                             1,
                                             2,
                                             3,
                                             4096,
                                             0x7fffffff,
                                             0xffffffff,
                                             SHMV_FRAME_NUMBER_MAX,
                                             SHMV_FRAME_NUMBER_MAX + 1,
                                             UINT64_MAX / 2,
                                             UINT64_MAX - 1,
                                             UINT64_MAX};
  const std::uint64_t dice = chance();
  return dice % 4 == 0 ? chance() : kNasty[dice / 4 % std::size(kNasty)];
}

}  // namespace

/// Changes bytes and words of a segment's header, descriptors and index as fast as it can.
int run_vandal(const PeerOptions& options) {
  const std::string path = std::string(::getenv("SHM_VIDEO_DIR")) + "/" + options.name;
  const int fd = ::open(path.c_str(), O_RDWR | O_CLOEXEC);
  shmv_header header;
  if (fd < 0 || ::pread(fd, &header, sizeof header, 0) != static_cast<ssize_t>(sizeof header)) return 1;
  const std::size_t bytes = header.payload_offset;
  void* address = ::mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  if (address == MAP_FAILED) return 1;
  auto* const words = static_cast<volatile std::uint64_t*>(address);
  auto* const single = static_cast<volatile unsigned char*>(address);
  std::mt19937_64 chance(options.number("seed", 1));
  // The state and the owner's word are spared half of the time: a reader that knows its writer to be
  // dead looks no further.
  const std::size_t spared = options.has("spare_status") ? offsetof(shmv_header, owner) : bytes;
  std::printf("ready pid=%d\n", ::getpid());
  for (;;) {
    const std::size_t at = chance() % bytes;
    if (at >= spared && at < offsetof(shmv_header, source_state)) continue;
    if (chance() % 2)
      single[at] = static_cast<unsigned char>(chance());
    else
      words[at / 8] = nasty_number(chance);
    // Now and then a frame that might be one, or nobody would look at a description.
    if (chance() % 8 == 0) {
      const std::uint64_t number = chance() % 64 + 1;
      const std::uint64_t slot = chance() % (header.slot_count + 1);
      words[header.descriptor_offset / 8 + slot * header.descriptor_stride_bytes / 8] = number << 2;
      // Or one that is in no slot that there is.
      const std::uint64_t claimed = chance() % 8 == 0 ? chance() & 0xffff : slot;
      words[header.index_offset / 8 + number % header.index_count] = number << SHMV_INDEX_SLOT_BITS | claimed;
      words[offsetof(shmv_header, latest) / 8] = number;
    }
  }
}

}  // namespace shmvideo_test
