// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <string_view>
#include <thread>
#include <vector>

namespace shmvideo_bench {

/// A connection to 127.0.0.1 on which `request` was sent. Throws std::runtime_error.
int connect_to(std::uint16_t port, std::string_view request);

/// Viewers of a stream, all in one thread, who count the parts and look at nothing else.
class Viewers {
 public:
  /// Connects them. Throws std::runtime_error.
  Viewers(std::uint16_t port, unsigned count);
  ~Viewers();
  Viewers(const Viewers&) = delete;
  Viewers& operator=(const Viewers&) = delete;

  unsigned count() const noexcept { return static_cast<unsigned>(viewers_.size()); }
  /// Parts that each has received so far, to the end of the picture.
  std::vector<std::uint64_t> parts() const;
  std::uint64_t bytes() const noexcept { return bytes_; }
  bool is_any_gone() const noexcept { return is_any_gone_; }

 private:
  struct Viewer;
  void run();

  int epoll_ = -1;
  std::vector<std::unique_ptr<Viewer>> viewers_;
  std::atomic<std::uint64_t> bytes_{0};
  std::atomic<bool> should_end_{false};
  std::atomic<bool> is_any_gone_{false};
  std::thread thread_;
};

}  // namespace shmvideo_bench
