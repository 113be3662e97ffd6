// SPDX-License-Identifier: Apache-2.0
#include "transport/registration.hpp"

#include <fcntl.h>

#include <algorithm>
#include <cstring>
#include <utility>

#include "segment/clock.hpp"
#include "segment/same_file.hpp"
#include "transport/readers_file.hpp"

namespace shmvideo {

std::shared_ptr<Registration> Registration::take(const std::filesystem::path& readers,
                                                 std::uint64_t generation, std::uint32_t grade,
                                                 const std::string& program) {
  UniqueFd fd = open_readers_file(readers, O_RDWR);
  if (!fd) return nullptr;
  std::uint32_t entry = 0;
  // Lowest first: the writer reads no further than the highest entry that was ever taken.
  while (entry < SHMV_READERS_MAX && !try_lock_entry(fd.get(), entry)) ++entry;
  if (entry == SHMV_READERS_MAX) return nullptr;
  std::shared_ptr<Registration> taken(new Registration(std::move(fd), entry));
  shmv_reader_entry& mine = taken->mine_;
  mine.generation = generation;
  mine.pid = static_cast<std::uint32_t>(::getpid());
  mine.grade = grade;
  mine.updated_monotonic_ns = monotonic_ns();
  std::memcpy(mine.program, program.data(), std::min(program.size(), sizeof mine.program - 1));
  // One write, which also wipes what a dead reader may have left in the entry.
  if (!taken->write_part(&mine, sizeof mine, 0)) return nullptr;
  if (grade == SHMV_GRADE_HOLD) taken->page_.map(taken->fd_.get(), entry);
  return taken;
}

Registration::~Registration() {
  mine_ = {};
  write_part(&mine_, sizeof mine_, 0);
}

[[gnu::hot]] bool Registration::write_part(const void* part, std::size_t bytes, std::size_t offset) noexcept {
  return ::pwrite(fd_.get(), part, bytes, reader_entry_offset(entry_) + static_cast<off_t>(offset)) ==
         static_cast<ssize_t>(bytes);
}

[[gnu::hot]] bool Registration::write_hold(int hold) noexcept {
  return write_part(&mine_.hold[hold], sizeof mine_.hold[hold],
                    offsetof(shmv_reader_entry, hold) + 8U * static_cast<unsigned>(hold));
}

[[gnu::hot]] int Registration::hold(std::uint64_t word) noexcept {
  const std::lock_guard guard(mutex_);
  for (int i = 0; i < SHMV_HOLDS_MAX; ++i) {
    if (mine_.hold[i] != 0) continue;
    mine_.hold[i] = word;
    if (write_hold(i)) return i;
    mine_.hold[i] = 0;
    return -1;
  }
  return -1;
}

[[gnu::hot]] bool Registration::change(int hold, std::uint64_t word, std::uint64_t generation) noexcept {
  const std::lock_guard guard(mutex_);
  if (generation != mine_.generation) return false;
  const std::uint64_t before = std::exchange(mine_.hold[hold], word);
  if (page_.advance(hold, before, word) || write_hold(hold)) return true;
  mine_.hold[hold] = before;
  return false;
}

[[gnu::hot]] void Registration::release(int hold, std::uint64_t generation) noexcept {
  const std::lock_guard guard(mutex_);
  if (generation != mine_.generation) return;
  mine_.hold[hold] = 0;
  write_hold(hold);
}

void Registration::enter_generation(std::uint64_t generation) noexcept {
  const std::lock_guard guard(mutex_);
  std::fill(std::begin(mine_.hold), std::end(mine_.hold), 0);
  // Holds first, then the generation: never a hold of the old one that reads as one of the new.
  write_part(mine_.hold, sizeof mine_.hold, offsetof(shmv_reader_entry, hold));
  mine_.generation = generation;
  write_part(&mine_.generation, sizeof mine_.generation, offsetof(shmv_reader_entry, generation));
}

void Registration::set_statistics(std::uint64_t seen, std::uint64_t missed,
                                  std::uint64_t last_number) noexcept {
  const std::lock_guard guard(mutex_);
  mine_.seen = seen;
  mine_.missed = missed;
  mine_.last_number = last_number;
  mine_.updated_monotonic_ns = monotonic_ns();
  // Everything behind the holds, which have writes of their own.
  constexpr std::size_t kFrom = offsetof(shmv_reader_entry, key_request);
  write_part(reinterpret_cast<const std::byte*>(&mine_) + kFrom, sizeof mine_ - kFrom, kFrom);
}

bool Registration::request_key() noexcept {
  const std::lock_guard guard(mutex_);
  ++mine_.key_request;
  return write_part(&mine_.key_request, sizeof mine_.key_request, offsetof(shmv_reader_entry, key_request));
}

bool Registration::is_at(const std::filesystem::path& path) const noexcept {
  return leads_to(path, fd_.get());
}

}  // namespace shmvideo
