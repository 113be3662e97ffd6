// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string_view>

#include "http/address.hpp"

namespace shmvideo::bench::http {

/// A TCP socket that never waits. Not thread-safe.
class Socket {
 public:
  Socket() = default;
  ~Socket() { close(); }
  Socket(const Socket&) = delete;
  Socket& operator=(const Socket&) = delete;

  /// Begins to connect. `receive_bytes` of room in the kernel, 0: as the kernel likes it; that has to be
  /// told before, as it decides on the window that the other side hears of first.
  /// 0, or the errno; it is connected, or has failed, when it gets writable: see error().
  int connect(const Address& address, int receive_bytes) noexcept;
  void close() noexcept;
  int fd() const noexcept { return fd_; }
  /// The errno of what was under way; 0 if nothing went wrong.
  int error() const noexcept;

  /// As send(2) and recv(2): -1 and errno, EAGAIN where they would wait.
  long send(std::string_view bytes) noexcept;
  long receive(char* to, std::size_t most) noexcept;
  /// Receives bytes and drops them in the kernel, without copying them anywhere.
  long discard(std::size_t most) noexcept;

 private:
  int fd_ = -1;
};

}  // namespace shmvideo::bench::http
