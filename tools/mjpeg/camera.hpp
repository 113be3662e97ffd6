// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "sink/mjpeg/private_source.hpp"
#include "toolkit/messages/log.hpp"
#include "toolkit/process/child.hpp"

namespace shmvideo::mjpeg {

/// The camera of the configuration, by a shm-capture of our own on a private segment.
///
/// A thread keeps the program going as long as it is wanted: starts it, hands its messages to the log, starts
/// it again when it ends (after pauses that grow), and sees to it that neither it nor its segment is left
/// behind. Where the camera is not wanted there is no program, and the thread sleeps. All calls return at
/// once, but for the destructor. Thread-safe.
class Camera final : public sink::PrivateSource {
 public:
  /// `config`: what --config named, for shm-capture to read as well; empty: nothing. `log` is borrowed.
  Camera(std::string config, toolkit::Log& log);
  ~Camera() override;

  const SegmentName& segment() const noexcept override { return segment_; }
  void start(std::uint32_t width, std::uint32_t height, std::function<void()> on_failure) override;
  void stop() noexcept override;
  bool is_starting() const override;
  std::string why_not() const override;
  /// The configuration may have changed: shm-capture has to read it again.
  void read_configuration_again() noexcept;

 private:
  using Clock = std::chrono::steady_clock;
  struct Wish {
    std::uint32_t width = 0;
    std::uint32_t height = 0;
  };
  struct Orders {  // what the thread is told
    std::optional<Wish> wish;
    bool is_hang_up = false;
    bool is_end = false;
  };

  void keep();
  void run_while_wanted(const Wish& wish);
  bool run_once(const Wish& wish);
  bool follow(toolkit::ChildProcess& child);
  void relay(const std::string& line);
  Orders wait_for_orders(int other_fd, std::chrono::nanoseconds timeout);
  void wake() noexcept;
  bool is_wanted() const;
  bool is_idle() const;
  void failed(std::string reason);
  std::vector<std::string> command(const Wish& wish) const;

  const std::string config_;
  toolkit::Log& log_;
  const SegmentName segment_;
  UniqueFd wake_;  // an eventfd
  mutable std::mutex mutex_;
  Orders orders_;                     // guarded
  std::string reason_;                // guarded; empty: nothing went wrong
  std::function<void()> on_failure_;  // guarded; empty while it is not wanted
  std::string last_complaint_;        // the thread's
  std::thread thread_;                // from the first start() on
};

}  // namespace shmvideo::mjpeg
