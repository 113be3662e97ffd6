// SPDX-License-Identifier: Apache-2.0
#include "segment/name_lock.hpp"

#include <fcntl.h>
#include <pwd.h>
#include <sys/stat.h>

#include <cerrno>
#include <ctime>
#include <optional>
#include <vector>

#include "segment/generation.hpp"
#include "segment/system_error.hpp"
#include "shmvideo/error.hpp"

namespace shmvideo {
namespace {

/// Byte 0 is the name. Byte 1 is taken for a moment by whoever replaces a lock file that a dead
/// writer's forked child keeps locked.
constexpr off_t kWriterByte = 0;
constexpr off_t kTakeoverByte = 1;

/// A writer that is just ending gets this long to let go: restarts follow each other closely.
constexpr int kPatienceMs = 200;
constexpr int kRetryMs = 5;

bool try_lock(int fd, off_t byte) {
  struct flock lock {};
  lock.l_type = F_WRLCK;
  lock.l_whence = SEEK_SET;
  lock.l_start = byte;
  lock.l_len = 1;
  return ::fcntl(fd, F_OFD_SETLK, &lock) == 0;
}

bool is_still_at(int fd, const std::filesystem::path& path) {
  struct stat ours {};
  struct stat there {};
  return ::fstat(fd, &ours) == 0 && ::stat(path.c_str(), &there) == 0 && ours.st_ino == there.st_ino &&
         ours.st_dev == there.st_dev;
}

std::string user_name(uid_t uid) {
  std::vector<char> buffer(4096);
  struct passwd entry {};
  struct passwd* found = nullptr;
  if (::getpwuid_r(uid, &entry, buffer.data(), buffer.size(), &found) == 0 && found) return found->pw_name;
  return "uid " + std::to_string(uid);
}

/// Opens without O_CREAT first: root meets EACCES when it passes O_CREAT for a file of somebody
/// else's in a sticky directory (fs.protected_regular).
UniqueFd open_or_create(const std::filesystem::path& path) {
  for (int attempt = 0; attempt < 100; ++attempt) {
    UniqueFd fd(::open(path.c_str(), O_RDWR | O_CLOEXEC | O_NOFOLLOW));
    if (fd || errno != ENOENT) return fd;
    fd = UniqueFd(::open(path.c_str(), O_RDWR | O_CLOEXEC | O_NOFOLLOW | O_CREAT | O_EXCL, 0600));
    if (fd || errno != EEXIST) return fd;
  }
  errno = EAGAIN;
  return UniqueFd();
}

struct Holder {
  bool is_live = true;  ///< As far as one can tell; a writer that is starting has no segment yet.
  std::uint32_t pid = 0;
};

Holder look_at_holder(const SegmentPaths& paths) {
  try {
    const shmv_header header = open_segment_file(paths.segment).header;
    return {judge_fate(header.state, header.owner, header) != Fate::dead, header.writer_pid};
  } catch (const Error&) {
    return {};
  }
}

Error refusal(const SegmentPaths& paths, int open_errno) {
  const std::string name = "'" + paths.segment.filename().string() + "'";
  const Holder holder = look_at_holder(paths);
  struct stat status {};
  if (open_errno == EACCES && ::stat(paths.lock.c_str(), &status) == 0)
    return Error(
        holder.is_live && holder.pid ? ErrorCode::writer_exists : ErrorCode::owned_by_other_user,
        "segment " + name + " belongs to " + user_name(status.st_uid) +
            (holder.is_live && holder.pid
                 ? ", whose writer is running (pid " + std::to_string(holder.pid) + "); choose another name"
                 : "; only that user or root can remove it (shm-inspect " +
                       paths.segment.filename().string() + " --remove); or choose another name"));
  return Error(ErrorCode::writer_exists, "segment " + name + " has a writer already" +
                                             (holder.pid ? " (pid " + std::to_string(holder.pid) + ")" : "") +
                                             "; stop it or choose another name");
}

/// The writer is dead (the kernel said so in its segment), but a child that it forked has inherited
/// the lock. Puts a fresh, locked file in the place of the old one. Byte 1 of the old file makes sure
/// that of two who try, the second finds a lock file that is not the old one any more.
std::optional<UniqueFd> take_over(int old_fd, const SegmentPaths& paths) {
  if (!try_lock(old_fd, kTakeoverByte) || !is_still_at(old_fd, paths.lock) || look_at_holder(paths).is_live)
    return std::nullopt;
  const auto fresh_path = paths.lock.parent_path() / ("." + paths.lock.filename().string() + ".new");
  ::unlink(fresh_path.c_str());
  UniqueFd fresh(::open(fresh_path.c_str(), O_RDWR | O_CLOEXEC | O_NOFOLLOW | O_CREAT | O_EXCL, 0600));
  if (!fresh || !try_lock(fresh.get(), kWriterByte)) return std::nullopt;
  if (::rename(fresh_path.c_str(), paths.lock.c_str()) != 0) {
    ::unlink(fresh_path.c_str());
    return std::nullopt;
  }
  return fresh;
}

}  // namespace

NameLock NameLock::acquire(const SegmentPaths& paths) {
  for (int waited_ms = 0;; waited_ms += kRetryMs) {
    UniqueFd fd = open_or_create(paths.lock);
    if (!fd) {
      if (errno == EACCES || errno == EPERM) throw refusal(paths, EACCES);
      throw system_error("cannot open " + paths.lock.string(), errno);
    }
    if (try_lock(fd.get(), kWriterByte)) {
      // The one who had it may have removed the file between our open and our lock.
      if (is_still_at(fd.get(), paths.lock)) return NameLock(std::move(fd));
      continue;
    }
    if (!look_at_holder(paths).is_live)
      if (auto fresh = take_over(fd.get(), paths)) return NameLock(std::move(*fresh));
    if (waited_ms >= kPatienceMs) throw refusal(paths, 0);
    const timespec pause{0, kRetryMs * 1'000'000};
    ::nanosleep(&pause, nullptr);
  }
}

void NameLock::unlink(const SegmentPaths& paths) noexcept {
  if (fd_ && is_still_at(fd_.get(), paths.lock)) ::unlink(paths.lock.c_str());
}

}  // namespace shmvideo
