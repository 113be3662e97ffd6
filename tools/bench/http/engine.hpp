// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <functional>

#include "http/client.hpp"
#include "http/floor.hpp"
#include "http/load_result.hpp"
#include "http/thread_time.hpp"
#include "http/timeline.hpp"
#include "toolkit/tool.hpp"

namespace shmvideo::bench::http {

/// How it goes, cheap to find out.
struct Glimpse {
  bool is_measuring = false;
  double elapsed_s = 0;  ///< of the window, or of the warm-up before
  std::uint64_t frames = 0;
  double fps_min = 0;  ///< of a fast client
  std::uint64_t p99_ns = 0;
  std::uint64_t errors = 0;
  std::uint64_t broken = 0;
  std::size_t streaming = 0;  ///< clients
};

/// A run: all clients in one thread, which is the caller's, around one epoll. It ends when its time is
/// over, early when the tool is to stop, and at the end of the warm-up when nobody could connect.
class Engine {
 public:
  using Show = std::function<void(const Glimpse&)>;

  /// `floor` with what it says of pictures; both outlive it. Throws Error where the system has not enough
  /// descriptors.
  Engine(Floor& floor, toolkit::ToolContext& context);
  ~Engine();
  Engine(const Engine&) = delete;
  Engine& operator=(const Engine&) = delete;

  /// `show` is called every `show_interval`. Once.
  LoadResult run(std::chrono::nanoseconds show_interval, const Show& show);

 private:
  void invite();
  void wait(std::uint64_t until_ns);
  void serve_until(std::uint64_t end_ns);
  bool is_hopeless() const;
  void open_window();
  void close_window();
  void end_second(std::uint64_t now_ns);
  GroupMoment moment_of(Kind kind, double seconds);
  Glimpse glimpse(std::uint64_t now_ns) const;
  LoadResult result() const;
  ClientLoad load_of(const Client& client) const;

  Floor& floor_;
  toolkit::ToolContext& context_;
  std::deque<Client> clients_;
  Timeline timeline_;
  Show show_;
  std::uint64_t show_interval_ns_ = 0;
  std::uint64_t next_show_ns_ = 0;
  std::uint64_t next_second_ns_ = UINT64_MAX;
  std::uint64_t began_ns_ = 0;
  std::uint64_t second_began_ns_ = 0;
  std::uint64_t errors_before_second_ = 0;
  std::uint64_t window_ns_ = 0;  // when it was opened, 0: not yet
  std::uint64_t closed_ns_ = 0;
  bool gave_up_ = false;
  ThreadTime time_at_window_;
  ThreadTime time_at_second_;
  ThreadTime time_at_end_;
};

}  // namespace shmvideo::bench::http
