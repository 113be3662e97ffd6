// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>

namespace shmvideo::toolkit {

/// Where the lines of a log go to: a descriptor that somebody else owns, or a file of our own that is only
/// added to. What does not take a line must not stop the work: after a tenth of a second the line is left
/// out. Not thread-safe.
class LogOutput {
 public:
  explicit LogOutput(int descriptor);
  /// Throws Error.
  explicit LogOutput(std::filesystem::path file);
  ~LogOutput();
  LogOutput(const LogOutput&) = delete;
  LogOutput& operator=(const LogOutput&) = delete;

  bool is_terminal() const noexcept { return is_terminal_; }
  /// Of the journal, which stamps the time itself.
  bool is_journal() const noexcept { return is_journal_; }
  bool has_colour() const noexcept { return has_colour_; }
  /// A terminal that lets a line be drawn anew.
  bool can_draw() const noexcept { return can_draw_; }
  int descriptor() const noexcept { return descriptor_; }
  const std::filesystem::path& file() const noexcept { return file_; }

  /// Opens the file again, which may be another one by now. Throws Error, and goes on with the old one.
  void reopen();
  /// In one write(2), so that programs that share a file do not mix their lines. False when it could not
  /// be written: failure() says why.
  bool write(std::string text);
  /// Only when that can be done at once, and not from the background of a terminal.
  void draw(const std::string& text) noexcept;
  int failure() const noexcept { return failure_; }

 private:
  bool is_ready(int patience_ms) noexcept;

  const std::filesystem::path file_;
  int descriptor_;
  const bool is_terminal_;
  const bool is_journal_;
  const bool has_colour_;
  const bool can_draw_;
  int failure_ = 0;  // errno of the last write, 0 when it succeeded
  bool is_within_line_ = false;
};

}  // namespace shmvideo::toolkit
