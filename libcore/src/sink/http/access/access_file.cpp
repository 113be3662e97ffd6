// SPDX-License-Identifier: Apache-2.0
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "segment/unique_fd.hpp"
#include "shmvideo/error.hpp"
#include "sink/http/access/access_rules.hpp"

namespace shmvideo::sink {
namespace {

constexpr std::size_t kFileBytesMax = 1 << 20;

[[noreturn]] void refuse(const std::string& sentence) { throw Error(ErrorCode::invalid_argument, sentence); }

std::string read_all(int file, const std::string& path) {
  std::string text(kFileBytesMax + 1, '\0');
  std::size_t length = 0;
  while (length < text.size()) {
    const ssize_t count = ::read(file, text.data() + length, text.size() - length);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) refuse(path + ": cannot be read: " + std::strerror(errno));
    if (count == 0) break;
    length += static_cast<std::size_t>(count);
  }
  if (length > kFileBytesMax)
    refuse(path + ": it is longer than 1 MiB, so this is no file of users and tokens");
  text.resize(length);
  return text;
}

}  // namespace

AccessFile read_access_file(const std::string& path) {
  // Whatever it is, opening it does nothing and waits for nobody.
  const UniqueFd file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK));
  if (!file) refuse(path + ": cannot be read: " + std::strerror(errno));
  struct stat facts {};
  if (::fstat(file.get(), &facts) != 0) refuse(path + ": cannot be read: " + std::strerror(errno));
  if (!S_ISREG(facts.st_mode)) refuse(path + ": it is no regular file");
  if ((facts.st_mode & S_IWOTH) != 0)
    refuse(path + ": everybody may write it, and so let himself in; change that with: chmod o-w " + path);
  std::string text = read_all(file.get(), path);
  AccessFile read{.rules = AccessRules::parse(text, path), .remark = {}};
  wipe(text);
  if ((facts.st_mode & S_IROTH) != 0) {
    read.remark = path + ": every user of this machine may read it; change that with: chmod o-r " + path;
  }
  return read;
}

}  // namespace shmvideo::sink
