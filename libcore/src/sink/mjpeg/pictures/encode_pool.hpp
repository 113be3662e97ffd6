// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <mutex>
#include <thread>
#include <vector>

#include "segment/unique_fd.hpp"
#include "sink/mjpeg/pictures/pressure.hpp"
#include "sink/mjpeg/pictures/task_runner.hpp"

namespace shmvideo::sink {

/// The encoder threads of a server, shared by all its segments. All calls on the loop's thread.
class EncodePool final : public TaskRunner {
 public:
  /// `threads` 0: one for each processor, at most kThreadsMax. Throws Error(system).
  EncodePool(boost::asio::io_context& loop, unsigned threads);
  ~EncodePool() override;

  void submit(EncodeTask& task) override;
  /// Waits for what is being encoded and lets the loop end: no task is touched from here on.
  void stop();
  unsigned threads() const noexcept { return thread_count_; }
  int pressure_level() const noexcept override { return pressure_.level(); }

 private:
  static constexpr unsigned kThreadsMax = 8;

  /// A task with the times of its way (monotonic clock).
  struct Job {
    EncodeTask* task = nullptr;
    std::uint64_t wanted_ns = 0;
    std::uint64_t begun_ns = 0;
    std::uint64_t made_ns = 0;
  };

  void dispatch();
  void await_done();
  void finish_done();
  void run_thread(FrameEncoder& encoder);

  static unsigned chosen(unsigned threads) noexcept;

  // The loop's.
  std::deque<Job> waiting_;
  unsigned thread_count_;
  unsigned free_threads_;
  Pressure pressure_;
  bool is_stopped_ = false;
  std::vector<Job> finishing_;
  boost::asio::posix::stream_descriptor done_descriptor_;  // the loop's own handle of done_event_

  // Everybody's.
  std::mutex mutex_;
  std::condition_variable work_is_there_;
  std::deque<Job> prepared_;
  std::vector<Job> done_;
  bool should_end_ = false;
  UniqueFd done_event_;  // an eventfd

  std::vector<std::thread> threads_;  // last: they use all of the above
};

}  // namespace shmvideo::sink
