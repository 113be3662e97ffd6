// SPDX-License-Identifier: Apache-2.0
#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <mutex>
#include <stdexcept>
#include <string_view>
#include <thread>
#include <vector>

#include "http/loopback.hpp"
#include "http/roles.hpp"
#include "support/numbers.hpp"

namespace shmvideo_bench {
namespace {

constexpr std::string_view kResponseHead =
    "HTTP/1.0 200 OK\r\nContent-Type: multipart/x-mixed-replace; boundary=frame\r\n\r\n--frame\r\n";
constexpr std::string_view kPartEnd = "\r\n--frame\r\n";

int listen_anywhere() {
  const auto [fd, port] = listen_on_loopback();
  if (fd < 0) throw std::runtime_error("cannot listen");
  say(fmt::format("http://127.0.0.1:{}/", port));
  return fd;
}

/// Takes clients in a thread that sleeps while nobody comes.
class Door {
 public:
  Door() : fd_(listen_anywhere()), thread_([this] { run(); }) {}
  ~Door() {
    thread_.join();
    ::close(fd_);
  }

  /// Those who came since the last call.
  void move_to(std::vector<int>& clients) {
    const std::lock_guard lock(mutex_);
    clients.insert(clients.end(), new_ones_.begin(), new_ones_.end());
    new_ones_.clear();
  }

 private:
  void run() {
    while (!is_over()) {
      pollfd door{fd_, POLLIN, 0};
      if (::poll(&door, 1, 200) <= 0) continue;
      const int client = ::accept4(fd_, nullptr, nullptr, SOCK_CLOEXEC);
      if (client < 0) continue;
      std::array<char, 4096> request{};
      // What it says does not matter: there is one thing to be had here.
      if (::recv(client, request.data(), request.size(), 0) <= 0 ||
          ::send(client, kResponseHead.data(), kResponseHead.size(), MSG_NOSIGNAL) < 0) {
        ::close(client);
        continue;
      }
      const std::lock_guard lock(mutex_);
      new_ones_.push_back(client);
    }
  }

  int fd_;
  std::mutex mutex_;
  std::vector<int> new_ones_;
  std::thread thread_;
};

/// One system call where the kernel lets it be one. False: the client is gone.
bool send_part(int client, std::string_view head, const std::vector<std::byte>& picture) {
  std::array<iovec, 3> parts{iovec{const_cast<char*>(head.data()), head.size()},
                             iovec{const_cast<std::byte*>(picture.data()), picture.size()},
                             iovec{const_cast<char*>(kPartEnd.data()), kPartEnd.size()}};
  std::size_t left = head.size() + picture.size() + kPartEnd.size();
  msghdr message{};
  message.msg_iov = parts.data();
  message.msg_iovlen = parts.size();
  while (left > 0) {
    const ssize_t sent = ::sendmsg(client, &message, MSG_NOSIGNAL);
    if (sent < 0) return false;
    left -= static_cast<std::size_t>(sent);
    for (auto taken = static_cast<std::size_t>(sent); taken > 0 && left > 0;) {
      iovec& first = *message.msg_iov;
      const std::size_t step = std::min(taken, first.iov_len);
      first = {static_cast<char*>(first.iov_base) + step, first.iov_len - step};
      taken -= step;
      if (first.iov_len == 0) {
        ++message.msg_iov;
        --message.msg_iovlen;
      }
    }
  }
  return true;
}

std::string part_head(std::uint64_t number, std::size_t bytes) {
  timespec now{};
  ::clock_gettime(CLOCK_REALTIME, &now);
  return fmt::format(
      "Content-Type: image/jpeg\r\nContent-Length: {}\r\nX-Timestamp: {}.{:06}\r\nX-Frame-Number: {}\r\n\r\n",
      bytes, now.tv_sec, now.tv_nsec / 1000, number);
}

}  // namespace

void send_bare(const Clip& clip, unsigned fps) {
  Door door;
  std::vector<int> clients;
  const std::uint64_t began = now_ns();
  for (std::uint64_t frame = 0; !is_over(); ++frame) {
    sleep_until(began + frame * 1'000'000'000 / fps);
    const auto& picture = clip.frames[frame % clip.frames.size()];
    const std::string head = part_head(frame + 1, picture.size());
    door.move_to(clients);
    std::erase_if(clients, [&](int client) {
      const bool is_gone = !send_part(client, head, picture);
      if (is_gone) ::close(client);
      return is_gone;
    });
  }
  for (const int client : clients) ::close(client);
}

}  // namespace shmvideo_bench
