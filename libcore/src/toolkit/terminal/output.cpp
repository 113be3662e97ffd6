// SPDX-License-Identifier: Apache-2.0
#include "toolkit/terminal/output.hpp"

#include <poll.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <string>

#include "shmvideo/error.hpp"

namespace shmvideo::toolkit {

void write_output(std::string_view text) {
  while (!text.empty()) {
    const ssize_t written = ::write(STDOUT_FILENO, text.data(), text.size());
    if (written >= 0) {
      text.remove_prefix(static_cast<std::size_t>(written));
    } else if (errno == EAGAIN) {  // somebody made it non-blocking; a terminal is often shared
      pollfd wanted{STDOUT_FILENO, POLLOUT, 0};
      ::poll(&wanted, 1, -1);
    } else if (errno == EPIPE) {
      throw OutputClosed();
    } else if (errno != EINTR) {
      const int reason = errno;
      throw Error(ErrorCode::system, std::string("cannot write to standard output: ") + std::strerror(reason),
                  reason);
    }
  }
}

}  // namespace shmvideo::toolkit
