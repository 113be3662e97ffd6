// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <vector>

namespace shmvideo_test {

/// How long a test waits for what must happen; the machine may be busy, so it is long. Where something is
/// known not to happen (script/mutate), SHMVIDEO_TEST_PATIENCE is as many seconds instead.
inline const std::chrono::seconds kPatience{
    std::getenv("SHMVIDEO_TEST_PATIENCE") ? std::atoi(std::getenv("SHMVIDEO_TEST_PATIENCE")) : 30};

/// A second process (peer/main.cpp), started by and ending with this object. One thread.
class Peer {
 public:
  /// ROLE NAME key=value ...
  explicit Peer(const std::vector<std::string>& arguments);
  ~Peer();
  Peer(Peer&& other) noexcept;
  Peer& operator=(Peer&& other) noexcept;

  pid_t pid() const { return pid_; }
  /// The next line that it says; "" if it ended. Fails the test when there is none in time.
  std::string line();
  /// Whether line() would return at once.
  bool has_spoken() const;
  void send(const std::string& command);
  /// send(), then line().
  std::string ask(const std::string& command);

  void kill();    ///< kill -9, and waits for its end
  void stop();    ///< SIGSTOP, and waits until it stands
  void resume();  ///< SIGCONT
  /// Closes its input and returns its exit status, 128 + signal.
  int finish();

 private:
  int wait();
  pid_t pid_ = -1;
  int in_ = -1;
  int out_ = -1;
  std::string unread_;
};

/// The number after "key=" in an answer; fails the test where there is none.
std::uint64_t value(const std::string& answer, const std::string& key);

void pause_briefly();
/// Waits until `condition` is true; false if it is not in time.
template <typename Condition>
bool eventually(Condition condition) {
  for (const auto deadline = std::chrono::steady_clock::now() + kPatience;;) {
    if (condition()) return true;
    if (std::chrono::steady_clock::now() > deadline) return false;
    pause_briefly();
  }
}

std::uint64_t now_ns();
/// Whether this test may become other users and mount file systems; says so if it may not.
bool is_root_or_skipped();
/// Whether a peer answered that the surroundings that it was to enter are not to be had here; says so.
bool is_unavailable(const std::string& answer);

}  // namespace shmvideo_test
