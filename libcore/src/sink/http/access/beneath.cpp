// SPDX-License-Identifier: Apache-2.0
#include "sink/http/access/beneath.hpp"

#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "shmvideo/error.hpp"

namespace shmvideo::sink {

UniqueFd open_folder(const std::string& path) {
  UniqueFd folder(::open(path.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
  if (!folder)
    throw Error(ErrorCode::invalid_argument,
                path + ": no files can be served from there: " + std::strerror(errno));
  return folder;
}

UniqueFd detail::find_by_parts(const UniqueFd& folder, std::string_view path) {
  UniqueFd found(::openat(folder.get(), ".", O_PATH | O_DIRECTORY | O_CLOEXEC));
  while (found && !path.empty()) {
    const std::string part(path.substr(0, path.find('/')));
    path.remove_prefix(std::min(part.size() + 1, path.size()));
    if (part.empty() || part == "." || part == "..") {
      errno = ENOENT;
      return {};
    }
    // With O_PATH a link itself would be opened: what must be a folder cannot be one, the last is looked at.
    const int kind = path.empty() ? 0 : O_DIRECTORY;
    found.reset(::openat(found.get(), part.c_str(), O_PATH | O_NOFOLLOW | O_CLOEXEC | kind));
  }
  return found;
}

UniqueFd find_beneath(const UniqueFd& folder, const std::string& path) {
  open_how how{};
  how.flags = O_PATH | O_NOFOLLOW | O_CLOEXEC;
  how.resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS;
  const char* const name = path.empty() ? "." : path.c_str();
  const long opened = ::syscall(SYS_openat2, folder.get(), name, &how, sizeof how);
  // Old kernels do not know it, and old containers do not let it pass.
  if (opened < 0 && (errno == ENOSYS || errno == EPERM)) return detail::find_by_parts(folder, path);
  return UniqueFd(static_cast<int>(opened));
}

UniqueFd open_found(const UniqueFd& found) {
  const std::string path = "/proc/self/fd/" + std::to_string(found.get());
  return UniqueFd(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK));
}

}  // namespace shmvideo::sink
