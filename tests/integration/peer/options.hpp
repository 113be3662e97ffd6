// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <cstdlib>
#include <map>
#include <string>

namespace shmvideo_test {

/// What the peer was started with: ROLE NAME key=value ...
class PeerOptions {
 public:
  PeerOptions(int argc, char** argv) : role(argc > 1 ? argv[1] : ""), name(argc > 2 ? argv[2] : "") {
    for (int i = 3; i < argc; ++i) {
      const std::string pair = argv[i];
      const auto at = pair.find('=');
      values_[pair.substr(0, at)] = at == std::string::npos ? "1" : pair.substr(at + 1);
    }
  }
  std::string role;
  std::string name;

  bool has(const std::string& key) const { return values_.contains(key); }
  std::string text(const std::string& key, const std::string& otherwise = "") const {
    const auto found = values_.find(key);
    return found == values_.end() ? otherwise : found->second;
  }
  std::uint64_t number(const std::string& key, std::uint64_t otherwise) const {
    const auto found = values_.find(key);
    return found == values_.end() ? otherwise : std::strtoull(found->second.c_str(), nullptr, 0);
  }

 private:
  std::map<std::string, std::string> values_;
};

/// Enters the surroundings that the options ask for: another user, a small tmpfs over SHM_VIDEO_DIR, a
/// PID namespace, a kernel without futex_waitv. Called before any thread exists.
void enter_surroundings(const PeerOptions& options);

/// With "on_word": says "waiting", and goes on when a line comes.
void wait_for_word(const PeerOptions& options);
/// From now on, a system call in this thread that can wait for somebody kills the process.
void forbid_waiting();

int run_writer(const PeerOptions& options);
int run_reader(const PeerOptions& options);
int run_vandal(const PeerOptions& options);

}  // namespace shmvideo_test
