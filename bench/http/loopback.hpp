// SPDX-License-Identifier: Apache-2.0
// Also part of programs that know nothing of this project: standard headers only.
#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

/// A socket that listens on a free port of 127.0.0.1. `fd` is -1 where that fails; the caller's to close.
struct LoopbackListener {
  int fd = -1;
  unsigned port = 0;
};

inline LoopbackListener listen_on_loopback() {
  const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t length = sizeof address;
  if (::bind(fd, reinterpret_cast<sockaddr*>(&address), length) != 0 || ::listen(fd, 1024) != 0 ||
      ::getsockname(fd, reinterpret_cast<sockaddr*>(&address), &length) != 0) {
    return {};
  }
  return {fd, ntohs(address.sin_port)};
}
