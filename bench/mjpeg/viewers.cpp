// SPDX-License-Identifier: Apache-2.0
#include "mjpeg/viewers.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <stdexcept>
#include <string>
#include <string_view>

namespace shmvideo_bench {
namespace {

constexpr std::string_view kRequest = "GET /stream/video HTTP/1.1\r\nHost: bench\r\n\r\n";
constexpr std::string_view kLength = "Content-Length: ";
constexpr std::string_view kHeadEnd = "\r\n\r\n";

}  // namespace

int connect_to(std::uint16_t port, std::string_view request) {
  const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (::connect(fd, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0 ||
      ::send(fd, request.data(), request.size(), MSG_NOSIGNAL) != static_cast<ssize_t>(request.size())) {
    throw std::runtime_error("cannot connect to the server");
  }
  return fd;
}

struct Viewers::Viewer {
  int fd = -1;
  std::string head;              // what came of a part's head so far
  std::size_t picture_left = 0;  // bytes
  std::atomic<std::uint64_t> parts{0};

  ~Viewer() { ::close(fd); }

  void take(std::string_view data) {
    while (!data.empty()) {
      if (picture_left > 0) {
        const std::size_t taken = std::min(picture_left, data.size());
        picture_left -= taken;
        data.remove_prefix(taken);
        if (picture_left == 0) parts.fetch_add(1, std::memory_order_relaxed);
        continue;
      }
      // Heads are short, and one that ends here ends in what was just added to it.
      const std::size_t before = head.size();
      head.append(data.substr(0, 1024));
      const auto end = head.find(kHeadEnd, before > 3 ? before - 3 : 0);
      if (end == head.npos) {
        data.remove_prefix(head.size() - before);
        continue;
      }
      data.remove_prefix(end + kHeadEnd.size() - before);
      const auto length = head.find(kLength);
      if (length < end) picture_left = std::strtoul(head.c_str() + length + kLength.size(), nullptr, 10);
      head.clear();
    }
  }
};

Viewers::Viewers(std::uint16_t port, unsigned count) : epoll_(::epoll_create1(EPOLL_CLOEXEC)) {
  for (unsigned i = 0; i < count; ++i) {
    auto viewer = std::make_unique<Viewer>();
    viewer->fd = connect_to(port, kRequest);
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.ptr = viewer.get();
    ::epoll_ctl(epoll_, EPOLL_CTL_ADD, viewer->fd, &event);
    viewers_.push_back(std::move(viewer));
  }
  thread_ = std::thread([this] { run(); });
}

Viewers::~Viewers() {
  should_end_ = true;
  thread_.join();
  ::close(epoll_);
}

void Viewers::run() {
  std::vector<char> buffer(256 * 1024);
  std::array<epoll_event, 64> events{};
  while (!should_end_) {
    const int count = ::epoll_wait(epoll_, events.data(), static_cast<int>(events.size()), 50);
    for (int i = 0; i < count; ++i) {
      auto* viewer = static_cast<Viewer*>(events[static_cast<std::size_t>(i)].data.ptr);
      const ssize_t received = ::recv(viewer->fd, buffer.data(), buffer.size(), MSG_DONTWAIT);
      if (received > 0) {
        bytes_.fetch_add(static_cast<std::uint64_t>(received), std::memory_order_relaxed);
        viewer->take({buffer.data(), static_cast<std::size_t>(received)});
      } else if (received == 0) {
        is_any_gone_ = true;
        ::epoll_ctl(epoll_, EPOLL_CTL_DEL, viewer->fd, nullptr);
      }
    }
  }
}

std::vector<std::uint64_t> Viewers::parts() const {
  std::vector<std::uint64_t> parts;
  for (const auto& viewer : viewers_) parts.push_back(viewer->parts.load(std::memory_order_relaxed));
  return parts;
}

}  // namespace shmvideo_bench
