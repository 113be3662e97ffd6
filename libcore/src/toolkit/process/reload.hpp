// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "toolkit/process/invocation.hpp"
#include "toolkit/process/notify.hpp"
#include "toolkit/process/signals.hpp"

namespace shmvideo::toolkit {

/// Reads the configuration again when SIGHUP asks for it, hands what changed to the tool, and says what
/// has to wait for a restart. One thread.
class Reload {
 public:
  /// All are borrowed. `started` is what the tool runs with.
  Reload(const Tool& tool, int argc, const char* const* argv, const Invocation& started, Log& log,
         Notifier& notifier);

  int fd() const noexcept { return request_.fd(); }
  void on_change(std::function<void(const void* options)> apply) { apply_ = std::move(apply); }
  /// Does it if it is asked for. What goes wrong is told, and everything stays as it was.
  void handle();

 private:
  using Values = std::vector<std::string>;
  struct Changes {
    std::string applied;
    std::string waiting;  ///< for a restart
  };
  void read_again();
  Changes compare(const Cli& now) const;
  void take_over(const Cli& now);

  const Tool& tool_;
  const int argc_;
  const char* const* argv_;
  Log& log_;
  Notifier& notifier_;
  ReloadRequest request_;
  std::function<void(const void*)> apply_;
  std::unique_ptr<Invocation> latest_;  // whose options the tool may have kept
  std::vector<Values> in_force_;        // in the order of declaration
};

}  // namespace shmvideo::toolkit
