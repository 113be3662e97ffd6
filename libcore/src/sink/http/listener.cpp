// SPDX-License-Identifier: Apache-2.0
#include "sink/http/listener.hpp"

#include <fcntl.h>
#include <sys/socket.h>

#include <cerrno>
#include <chrono>
#include <system_error>
#include <utility>

#include "shmvideo/error.hpp"

namespace shmvideo::sink {
namespace {

using boost::system::error_code;

/// Of a crowd that comes at once, so that those who are there already are served in between.
constexpr int kAtOnceMax = 16;

/// About the one connection that was to be taken, not about those that come.
bool is_about_one(int error_number) noexcept {
  return error_number == ECONNABORTED || error_number == EINTR || error_number == EPROTO ||
         error_number == EPERM;
}

}  // namespace

Listener::Listener(boost::asio::io_context& loop, UniqueFd listening, Take take, EventLog log)
    : listening_(loop), pause_(loop), take_(std::move(take)), log_(std::move(log)) {
  // One that was passed on may wait: another server could have taken what made it readable.
  ::fcntl(listening.get(), F_SETFL, ::fcntl(listening.get(), F_GETFL) | O_NONBLOCK);
  const int own = ::fcntl(listening.get(), F_DUPFD_CLOEXEC, 0);
  if (own < 0) throw Error(ErrorCode::system, "cannot listen", errno);
  listening_.assign(own);
}

void Listener::accept() {
  listening_.async_wait(boost::asio::posix::stream_descriptor::wait_read, [this](const error_code& error) {
    if (error || !listening_.is_open()) return;
    accept_some();
  });
}

void Listener::accept_some() {
  for (int taken = 0; taken < kAtOnceMax; ++taken) {
    sockaddr_storage from{};
    socklen_t size = sizeof from;
    const int connection = ::accept4(listening_.native_handle(), reinterpret_cast<sockaddr*>(&from), &size,
                                     SOCK_CLOEXEC | SOCK_NONBLOCK);
    if (connection >= 0) {
      take_(connection, from);
    } else if (errno == EAGAIN || errno == EWOULDBLOCK) {
      break;
    } else if (!is_about_one(errno)) {
      return pause(errno);
    }
  }
  accept();
}

/// Out of descriptors or memory, most likely: without one this would spin.
void Listener::pause(int error_number) {
  log_(EventLevel::warn, "cannot take a connection: " + std::generic_category().message(error_number));
  pause_.expires_after(std::chrono::milliseconds(200));
  pause_.async_wait([this](const error_code& stopped) {
    if (!stopped && listening_.is_open()) accept();
  });
}

void Listener::stop() {
  error_code ignored;
  listening_.close(ignored);
  pause_.cancel();
}

}  // namespace shmvideo::sink
