// SPDX-License-Identifier: Apache-2.0
#include "transport/readers_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>

#include <cstring>

namespace shmvideo {
namespace {

struct flock entry_lock(short type, std::uint32_t entry) {
  struct flock lock {};
  lock.l_type = type;
  lock.l_whence = SEEK_SET;
  lock.l_start = static_cast<off_t>(entry);
  lock.l_len = 1;
  return lock;
}

bool is_valid(int fd) noexcept {
  struct stat status {};
  shmv_readers_header header{};
  return ::fstat(fd, &status) == 0 && S_ISREG(status.st_mode) &&
         ::pread(fd, &header, sizeof header, 0) == static_cast<ssize_t>(sizeof header) &&
         header.magic == SHMV_READERS_MAGIC && header.abi_major == SHMV_ABI_MAJOR &&
         header.entry_bytes == SHMV_READER_ENTRY_BYTES;
}

}  // namespace

bool try_lock_entry(int fd, std::uint32_t entry) noexcept {
  struct flock lock = entry_lock(F_WRLCK, entry);
  return ::fcntl(fd, F_OFD_SETLK, &lock) == 0;
}

void unlock_entry(int fd, std::uint32_t entry) noexcept {
  struct flock lock = entry_lock(F_UNLCK, entry);
  ::fcntl(fd, F_OFD_SETLK, &lock);
}

bool is_entry_locked(int fd, std::uint32_t entry) noexcept {
  struct flock lock = entry_lock(F_WRLCK, entry);
  return ::fcntl(fd, F_OFD_GETLK, &lock) == 0 && lock.l_type != F_UNLCK;
}

[[gnu::hot]] std::uint32_t read_entries(int fd, shmv_reader_entry* to) noexcept {
  const ssize_t got = ::pread(fd, to, SHMV_READERS_MAX * sizeof *to, SHMV_READERS_HEADER_BYTES);
  return got > 0 ? static_cast<std::uint32_t>(static_cast<std::size_t>(got) / sizeof *to) : 0;
}

UniqueFd open_readers_file(const std::filesystem::path& path, int flags) noexcept {
  UniqueFd fd(::open(path.c_str(), flags | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK));
  if (fd && !is_valid(fd.get())) fd.reset();
  return fd;
}

UniqueFd open_or_create_readers_file(const std::filesystem::path& path, mode_t mode, gid_t group) noexcept {
  UniqueFd fd = open_readers_file(path, O_RDWR);
  // One that another user put there could have every slot held by him; better none than that.
  struct stat status {};
  if (fd && (::fstat(fd.get(), &status) != 0 || status.st_uid != ::geteuid())) fd.reset();
  if (!fd) {
    ::unlink(path.c_str());
    fd = UniqueFd(::open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600));
    if (!fd) return fd;
    shmv_readers_header header{};
    header.magic = SHMV_READERS_MAGIC;
    header.abi_major = SHMV_ABI_MAJOR;
    header.abi_minor = SHMV_ABI_MINOR;
    header.entry_bytes = SHMV_READER_ENTRY_BYTES;
    header.entry_max = SHMV_READERS_MAX;
    if (::pwrite(fd.get(), &header, sizeof header, 0) != static_cast<ssize_t>(sizeof header)) {
      ::unlink(path.c_str());
      return UniqueFd();
    }
  }
  // As the data, but whoever may read by group may also enter himself. Failing to say so leaves
  // readers as observers, which works.
  if (group != static_cast<gid_t>(-1) && ::fchown(fd.get(), static_cast<uid_t>(-1), group) != 0) return fd;
  ::fchmod(fd.get(), mode | (mode & 0040 ? 0020U : 0U));
  return fd;
}

}  // namespace shmvideo
