// SPDX-License-Identifier: Apache-2.0
#include "http/socket.hpp"

#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>

namespace shmvideo::bench::http {

int Socket::connect(const Address& address, int receive_bytes) noexcept {
  close();
  fd_ = ::socket(address.storage.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (fd_ < 0) return errno;
  if (receive_bytes > 0) ::setsockopt(fd_, SOL_SOCKET, SO_RCVBUF, &receive_bytes, sizeof receive_bytes);
  const auto* to = reinterpret_cast<const sockaddr*>(&address.storage);
  return ::connect(fd_, to, address.bytes) == 0 || errno == EINPROGRESS ? 0 : errno;
}

void Socket::close() noexcept {
  if (fd_ >= 0) ::close(fd_);
  fd_ = -1;
}

int Socket::error() const noexcept {
  int error = 0;
  socklen_t bytes = sizeof error;
  return ::getsockopt(fd_, SOL_SOCKET, SO_ERROR, &error, &bytes) == 0 ? error : errno;
}

long Socket::send(std::string_view bytes) noexcept {
  return ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
}

long Socket::receive(char* to, std::size_t most) noexcept { return ::recv(fd_, to, most, 0); }

long Socket::discard(std::size_t most) noexcept {
  return ::recv(fd_, nullptr, most, MSG_TRUNC);  // tcp(7): thrown away rather than passed back
}

}  // namespace shmvideo::bench::http
