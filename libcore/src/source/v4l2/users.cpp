// SPDX-License-Identifier: Apache-2.0
// What failed, and who is in the way: a look through /proc, as fuser does it.
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <vector>

#include "shmvideo/error.hpp"
#include "source/is_number.hpp"
#include "source/v4l2/device.hpp"

namespace shmvideo::source {
namespace {

namespace fs = std::filesystem;

bool has_open(const fs::path& process, dev_t device) {
  std::error_code error;
  for (fs::directory_iterator it(process / "fd", error), end; !error && it != end; it.increment(error)) {
    struct stat status {};
    if (::stat(it->path().c_str(), &status) == 0 && S_ISCHR(status.st_mode) && status.st_rdev == device) {
      return true;
    }
  }
  return false;
}

}  // namespace

std::string users_of(const std::string& path) {
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0) return {};
  std::vector<std::string> users;
  std::error_code error;
  for (fs::directory_iterator it("/proc", error), end; !error && it != end; it.increment(error)) {
    const std::string pid = it->path().filename().string();
    if (!is_number(pid) || pid == std::to_string(::getpid()) || !has_open(it->path(), status.st_rdev))
      continue;
    std::string name;
    std::ifstream comm(it->path() / "comm");
    std::getline(comm, name);
    users.push_back(fmt::format("{} (pid {})", name.empty() ? "a program" : name, pid));
  }
  return fmt::format("{}", fmt::join(users, ", "));
}

void fail_device(const std::string& path, const char* what, int number) {
  if (number != EBUSY) {
    throw Error(ErrorCode::source_failed, fmt::format("{} camera {}: {}", what, path, std::strerror(number)),
                number);
  }
  const std::string users = users_of(path);
  throw Error(ErrorCode::source_failed,
              fmt::format("camera {} is used by {}", path, users.empty() ? "another program" : users),
              number);
}

}  // namespace shmvideo::source
