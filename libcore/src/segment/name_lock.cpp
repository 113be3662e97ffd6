// SPDX-License-Identifier: Apache-2.0
#include "segment/name_lock.hpp"

#include <fcntl.h>
#include <pwd.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <ctime>
#include <optional>
#include <vector>

#include "segment/clock.hpp"
#include "segment/generation.hpp"
#include "segment/same_file.hpp"
#include "segment/system_error.hpp"
#include "shmvideo/error.hpp"

namespace shmvideo {
namespace {

/// Byte 0 is the name. Byte 1 is taken for the moment in which somebody decides whose byte 0 is.
constexpr off_t kWriterByte = 0;
constexpr off_t kDecisionByte = 1;

/// The content of a lock file: who had the lock last. It tells a dead writer's lock, which a forked
/// child keeps, from that of one who has just begun and has no segment of its own yet.
struct Mark {
  StreamUuid holder{};
  std::uint32_t pid = 0;  ///< information only
  std::uint32_t reserved[3] = {};
};
static_assert(sizeof(Mark) == 32);

constexpr int kRetryMs = 5;
/// A heartbeat older than this proves nothing about the one who made it.
constexpr std::uint64_t kHeartbeatMaxNs = 2'000'000'000;

bool set_lock(int fd, off_t byte, short type) {
  struct flock lock {};
  lock.l_type = type;
  lock.l_whence = SEEK_SET;
  lock.l_start = byte;
  lock.l_len = 1;
  return ::fcntl(fd, F_OFD_SETLK, &lock) == 0;
}
bool try_lock(int fd, off_t byte) { return set_lock(fd, byte, F_WRLCK); }

Mark read_mark(int fd) {
  Mark mark;
  if (::pread(fd, &mark, sizeof mark, 0) != static_cast<ssize_t>(sizeof mark)) return {};
  return mark;
}

void write_mark(int fd, const StreamUuid& holder) {
  const Mark mark{holder, static_cast<std::uint32_t>(::getpid()), {}};
  // Fails only where the file system is full and the file new: then it has no mark, and nobody takes
  // the name from us.
  [[maybe_unused]] const auto written = ::pwrite(fd, &mark, sizeof mark, 0);
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

/// What the segment under the name says of its writer; nothing where there is no valid segment.
struct Holder {
  bool is_live = false;
  bool is_running = false;  ///< live, and its heartbeat is fresh
  std::uint32_t pid = 0;
  StreamUuid uuid{};
};

std::optional<Holder> look_at_holder(const SegmentPaths& paths) {
  try {
    const shmv_header header = open_segment_file(paths.segment).header;
    Holder holder;
    holder.is_live = judge_fate(header.state, header.owner, header) == Fate::live;
    holder.is_running = holder.is_live && age_ns(monotonic_ns(), header.heartbeat_ns) < kHeartbeatMaxNs;
    holder.pid = header.writer_pid;
    std::copy(std::begin(header.stream_uuid), std::end(header.stream_uuid), holder.uuid.begin());
    return holder;
  } catch (const Error&) {
    return std::nullopt;
  }
}

Error foreign_refusal(const SegmentPaths& paths, uid_t owner) {
  const std::string name = paths.segment.filename().string();
  const std::string whose = "segment '" + name + "' belongs to " + user_name(owner);
  if (const auto holder = look_at_holder(paths); holder && holder->is_live)
    return Error(ErrorCode::writer_exists, whose + ", whose writer is running (pid " +
                                               std::to_string(holder->pid) + "); choose another name");
  return Error(ErrorCode::owned_by_other_user, whose +
                                                   "; only that user or root can remove it (shm-inspect " +
                                                   name + " --remove); or choose another name");
}

Error refusal(const SegmentPaths& paths) {
  const UniqueFd fd(::open(paths.lock.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
  std::uint32_t pid = fd ? read_mark(fd.get()).pid : 0;
  if (const auto holder = look_at_holder(paths); pid == 0 && holder) pid = holder->pid;
  return Error(ErrorCode::writer_exists,
               "segment '" + paths.segment.filename().string() + "' has a writer already" +
                   (pid ? " (pid " + std::to_string(pid) + ")" : "") + "; stop it or choose another name");
}

/// True if the one who had the lock last is dead, as the kernel says in the segment that it made: then
/// it is a child that it forked that has inherited the lock. A lock without a mark, or with that of
/// somebody who has made no segment so far, is not abandoned.
bool is_abandoned(int fd, const SegmentPaths& paths) {
  const Mark mark = read_mark(fd);
  const auto holder = look_at_holder(paths);
  return mark.holder != StreamUuid{} && holder && !holder->is_live && holder->uuid == mark.holder;
}

/// True if somebody else's segment under the name is being written although the lock is free: then it
/// was the lock file that was removed, not its holder. Only a fresh heartbeat counts, so that a segment
/// that merely looks alive (one that was copied, say) keeps nobody out for good.
bool is_in_use(const SegmentPaths& paths, const StreamUuid& holder) {
  const auto there = look_at_holder(paths);
  return there && there->is_running && there->uuid != holder;
}

/// Puts a fresh, locked file in the place of an abandoned one.
std::optional<UniqueFd> replace_lock(const SegmentPaths& paths, const StreamUuid& holder) {
  ::unlink(paths.unfinished_lock.c_str());
  UniqueFd fresh(
      ::open(paths.unfinished_lock.c_str(), O_RDWR | O_CLOEXEC | O_NOFOLLOW | O_CREAT | O_EXCL, 0600));
  if (!fresh || !try_lock(fresh.get(), kWriterByte)) return std::nullopt;
  write_mark(fresh.get(), holder);
  if (::rename(paths.unfinished_lock.c_str(), paths.lock.c_str()) == 0) return fresh;
  ::unlink(paths.unfinished_lock.c_str());
  return std::nullopt;
}

/// Decides, alone as long as it has the decision byte, whose the name is. `fd` is closed, and all its
/// locks with it, unless it is returned.
std::optional<UniqueFd> try_acquire(UniqueFd fd, const SegmentPaths& paths, const StreamUuid& holder) {
  if (!try_lock(fd.get(), kDecisionByte)) return std::nullopt;
  const bool is_free = try_lock(fd.get(), kWriterByte);
  // Who had it may have removed or replaced the file between our open and our locks.
  if (!leads_to(paths.lock, fd.get())) return std::nullopt;
  if (!is_free) return is_abandoned(fd.get(), paths) ? replace_lock(paths, holder) : std::nullopt;
  if (is_in_use(paths, holder)) {
    ::unlink(paths.lock.c_str());  // a file that stands for nothing
    return std::nullopt;
  }
  write_mark(fd.get(), holder);
  ::unlink(paths.unfinished_lock.c_str());
  set_lock(fd.get(), kDecisionByte, F_UNLCK);
  return fd;
}

}  // namespace

NameLock NameLock::acquire(const SegmentPaths& paths, const StreamUuid& holder,
                           std::chrono::milliseconds patience) {
  for (int waited_ms = 0;; waited_ms += kRetryMs) {
    UniqueFd fd = open_or_create(paths.lock);
    if (!fd) {
      const int number = errno;
      struct stat status {};
      if ((number == EACCES || number == EPERM) && ::stat(paths.lock.c_str(), &status) == 0)
        throw foreign_refusal(paths, status.st_uid);
      throw system_error("cannot open " + paths.lock.string(), number);
    }
    if (auto locked = try_acquire(std::move(fd), paths, holder)) return NameLock(std::move(*locked));
    if (waited_ms >= patience.count()) throw refusal(paths);
    const timespec pause{0, kRetryMs * 1'000'000};
    ::nanosleep(&pause, nullptr);
  }
}

bool NameLock::is_at(const SegmentPaths& paths) const noexcept {
  return fd_ && leads_to(paths.lock, fd_.get());
}

void NameLock::unlink(const SegmentPaths& paths) noexcept {
  if (is_at(paths)) ::unlink(paths.lock.c_str());
}

}  // namespace shmvideo
