// SPDX-License-Identifier: Apache-2.0
#include <fcntl.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstring>
#include <filesystem>
#include <thread>
#include <utility>

#include "shmvideo/error.hpp"
#include "sink/http/listen/listening.hpp"

namespace shmvideo::sink {
namespace {

sockaddr_un address_of(const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.empty() || path.size() >= sizeof address.sun_path) {
    throw Error(ErrorCode::invalid_argument, "'" + path +
                                                 "' is no path for a unix socket: it has to have 1 to " +
                                                 std::to_string(sizeof address.sun_path - 1) + " bytes");
  }
  std::memcpy(address.sun_path, path.data(), path.size());
  return address;
}

UniqueFd make_socket() {
  UniqueFd made(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (!made) throw Error(ErrorCode::system, "cannot make a unix socket", errno);
  return made;
}

/// Two servers that start at once must not take one another's new socket for one that was left behind: only
/// one of them at a time looks and makes. The folder is what both have. Who else holds that lock is not
/// waited for for long.
UniqueFd lock_folder_of(const std::string& path) {
  using namespace std::chrono_literals;
  const auto folder = std::filesystem::path(path).parent_path();
  UniqueFd lock(::open(folder.empty() ? "." : folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  for (int tries = 0; lock && tries < 100 && ::flock(lock.get(), LOCK_EX | LOCK_NB) != 0; ++tries)
    std::this_thread::sleep_for(10ms);
  return lock;
}

void remove_stale(const std::string& path) {
  struct ::stat facts {};
  if (::lstat(path.c_str(), &facts) != 0) return;  // nothing is there, or bind() will say why not
  if (!S_ISSOCK(facts.st_mode)) {
    throw Error(ErrorCode::invalid_argument,
                path + " is there already and is no socket; remove it, or choose another path with --unix");
  }
  const sockaddr_un address = address_of(path);
  const UniqueFd probe = make_socket();
  if (::connect(probe.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0 ||
      errno != ECONNREFUSED) {
    throw Error(ErrorCode::system, path + " is used by another program; choose another path with --unix",
                EADDRINUSE);
  }
  ::unlink(path.c_str());
}

}  // namespace

UnixPlace::UnixPlace(const std::string& path, mode_t mode) : path_(path) {
  address_of(path);
  const UniqueFd lock = lock_folder_of(path);
  remove_stale(path);
  bind_and_listen(mode);
}

void UnixPlace::bind_and_listen(mode_t mode) {
  const sockaddr_un address = address_of(path_);
  listening_.fd = make_socket();
  const int fd = listening_.fd.get();
  // Before it has a name: there is no moment at which it can be reached by more than may reach it. What the
  // umask takes away of it comes back afterwards.
  const bool is_made =
      ::fchmod(fd, mode) == 0 && ::bind(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
  if (!is_made)
    throw Error(ErrorCode::system, "cannot make the unix socket " + path_ + ": " + std::strerror(errno),
                errno);
  struct ::stat facts {};
  if (::lstat(path_.c_str(), &facts) == 0) {
    device_ = facts.st_dev;
    inode_ = facts.st_ino;
  }
  if (::chmod(path_.c_str(), mode) != 0 || ::listen(fd, SOMAXCONN) != 0) {
    const int why = errno;
    ::unlink(path_.c_str());
    throw Error(ErrorCode::system, "cannot listen at the unix socket " + path_, why);
  }
  listening_.is_unix = true;
  listening_.place = path_;
}

UnixPlace::UnixPlace(UnixPlace&& other) noexcept
    : path_(std::exchange(other.path_, {})),
      listening_(std::move(other.listening_)),
      device_(other.device_),
      inode_(other.inode_) {}

UnixPlace::~UnixPlace() {
  struct ::stat facts {};
  if (path_.empty() || inode_ == 0 || ::lstat(path_.c_str(), &facts) != 0) return;
  if (facts.st_dev == device_ && facts.st_ino == inode_) ::unlink(path_.c_str());
}

}  // namespace shmvideo::sink
