// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <thread>

#include "segment/generation.hpp"
#include "segment/unique_fd.hpp"
#include "transport/waiting.hpp"

namespace shmvideo {

/// Makes the sleep on a segment into a descriptor: a thread that sleeps as readers do and writes to an
/// eventfd. (A futex has no descriptor; io_uring's way of waiting on one is closed in containers.)
class EventNotifier {
 public:
  /// Throws Error(system).
  explicit EventNotifier(std::shared_ptr<const Generation> generation);
  ~EventNotifier();
  EventNotifier(const EventNotifier&) = delete;
  EventNotifier& operator=(const EventNotifier&) = delete;
  int fd() const noexcept { return event_.get(); }
  /// The reader went on to another generation.
  void watch(std::shared_ptr<const Generation> generation);

 private:
  void run() noexcept;
  void signal() noexcept;
  UniqueFd event_;
  std::mutex mutex_;
  std::shared_ptr<const Generation> generation_;
  Interruption change_;  // a new generation to watch, or the end
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace shmvideo
