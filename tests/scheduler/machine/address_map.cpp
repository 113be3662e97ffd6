// SPDX-License-Identifier: Apache-2.0
#include "machine/address_map.hpp"

#include <sys/mman.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>

#include "shmvideo/layout.h"

namespace scheduler {
namespace {

constexpr std::size_t kReaders = 7;  // as if it were a segment's file
constexpr std::size_t kFiles = 8;
constexpr std::size_t kPayloadWords = 2;

/// What decides: the words from `latest` to `state`. Behind them stand times, counters and texts.
bool is_deciding(std::size_t offset) {
  return offset >= offsetof(shmv_header, latest) && offset < offsetof(shmv_header, source_state);
}
bool is_described(std::size_t offset) {
  return offset == offsetof(shmv_descriptor, sequence) || offset == offsetof(shmv_descriptor, source_number);
}

}  // namespace

AddressMap::AddressMap() : keys_(kFirstWord), table_(kFiles) {}

std::size_t AddressMap::file_of(std::uint64_t inode) {
  for (std::size_t i = 0; i < inodes_.size(); ++i)
    if (inodes_[i] == inode) return i;
  inodes_.push_back(inode);
  if (inodes_.size() > kReaders) std::abort();
  return inodes_.size() - 1;
}

void AddressMap::add(const void* begin, std::size_t bytes, std::uint64_t inode) {
  ranges_.push_back({static_cast<const std::byte*>(begin), bytes, file_of(inode)});
}

void AddressMap::remove(const void* begin) noexcept {
  std::erase_if(ranges_, [&](const Range& range) { return range.begin == begin; });
}

void AddressMap::save() {
  saved_ranges_ = ranges_;
  saved_inodes_ = inodes_.size();
}

void AddressMap::restore() noexcept {
  std::vector<Range> made;
  for (const Range& range : ranges_)
    if (std::none_of(saved_ranges_.begin(), saved_ranges_.end(),
                     [&](const Range& kept) { return kept.begin == range.begin; }))
      made.push_back(range);
  ranges_ = saved_ranges_;
  inodes_.resize(saved_inodes_);
  for (const Range& range : made) ::munmap(const_cast<std::byte*>(range.begin), range.bytes);
}

std::size_t AddressMap::location_of(std::size_t file, std::size_t offset) noexcept {
  auto& table = table_[file];
  if (table.size() <= offset / 4) table.resize(offset / 4 + 1);
  std::uint8_t& location = table[offset / 4];
  if (location == 0) {
    if (keys_.size() == kLocationsMax) {
      std::fputs("scheduler: more words than the machine has locations\n", stderr);
      std::abort();
    }
    location = static_cast<std::uint8_t>(keys_.size());
    keys_.push_back(std::uint64_t{file} << 32 | offset);
  }
  return location;
}

std::optional<AddressMap::Word> AddressMap::classify(std::size_t file, const std::byte* begin,
                                                     std::size_t offset) noexcept {
  if (offset < sizeof(shmv_header)) {
    if (!is_deciding(offset) || (!models_waking_ && offset != offsetof(shmv_header, latest))) return {};
    return Word{location_of(file, offset), offset != offsetof(shmv_header, latest)};
  }
  const auto& header = *reinterpret_cast<const shmv_header*>(begin);
  if (offset < header.index_offset) {
    if (!is_described((offset - header.descriptor_offset) % header.descriptor_stride_bytes)) return {};
  } else if (offset >= header.payload_offset) {
    if ((offset - header.payload_offset) % header.slot_stride_bytes >= 8 * kPayloadWords) return {};
  }
  return Word{location_of(file, offset), false};
}

std::optional<AddressMap::Word> AddressMap::find(const void* address) noexcept {
  const auto* at = static_cast<const std::byte*>(address);
  for (const Range& range : ranges_)
    if (at >= range.begin && at < range.begin + range.bytes)
      return classify(range.file, range.begin, static_cast<std::size_t>(at - range.begin));
  return {};
}

std::optional<AddressMap::Word> AddressMap::find_in_segment(std::uint64_t inode,
                                                            std::size_t offset) noexcept {
  for (std::size_t file = 0; file < inodes_.size(); ++file)
    if (inodes_[file] == inode && is_deciding(offset))
      return Word{location_of(file, offset), offset != offsetof(shmv_header, latest)};
  return {};
}

std::optional<std::size_t> AddressMap::find_in_readers(std::size_t offset) noexcept {
  if (offset < SHMV_READERS_HEADER_BYTES) return {};
  const std::size_t within = (offset - SHMV_READERS_HEADER_BYTES) % SHMV_READER_ENTRY_BYTES;
  if (within >= offsetof(shmv_reader_entry, key_request)) return {};
  return location_of(kReaders, offset);
}

const void* AddressMap::in_first_file(const void* address) const noexcept {
  const auto* at = static_cast<const std::byte*>(address);
  for (const Range& range : ranges_)
    for (const Range& first : ranges_)
      if (at >= range.begin && at < range.begin + range.bytes && first.file == 0)
        return first.begin + (at - range.begin);
  return address;
}

AddressMap::Slot AddressMap::slot_of(const void* payload) const noexcept {
  const auto* at = static_cast<const std::byte*>(payload);
  for (const Range& range : ranges_) {
    if (at < range.begin || at >= range.begin + range.bytes) continue;
    const auto& h = *reinterpret_cast<const shmv_header*>(range.begin);
    const auto offset = static_cast<std::size_t>(at - range.begin);
    const auto slot = static_cast<std::uint32_t>((offset - h.payload_offset) / h.slot_stride_bytes);
    const std::byte* descriptor =
        range.begin + h.descriptor_offset + slot * std::size_t{h.descriptor_stride_bytes};
    return {slot, range.file, reinterpret_cast<const std::uint64_t*>(descriptor)};
  }
  std::abort();
}

std::string AddressMap::name(std::size_t location) const {
  static const char* const kResources[] = {"fences", "futex queues", "directory", "locks"};
  if (location >= kOwnQueues && location < kFirstWord) return "own queues";
  if (location < kFirstWord) return kResources[location];
  const std::size_t file = keys_[location] >> 32;
  const std::size_t offset = keys_[location] & 0xffffffffU;
  if (file == kReaders) {
    const std::size_t entry = (offset - SHMV_READERS_HEADER_BYTES) / SHMV_READER_ENTRY_BYTES;
    const std::size_t word = (offset - SHMV_READERS_HEADER_BYTES) % SHMV_READER_ENTRY_BYTES / 8;
    return "entry" + std::to_string(entry) + (word ? ".hold" + std::to_string(word - 1) : ".generation");
  }
  const std::string prefix = file ? "file" + std::to_string(file) + ":" : "";
  switch (offset) {
    case offsetof(shmv_header, latest):
      return prefix + "latest";
    case offsetof(shmv_header, notify):
      return prefix + "notify";
    case offsetof(shmv_header, owner):
      return prefix + "owner";
    case offsetof(shmv_header, state):
      return prefix + "state";
  }
  for (const Range& range : ranges_) {
    if (range.file != file) continue;
    const auto& h = *reinterpret_cast<const shmv_header*>(range.begin);
    if (offset >= h.payload_offset)
      return prefix + "payload" + std::to_string((offset - h.payload_offset) / h.slot_stride_bytes) + "[" +
             std::to_string((offset - h.payload_offset) % h.slot_stride_bytes / 8) + "]";
    if (offset >= h.index_offset) return prefix + "index" + std::to_string((offset - h.index_offset) / 8);
    const std::size_t from = offset - h.descriptor_offset;
    return prefix + "slot" + std::to_string(from / h.descriptor_stride_bytes) +
           (from % h.descriptor_stride_bytes ? ".description" : ".sequence");
  }
  return prefix + "word" + std::to_string(offset);
}

}  // namespace scheduler
