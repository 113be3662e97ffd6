// SPDX-License-Identifier: Apache-2.0
#include "transport/hold_table.hpp"

#include <algorithm>

#include "transport/hold_word.hpp"
#include "transport/readers_file.hpp"

namespace shmvideo {

HoldTable::HoldTable(int fd, std::uint32_t slot_count, std::uint64_t generation)
    : fd_(fd),
      slot_count_(slot_count),
      generation_(generation),
      entries_(std::make_unique<shmv_reader_entry[]>(SHMV_READERS_MAX)),
      held_((slot_count + 63) / 64) {
  numbers_.reserve(std::size_t{SHMV_READERS_MAX} * SHMV_HOLDS_MAX);
}

void HoldTable::note(std::uint64_t hold) noexcept {
  if (is_hold_of_number(hold)) {
    // Readers that sleep all name the same frame, the next one.
    if (numbers_.empty() || numbers_.back() != hold) numbers_.push_back(hold);
  } else if (hold - 1 < slot_count_) {
    held_[(hold - 1) / 64] |= std::uint64_t{1} << ((hold - 1) % 64);
  }
}

[[gnu::hot]] void HoldTable::refresh() noexcept {
  std::fill(held_.begin(), held_.end(), 0);
  numbers_.clear();
  entries_in_use_ = fd_ >= 0 ? read_entries(fd_, entries_.get()) : 0;
  for (std::uint32_t i = 0; i < entries_in_use_; ++i) {
    if (entries_[i].generation != generation_) continue;
    for (const std::uint64_t hold : entries_[i].hold) note(hold);
  }
}

[[gnu::hot]] bool HoldTable::is_held(std::uint32_t slot, std::uint64_t number) const noexcept {
  if (held_[slot / 64] >> (slot % 64) & 1) return true;
  return number != 0 && std::find(numbers_.begin(), numbers_.end(), hold_of_number(number)) != numbers_.end();
}

bool HoldTable::holds(const shmv_reader_entry& entry, std::uint32_t slot,
                      std::uint64_t number) const noexcept {
  return entry.generation == generation_ &&
         std::any_of(std::begin(entry.hold), std::end(entry.hold), [&](std::uint64_t hold) {
           return hold == hold_of_slot(slot) || (number != 0 && hold == hold_of_number(number));
         });
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

bool HoldTable::is_held_by_living(std::uint32_t slot, std::uint64_t number) noexcept {
  for (std::uint32_t i = 0; i < entries_in_use_; ++i)
    if (holds(entries_[i], slot, number) && !clear_if_dead(i)) return true;
  held_[slot / 64] &= ~(std::uint64_t{1} << (slot % 64));
  std::erase(numbers_, hold_of_number(number));
  return false;
}

std::uint64_t HoldTable::key_requests() noexcept {
  refresh();
  std::uint64_t sum = 0;
  for (std::uint32_t i = 0; i < entries_in_use_; ++i) sum += entries_[i].key_request;
  return sum;
}

}  // namespace shmvideo
