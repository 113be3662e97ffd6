// SPDX-License-Identifier: Apache-2.0
#include "segment/reserve.hpp"

#include <fcntl.h>
#include <linux/magic.h>
#include <sys/mman.h>
#include <sys/statfs.h>
#include <sys/statvfs.h>

#include <algorithm>
#include <cerrno>
#include <fstream>

#include "segment/mapping.hpp"
#include "segment/system_error.hpp"
#include "shmvideo/layout.h"

namespace shmvideo {
namespace {

#ifndef MADV_POPULATE_WRITE
#define MADV_POPULATE_WRITE 23
#endif

constexpr std::uint64_t kMiB = 1024 * 1024;
std::string mib(std::uint64_t bytes) { return std::to_string((bytes + kMiB - 1) / kMiB) + " MiB"; }

/// The first number in a file; nothing for "max" or no file.
std::optional<std::uint64_t> read_number(const std::filesystem::path& path) {
  std::ifstream in(path);
  std::uint64_t value = 0;
  if (in >> value) return value;
  return std::nullopt;
}

/// Page cache that the kernel would rather give back than kill for it.
std::uint64_t reclaimable_bytes(const std::filesystem::path& statistics) {
  std::ifstream in(statistics);
  std::string key;
  std::uint64_t value = 0;
  while (in >> key >> value)
    if (key == "inactive_file" || key == "total_inactive_file") return value;
  return 0;
}

struct CgroupFiles {
  const char* limit;
  const char* usage;
};
constexpr CgroupFiles kVersion2{"memory.max", "memory.current"};
constexpr CgroupFiles kVersion1{"memory.limit_in_bytes", "memory.usage_in_bytes"};

/// A limit of any ancestor counts, so the way up to the root is walked.
std::optional<std::uint64_t> tightest(const std::filesystem::path& root, std::filesystem::path group,
                                      const CgroupFiles& files) {
  std::optional<std::uint64_t> available;
  for (;; group = group.parent_path()) {
    const auto directory = root / group.relative_path();
    const auto limit = read_number(directory / files.limit);
    const auto usage = read_number(directory / files.usage);
    if (limit && usage) {
      const std::uint64_t used = *usage - std::min(*usage, reclaimable_bytes(directory / "memory.stat"));
      const std::uint64_t left = *limit > used ? *limit - used : 0;
      available = std::min(available.value_or(left), left);
    }
    if (!group.has_relative_path()) return available;
  }
}

std::uint64_t free_bytes(const std::filesystem::path& directory) {
  struct statvfs status {};
  if (::statvfs(directory.c_str(), &status) != 0) return 0;
  return static_cast<std::uint64_t>(status.f_bavail) * status.f_frsize;
}

void check_cancelled(const std::function<bool()>& is_cancelled) {
  if (is_cancelled && is_cancelled()) throw Error(ErrorCode::cancelled, "stopped while reserving memory");
}

/// In pieces: a signal that arrives ends the kernel's work on a piece and undoes it, so that the timer
/// of a program must not find all of it unfinished each time; and so that one can stop. Returns an errno.
int allocate(int fd, std::uint64_t bytes, const std::function<bool()>& is_cancelled) {
  constexpr std::uint64_t kPieceBytes = kMiB;
  for (std::uint64_t done = 0; done < bytes;) {
    check_cancelled(is_cancelled);
    const std::uint64_t piece = std::min(kPieceBytes, bytes - done);
    const int failed = ::posix_fallocate(fd, static_cast<off_t>(done), static_cast<off_t>(piece));
    if (failed == EINTR) continue;
    if (failed != 0) return failed;
    done += piece;
  }
  return 0;
}

/// A tmpfs page beyond a limit of memory does not fail: it gets somebody killed.
void check_memory(std::uint64_t bytes) {
  const auto in_group = cgroup_available_bytes();
  if (in_group && *in_group < bytes)
    throw Error(ErrorCode::no_space, "the segment needs " + mib(bytes) +
                                         " but the memory limit of this cgroup leaves " + mib(*in_group) +
                                         "; raise it, or take fewer slots or a smaller picture");
  const auto in_machine = machine_available_bytes();
  if (in_machine && *in_machine < bytes)
    throw Error(ErrorCode::no_space, "the segment needs " + mib(bytes) + " but this machine has " +
                                         mib(*in_machine) +
                                         " of memory left; take fewer slots or a smaller picture");
}

}  // namespace

std::optional<std::uint64_t> cgroup_available_bytes(const std::filesystem::path& root,
                                                    const std::filesystem::path& self) {
  std::ifstream in(self);
  std::string line;
  while (std::getline(in, line)) {
    if (line.starts_with("0::")) {
      if (const auto bytes = tightest(root, line.substr(3), kVersion2)) return bytes;
    } else if (const auto at = line.find(":memory:"); at != std::string::npos) {
      if (const auto bytes = tightest(root / "memory", line.substr(at + 8), kVersion1)) return bytes;
    }
  }
  return std::nullopt;
}

std::optional<std::uint64_t> machine_available_bytes(const std::filesystem::path& meminfo) {
  std::ifstream in(meminfo);
  std::string key;
  std::string rest;
  std::uint64_t kib = 0;
  std::optional<std::uint64_t> available;
  while (in >> key >> kib) {
    std::getline(in, rest);
    if (key == "MemAvailable:") available = kib * 1024;
    if (key == "SwapFree:" && available) *available += kib * 1024;
  }
  return available;
}

bool is_in_memory(int fd) noexcept {
  struct statfs filesystem {};
  return ::fstatfs(fd, &filesystem) == 0 && filesystem.f_type == TMPFS_MAGIC;
}

void reserve_pages(int fd, std::uint64_t bytes, const std::filesystem::path& directory,
                   const std::function<bool()>& is_cancelled) {
  // Asked first: to take all that is left and give it back would starve everybody else for a while.
  const std::uint64_t free = free_bytes(directory);
  if (is_in_memory(fd) && free >= bytes) check_memory(bytes);
  const int failed = free < bytes ? ENOSPC : allocate(fd, bytes, is_cancelled);
  if (failed == ENOSPC || failed == EDQUOT || failed == EFBIG)
    throw Error(
        ErrorCode::no_space,
        "the segment needs " + mib(bytes) + " but " + directory.string() + " has " + mib(free) +
            " free; remove stale segments (shm-inspect), enlarge it (mount -o remount,size=..., docker run "
            "--shm-size), or take fewer slots or a smaller picture",
        failed);
  if (failed != 0) throw system_error("cannot reserve " + mib(bytes) + " in " + directory.string(), failed);
}

void populate_for_writing(void* address, std::uint64_t bytes, const std::function<bool()>& is_cancelled) {
  constexpr std::uint64_t kStepBytes = 16 * kMiB;
  for (std::uint64_t done = 0; done < bytes; done += kStepBytes) {
    check_cancelled(is_cancelled);
    auto* start = static_cast<std::byte*>(address) + done;
    const std::uint64_t step = std::min(kStepBytes, bytes - done);
    if (::madvise(start, step, MADV_POPULATE_WRITE) == 0) continue;
    // Before Linux 5.14: touch each page. The file is new and ours, its bytes are zero.
    for (std::uint64_t page = 0; page < step; page += SHMV_PAGE_BYTES)
      *static_cast<volatile std::byte*>(start + page) = std::byte{0};
  }
}

void gather_into_huge_pages(void* address, std::uint64_t bytes, const std::function<bool()>& is_cancelled) {
  constexpr int kCollapse = 25;  // MADV_COLLAPSE of Linux 6.1, which older headers lack
  if (reinterpret_cast<std::uintptr_t>(address) % kHugePageBytes != 0) return;
  // One by one, so that it can be cancelled. Where one cannot be had, the next will hardly be.
  std::uint64_t done = 0;
  for (; done + kHugePageBytes <= bytes; done += kHugePageBytes) {
    check_cancelled(is_cancelled);
    if (::madvise(static_cast<std::byte*>(address) + done, kHugePageBytes, kCollapse) != 0) break;
  }
  // The old translations went with the old pages.
  if (done > 0) populate_for_writing(address, done, is_cancelled);
}

}  // namespace shmvideo
