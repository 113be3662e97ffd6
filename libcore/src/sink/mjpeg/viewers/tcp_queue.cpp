// SPDX-License-Identifier: Apache-2.0
#include "sink/mjpeg/viewers/tcp_queue.hpp"

#include <linux/sockios.h>
// Not <netinet/tcp.h>: its tcp_info ends before the field that is wanted here.
#include <linux/tcp.h>
#include <netinet/in.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include <cstddef>

namespace shmvideo::sink {
namespace {

void set_option(int socket, int level, int option, int value) noexcept {
  ::setsockopt(socket, level, option, &value, sizeof value);
}

}  // namespace

void tune_for_pictures(int socket) noexcept {
  // The end of a picture must not wait for the acknowledgement of its beginning.
  set_option(socket, IPPROTO_TCP, TCP_NODELAY, 1);
  set_option(socket, SOL_SOCKET, SO_KEEPALIVE, 1);
  set_option(socket, IPPROTO_TCP, TCP_KEEPIDLE, 30);
  set_option(socket, IPPROTO_TCP, TCP_KEEPINTVL, 10);
  set_option(socket, IPPROTO_TCP, TCP_KEEPCNT, 3);
}

std::uint64_t queued_bytes(int socket) noexcept {
  int bytes = 0;
  return ::ioctl(socket, SIOCOUTQ, &bytes) == 0 && bytes > 0 ? static_cast<std::uint64_t>(bytes) : 0;
}

std::uint64_t round_trip_ns(int socket) noexcept {
  tcp_info info{};
  socklen_t size = sizeof info;
  if (::getsockopt(socket, IPPROTO_TCP, TCP_INFO, &info, &size) != 0) return 0;
  constexpr std::size_t kEnd = offsetof(tcp_info, tcpi_min_rtt) + sizeof info.tcpi_min_rtt;
  // Microseconds; all ones stand for none.
  return size < kEnd || info.tcpi_min_rtt == ~0U ? 0 : std::uint64_t{info.tcpi_min_rtt} * 1000;
}

}  // namespace shmvideo::sink
