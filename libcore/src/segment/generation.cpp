// SPDX-License-Identifier: Apache-2.0
#include "segment/generation.hpp"

#include <fcntl.h>
#include <sys/stat.h>

#include <cerrno>
#include <cstring>

#include "segment/reserve.hpp"
#include "segment/same_file.hpp"
#include "segment/system_error.hpp"
#include "segment/validate.hpp"
#include "shmvideo/error.hpp"

namespace shmvideo {
namespace {

Error open_error(const std::filesystem::path& path, int number) {
  const std::string name = "'" + path.filename().string() + "'";
  switch (number) {
    case ENOENT:
      return Error(ErrorCode::not_found, "there is no segment " + name, number);
    case EACCES:
      return Error(
          ErrorCode::permission_denied,
          "segment " + name + " may not be read by this user; its writer's --mode and --group decide",
          number);
    case ELOOP:
      return Error(ErrorCode::not_a_segment, path.string() + " is a link, not a segment", number);
    default:
      return system_error("cannot open " + path.string(), number);
  }
}

/// Reads the header by pread, not through a mapping: a short file is a short read, not a SIGBUS.
shmv_header read_header(int fd, const std::filesystem::path& path) {
  shmv_header header{};
  const ssize_t got = ::pread(fd, &header, sizeof header, 0);
  if (got != static_cast<ssize_t>(sizeof header)) {
    const bool magic = got >= static_cast<ssize_t>(sizeof header.magic) && header.magic == SHMV_MAGIC;
    throw Error(magic ? ErrorCode::corrupt : ErrorCode::not_a_segment,
                path.string() + (magic ? " is damaged (cut off)" : " is not a shm-video segment"));
  }
  return header;
}

}  // namespace

BootId read_boot_id() noexcept {
  BootId id{};
  UniqueFd fd(::open("/proc/sys/kernel/random/boot_id", O_RDONLY | O_CLOEXEC));
  char text[37] = {};
  if (!fd || ::read(fd.get(), text, 36) != 36) return id;
  std::size_t nibble = 0;
  for (const char* c = text; *c && nibble < 32; ++c) {
    if (*c == '-') continue;
    const int value = *c <= '9' ? *c - '0' : (*c | 0x20) - 'a' + 10;
    id[nibble / 2] = static_cast<std::uint8_t>(id[nibble / 2] << 4 | (value & 15));
    ++nibble;
  }
  return id;
}

OpenedSegment open_segment_file(const std::filesystem::path& path) {
  OpenedSegment opened;
  opened.path = path;
  // O_NONBLOCK: a FIFO put there by somebody must not hang us.
  opened.fd = UniqueFd(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK));
  if (!opened.fd) throw open_error(path, errno);
  if (::fstat(opened.fd.get(), &opened.status) != 0)
    throw system_error("cannot examine " + path.string(), errno);
  if (!S_ISREG(opened.status.st_mode))
    throw Error(ErrorCode::not_a_segment, path.string() + " is not a regular file");
  shmv_header& header = opened.header = read_header(opened.fd.get(), path);
  opened.geometry = validate_header(header, static_cast<std::uint64_t>(opened.status.st_size), path.string());
  // Pages that are missing would be made, at our expense, when we touch them: a file of a few bytes on
  // disk could claim all memory.
  if (is_in_memory(opened.fd.get()) &&
      static_cast<std::uint64_t>(opened.status.st_blocks) * 512 < opened.geometry.segment_bytes)
    throw Error(ErrorCode::corrupt, path.string() + " is damaged (pages are missing)");
  // Texts of another process: end them here once, so that nobody below has to think of it.
  header.name[sizeof header.name - 1] = 0;
  header.program[sizeof header.program - 1] = 0;
  header.source[sizeof header.source - 1] = 0;
  return opened;
}

Generation::Generation(OpenedSegment opened, MappingGuard* guard)
    : mapping_(opened.fd.get(), opened.geometry.segment_bytes, Mapping::Access::read_only, guard),
      near_{mapping_.data(), opened.header.generation, opened.geometry,
            (opened.header.feature_compat & SHMV_COMPAT_HOLD_BY_NUMBER) != 0,
            shmvideo::is_of_this_boot(opened.header)},
      opened_(std::move(opened)) {}

std::shared_ptr<const Generation> Generation::open_file(const std::filesystem::path& path,
                                                        MappingGuard* guard) {
  return std::make_shared<const Generation>(open_segment_file(path), guard);
}

std::shared_ptr<const Generation> Generation::open(const SegmentName& name, MappingGuard* guard) {
  if (const auto path = find_segment(name)) return open_file(*path, guard);
  throw open_error(name.str(), ENOENT);
}

std::optional<std::filesystem::path> find_segment(const SegmentName& name) {
  for (const Place& place : candidate_places()) {
    auto path = place.directory / name.str();
    struct stat status {};
    if (::lstat(path.c_str(), &status) == 0) return path;
  }
  return std::nullopt;
}

bool is_of_this_boot(const shmv_header& fixed) noexcept {
  static const BootId boot = read_boot_id();
  return std::memcmp(fixed.boot_id, boot.data(), boot.size()) == 0;
}

namespace {

[[gnu::hot]] Fate judge(std::uint32_t state, std::uint32_t owner, bool is_of_this_boot) noexcept {
  if (state == SHMV_STATE_SUPERSEDED) return Fate::superseded;
  if (state == SHMV_STATE_CLOSED) return Fate::closed;
  if (owner & SHMV_OWNER_DIED || (owner & SHMV_OWNER_TID_MASK) == 0) return Fate::dead;
  return is_of_this_boot ? Fate::live : Fate::dead;
}

}  // namespace

Fate judge_fate(std::uint32_t state, std::uint32_t owner, const shmv_header& fixed) noexcept {
  return judge(state, owner, is_of_this_boot(fixed));
}

[[gnu::hot]] Fate Generation::fate() const noexcept {
  if (is_poisoned()) return Fate::dead;
  // The owner first: a clean end says "closed", then gives the owner word up. In the other order one
  // could meet "live" and then no owner, and take it for a death.
  const std::uint32_t owner = shared::load_acquire(live().owner);
  return judge(shared::load_acquire(live().state), owner, near_.is_of_this_boot);
}

bool Generation::is_replaced() const noexcept { return !leads_to(path(), status()); }

}  // namespace shmvideo
