// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "toolkit/log.hpp"

namespace shmvideo::toolkit {

/// One line on the terminal of standard error that is drawn anew; nothing where that is no terminal, or
/// where messages are not wanted. One thread at a time.
class ProgressLine {
 public:
  explicit ProgressLine(const Log& log);
  ~ProgressLine() { clear(); }
  ProgressLine(const ProgressLine&) = delete;
  ProgressLine& operator=(const ProgressLine&) = delete;

  bool is_wanted() const noexcept { return is_wanted_; }
  /// What is longer than the terminal is wide is cut.
  void draw(const std::string& text);
  /// Takes it away, so that others can write there. From any thread.
  void clear() noexcept;

 private:
  const bool is_wanted_;
};

}  // namespace shmvideo::toolkit
