// SPDX-License-Identifier: Apache-2.0
#include "reader_scene.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>

#include "segment/crc32c.hpp"
#include "segment_pass.hpp"
#include "stepped_access.hpp"

namespace shmvideo_test {
namespace {

using namespace shmvideo;

/// More than any call may need: a whole index, each number of it looked at, some times over.
constexpr std::uint64_t kStepsMax = 64ULL * SHMV_INDEX_MAX * 16;
/// Each new file takes a while to make; an input that only does that shows nothing.
constexpr std::uint32_t kAmbushesMax = 8;

ReaderScene* current = nullptr;

std::string path_of(const char* name) { return std::string(::getenv("SHM_VIDEO_DIR")) + "/" + name; }

std::uint64_t nasty(std::uint8_t choice) {
  static constexpr std::uint64_t kNasty[] = {0,
                                             1,
                                             2,
                                             4096,
                                             65535,
                                             65536,
                                             0x7fffffff,
                                             0xffffffff,
                                             SHMV_FRAME_NUMBER_MAX,
                                             SHMV_FRAME_NUMBER_MAX + 1,
                                             UINT64_MAX / 2,
                                             UINT64_MAX};
  return kNasty[choice % std::size(kNasty)];
}

void sign(shmv_header& header) { header.crc32c = crc32c(&header, offsetof(shmv_header, crc32c)); }

}  // namespace

void step_of_hostile_writer() noexcept {
  if (current) current->step();
}

ReaderScene::ReaderScene(Choices& choices) : choices_(choices) {
  static const std::vector<std::uint8_t> once = sample_segment();
  sample_ = once;
  std::memcpy(&sizes_, sample_.data(), sizeof sizes_);
  make_file(false);
  number_ = sizes_.latest;
  current = this;
}

ReaderScene::~ReaderScene() {
  current = nullptr;
  if (memory_) ::munmap(memory_, sample_.size());
  for (const char* name : {"fuzz", "fuzz.readers"}) ::unlink(path_of(name).c_str());
}

/// A fresh inode with the sample in it, each page written, as a segment has no holes.
void ReaderScene::make_file(bool is_spoilt) {
  std::vector<std::uint8_t> bytes = sample_;
  auto& header = *reinterpret_cast<shmv_header*>(bytes.data());
  header.generation = sizes_.generation + choices_.below(4);
  header.first_number = choices_.below(2) ? header.first_number : number_ + 1;
  if (is_spoilt) {
    std::uint32_t* const counts[] = {&header.slot_count, &header.index_count, &header.descriptor_stride_bytes,
                                     &header.kind};
    *counts[choices_.below(4)] = 1U << choices_.below(18);
    std::uint64_t* const places[] = {&header.descriptor_offset, &header.index_offset, &header.payload_offset,
                                     &header.slot_capacity_bytes, &header.segment_bytes};
    if (choices_.below(2)) *places[choices_.below(5)] = choices_.below(64) * std::uint64_t{64};
    if (choices_.below(8) != 0) sign(header);
  } else {
    sign(header);
  }
  if (memory_) ::munmap(memory_, sample_.size());
  memory_ = nullptr;
  const std::string path = path_of("fuzz");
  ::unlink(path.c_str());
  const int fd = ::open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  [[maybe_unused]] const auto written = ::write(fd, bytes.data(), bytes.size());
  void* const address = ::mmap(nullptr, bytes.size(), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  ::close(fd);
  if (address == MAP_FAILED) std::abort();
  memory_ = static_cast<std::uint8_t*>(address);
}

std::uint64_t ReaderScene::value() {
  const std::uint8_t kind = choices_.byte();
  const std::uint8_t choice = choices_.byte();
  switch (kind % 4) {
    case 0:
      return nasty(choice);
    case 1:  // a sequence word
      return (number_ + choice / 4 % 8 - 3) << 2 | choice % 4;
    case 2:  // an entry of the index
      return (number_ + choice / 8 % 8 - 3) << SHMV_INDEX_SLOT_BITS | choice % 8;
    default:
      return choice * std::uint64_t{0x0101010101010101} >> kind / 4 % 8 * 8;
  }
}

void ReaderScene::spoil() {
  const std::uint8_t region = choices_.byte();
  const std::uint32_t which = choices_.byte();
  std::size_t word = 0;
  switch (region % 4) {
    case 0:  // what lives of the header
      word =
          offsetof(shmv_header, latest) / 8 + (which + region / 4 * 256U) % (sizeof(shmv_header) / 8 - 128);
      break;
    case 1:
      word = (sizes_.descriptor_offset + which % sizes_.slot_count * sizes_.descriptor_stride_bytes) / 8 +
             region / 4 % 32;
      break;
    case 2:
      word = sizes_.index_offset / 8 + which % sizes_.index_count;
      break;
    default:  // what is told in the first lines behind the immutable block: latest, notify, owner, state
      word = offsetof(shmv_header, latest) / 8 + which % 24;
  }
  const std::uint64_t to = value();
  std::memcpy(memory_ + word * 8, &to, 8);
}

void ReaderScene::publish() {
  const std::uint8_t how = choices_.byte();
  const std::uint32_t slot = how % sizes_.slot_count;
  number_ += 1 + (how >> 6);
  auto& header = *reinterpret_cast<shmv_header*>(memory_);
  auto& descriptor = *reinterpret_cast<shmv_descriptor*>(memory_ + sizes_.descriptor_offset +
                                                         slot * sizes_.descriptor_stride_bytes);
  if ((how & 4) == 0)  // whole again, whatever was done to it
    std::memcpy(&descriptor, sample_.data() + sizes_.descriptor_offset, sizeof descriptor);
  descriptor.sequence = number_ << 2;
  const std::uint64_t entry = number_ << SHMV_INDEX_SLOT_BITS | slot;
  std::memcpy(memory_ + sizes_.index_offset + number_ % sizes_.index_count * 8, &entry, 8);
  if (how & 8) header.latest_key = number_;
  header.latest = number_;
  ++header.notify;
}

void ReaderScene::change_fate() {
  auto& header = *reinterpret_cast<shmv_header*>(memory_);
  const std::uint8_t choice = choices_.byte();
  header.state = choice % 5;
  header.owner = choice & 0x40 ? 0 : choice & 0x80 ? sizes_.owner | SHMV_OWNER_DIED : sizes_.owner;
  ++header.notify;
}

void ReaderScene::replace() {
  const std::uint8_t how = choices_.byte();
  if (how & 1) reinterpret_cast<shmv_header*>(memory_)->state = SHMV_STATE_SUPERSEDED;
  if (how & 2) reinterpret_cast<shmv_header*>(memory_)->owner |= SHMV_OWNER_DIED;
  make_file((how & 12) == 0);
}

void ReaderScene::spoil_readers_file() {
  const int fd = ::open(path_of("fuzz.readers").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  const std::uint8_t how = choices_.byte();
  if (how % 8 == 0) {
    [[maybe_unused]] const int failed = ::ftruncate(fd, how * 16);
  } else if (how % 8 == 1) {
    shmv_readers_header header{};
    header.magic = SHMV_READERS_MAGIC;
    header.abi_major = SHMV_ABI_MAJOR;
    header.entry_bytes = SHMV_READER_ENTRY_BYTES;
    header.entry_max = SHMV_READERS_MAX;
    [[maybe_unused]] const auto written = ::pwrite(fd, &header, sizeof header, 0);
  } else {
    const std::uint64_t to = value();
    [[maybe_unused]] const auto written = ::pwrite(fd, &to, sizeof to, how * 8);
  }
  ::close(fd);
}

void ReaderScene::do_deed(std::uint8_t deed) {
  switch (deed % 8) {
    case 0:
    case 1:
      return publish();
    case 2:
      return change_fate();
    case 3:
      return deed / 8 % 4 == 0 ? replace() : spoil();
    case 4:
      return spoil_readers_file();
    default:
      return spoil();
  }
}

void ReaderScene::lie_in_wait() {
  const std::uint32_t count = choices_.below(kAmbushesMax + 1);
  for (std::uint32_t i = 0; i < count; ++i) {
    const std::uint8_t wait = choices_.byte();
    ambushes_.push_back({wait < 192 ? wait % 64U : wait * 16U, choices_.byte()});
  }
}

void ReaderScene::step() {
  if (is_acting_) return;
  if (++steps_ > kStepsMax) {
    std::fputs("a call that does not end\n", stderr);
    std::abort();
  }
  while (!ambushes_.empty() && ambushes_.front().steps-- == 0) {
    const std::uint8_t deed = ambushes_.front().deed;
    ambushes_.erase(ambushes_.begin());
    is_acting_ = true;
    do_deed(deed);
    is_acting_ = false;
  }
}

void ReaderScene::end_call() {
  steps_ = 0;
  ambushes_.clear();
}

}  // namespace shmvideo_test
