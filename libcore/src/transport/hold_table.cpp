// SPDX-License-Identifier: Apache-2.0
#include "transport/hold_table.hpp"

#include <algorithm>

#include "transport/readers_file.hpp"

namespace shmvideo {

HoldTable::HoldTable(int fd, std::uint32_t slot_count, std::uint64_t generation)
    : fd_(fd),
      slot_count_(slot_count),
      generation_(generation),
      entries_(std::make_unique<shmv_reader_entry[]>(SHMV_READERS_MAX)),
      held_((slot_count + 63) / 64) {}

void HoldTable::refresh() noexcept {
  std::fill(held_.begin(), held_.end(), 0);
  entries_in_use_ = fd_ >= 0 ? read_entries(fd_, entries_.get()) : 0;
  for (std::uint32_t i = 0; i < entries_in_use_; ++i) {
    if (entries_[i].generation != generation_) continue;
    for (const std::uint64_t hold : entries_[i].hold)
      if (hold - 1 < slot_count_) held_[(hold - 1) / 64] |= std::uint64_t{1} << ((hold - 1) % 64);
  }
}

bool HoldTable::holds(const shmv_reader_entry& entry, std::uint32_t slot) const noexcept {
  return entry.generation == generation_ && std::any_of(std::begin(entry.hold), std::end(entry.hold),
                                                        [&](std::uint64_t h) { return h == slot + 1; });
}

bool HoldTable::clear_if_dead(std::uint32_t entry) noexcept {
  // The lock goes with its holder's life; having it ourselves, nobody can move in while we clean.
  if (!try_lock_entry(fd_, entry)) return false;
  static constexpr shmv_reader_entry kEmpty{};
  // Should the write fail (a truncated file, a full disk), the entry is met and cleared again.
  [[maybe_unused]] const auto written = ::pwrite(fd_, &kEmpty, sizeof kEmpty, reader_entry_offset(entry));
  unlock_entry(fd_, entry);
  entries_[entry] = kEmpty;
  return true;
}

bool HoldTable::is_held_by_living(std::uint32_t slot) noexcept {
  for (std::uint32_t i = 0; i < entries_in_use_; ++i)
    if (holds(entries_[i], slot) && !clear_if_dead(i)) return true;
  held_[slot / 64] &= ~(std::uint64_t{1} << (slot % 64));
  return false;
}

std::uint64_t HoldTable::key_requests() noexcept {
  refresh();
  std::uint64_t sum = 0;
  for (std::uint32_t i = 0; i < entries_in_use_; ++i) sum += entries_[i].key_request;
  return sum;
}

}  // namespace shmvideo
