// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>

namespace shmvideo {

/// True for a file on tmpfs, whose pages are memory.
bool is_in_memory(int fd) noexcept;

/// Gives the file `bytes` bytes of real pages, so that no later write meets a full /dev/shm (SIGBUS)
/// or a full memory cgroup (the OOM killer). What cannot fit is refused before a page is taken. Throws
/// Error(no_space) that names the MiB needed, Error(cancelled).
void reserve_pages(int fd, std::uint64_t bytes, const std::filesystem::path& directory,
                   const std::function<bool()>& is_cancelled = {});

/// Gives the mapping page table entries that may be written, so that no first touch costs a fault. Throws
/// Error(cancelled).
void populate_for_writing(void* address, std::uint64_t bytes, const std::function<bool()>& is_cancelled);

/// Moves the pages of a populated mapping of a tmpfs file into huge ones, where the kernel can and there are
/// some: copying a frame then takes about two thirds of the time here (bench/README.md). They stay as many
/// bytes. Where it cannot be, nothing changes. Throws Error(cancelled).
void gather_into_huge_pages(void* address, std::uint64_t bytes, const std::function<bool()>& is_cancelled);

/// Bytes that the machine has left for anybody; nothing where /proc does not tell.
std::optional<std::uint64_t> machine_available_bytes(const std::filesystem::path& meminfo = "/proc/meminfo");

/// Bytes that the memory cgroup of this process still admits, reclaimable page cache counted as free;
/// nothing when there is no limit or no way to tell. `root` and `self` are for tests.
std::optional<std::uint64_t> cgroup_available_bytes(const std::filesystem::path& root = "/sys/fs/cgroup",
                                                    const std::filesystem::path& self = "/proc/self/cgroup");

}  // namespace shmvideo
