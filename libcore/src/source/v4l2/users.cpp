// SPDX-License-Identifier: Apache-2.0
// Who has a device open: a look through /proc, as fuser does it.
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <vector>

#include "source/v4l2/device.hpp"

namespace shmvideo::source {
namespace {

namespace fs = std::filesystem;

bool is_number(const std::string& text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

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

}  // namespace shmvideo::source
