// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <vector>

#include "segment/unique_fd.hpp"
#include "shmvideo/layout.h"

/// NAME.readers: what readers say of themselves. Reached by system calls only, by everybody (pread, pwrite,
/// and see entry_page.hpp): who may write it may also truncate it, and a short read is no signal.
namespace shmvideo {

constexpr off_t reader_entry_offset(std::uint32_t entry) {
  return SHMV_READERS_HEADER_BYTES + static_cast<off_t>(entry) * SHMV_READER_ENTRY_BYTES;
}

/// Takes the lock that makes an entry somebody's. False if another open file description has it.
bool try_lock_entry(int fd, std::uint32_t entry) noexcept;
void unlock_entry(int fd, std::uint32_t entry) noexcept;
/// True if somebody has the lock. Works with a descriptor that may only read.
bool is_entry_locked(int fd, std::uint32_t entry) noexcept;

/// Reads the entries that the file has, at most SHMV_READERS_MAX; returns how many. `to` must have
/// room for that many.
std::uint32_t read_entries(int fd, shmv_reader_entry* to) noexcept;

/// Opens an existing, valid file; empty where there is none, or where this user may not.
UniqueFd open_readers_file(const std::filesystem::path& path, int flags) noexcept;
/// The writer's: opens it, or makes it (anew where what is there is not one of ours). Empty where
/// that cannot be: readers are then observers.
UniqueFd open_or_create_readers_file(const std::filesystem::path& path, mode_t mode, gid_t group) noexcept;

}  // namespace shmvideo
