// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <string>
#include <thread>

namespace shmvideo::sink {

/// Whether `hash` was made of that password (crypt(3)). Takes as long as the hash wants: tens of
/// milliseconds, some megabytes. Thread-safe.
bool is_password(const std::string& password, const std::string& hash);

/// Checks passwords in a thread of its own, one after the other, so that pictures do not wait for it; one
/// thread, so that those who guess get no more than its share of the machine. There is no thread before
/// the first one. All calls on the loop's thread.
class PasswordCheck {
 public:
  /// The executor of the loop, which outlives it.
  explicit PasswordCheck(boost::asio::any_io_executor executor) : executor_(std::move(executor)) {}
  ~PasswordCheck() { stop(); }
  PasswordCheck(const PasswordCheck&) = delete;
  PasswordCheck& operator=(const PasswordCheck&) = delete;

  /// Calls `then` on the loop's thread. False, and nothing happens, where too many are waiting.
  bool submit(std::string password, std::string hash, std::function<void(bool is_right)> then);
  /// Waits for the one that is under way. None is told from here on.
  void stop();

 private:
  static constexpr std::size_t kWaitingMax = 32;
  struct Job {
    std::string password;
    std::string hash;
    std::function<void(bool)> then;
    bool is_right = false;
  };
  void run();
  void tell();

  boost::asio::any_io_executor executor_;
  bool is_stopped_ = false;  // the loop's

  std::mutex mutex_;
  std::condition_variable news_;
  std::deque<Job> waiting_;
  std::deque<Job> done_;
  bool should_end_ = false;
  std::thread thread_;
};

}  // namespace shmvideo::sink
