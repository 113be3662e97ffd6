// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <fmt/format.h>

#include <atomic>
#include <filesystem>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "toolkit/messages/log_output.hpp"
#include "toolkit/messages/repeats.hpp"

namespace shmvideo::toolkit {

enum class LogFormat { text, json };

struct LogOptions {
  LogLevel level = LogLevel::info;
  LogFormat format = LogFormat::text;
  bool quiet = false;                           ///< Errors only, whatever `level` says.
  bool verbose = false;                         ///< Everything, whatever `level` says.
  std::optional<std::filesystem::path> file{};  ///< Instead of standard error; "-" is standard error, too.
};

/// What a tool has to say, a line each: `error` and `warn` for whoever runs it, `info` for what happens in
/// its life, `debug` for developers. It goes to standard error or to a file. What repeats itself is folded
/// (see Repeats), and what cannot be written is left out, counted and told later: nothing waits for a log.
///
/// On a terminal there may be a line below all others that is drawn anew (see Progress).
/// Thread-safe.
class Log {
 public:
  /// Throws Error when the file cannot be opened.
  explicit Log(std::string program, const LogOptions& options = {}, int descriptor = 2);
  ~Log();
  Log(const Log&) = delete;
  Log& operator=(const Log&) = delete;

  template <typename... Args>
  void error(fmt::format_string<Args...> text, Args&&... args) {
    write(LogLevel::error, text, std::forward<Args>(args)...);
  }
  template <typename... Args>
  void warn(fmt::format_string<Args...> text, Args&&... args) {
    write(LogLevel::warn, text, std::forward<Args>(args)...);
  }
  template <typename... Args>
  void info(fmt::format_string<Args...> text, Args&&... args) {
    write(LogLevel::info, text, std::forward<Args>(args)...);
  }
  template <typename... Args>
  void debug(fmt::format_string<Args...> text, Args&&... args) {
    write(LogLevel::debug, text, std::forward<Args>(args)...);
  }
  bool is_on(LogLevel level) const { return level <= level_.load(std::memory_order_relaxed); }

  /// The one line of a tool that ends badly: "shm-x: sentence" (or a JSON line). Always shown, on standard
  /// error whatever else there is.
  void last_words(std::string_view sentence);

  /// Other options from now on. A file that cannot be opened is a warning; what there was stays then.
  void configure(const LogOptions& options);
  /// Opens the file again after somebody moved it away. Where that fails there is a warning, and the old
  /// one is written on.
  void reopen();

  /// Tells what was folded and is waiting to be told for long. To be called now and then.
  void tell_overdue();

  /// How long a line below the others may be; nothing where there is none: that takes a terminal that can
  /// draw, on which messages are text, and wanted.
  std::optional<std::size_t> status_columns() const;
  /// Whether messages go elsewhere than where that line is.
  bool has_file() const;
  /// Draws that line, or takes it away when it is empty. Cut to the terminal's width.
  void set_status(std::string text);

 private:
  template <typename... Args>
  void write(LogLevel level, fmt::format_string<Args...> text, Args&&... args) {
    if (is_on(level)) put(level, fmt::format(text, std::forward<Args>(args)...));
  }
  void put(LogLevel level, std::string message);
  Repeats::Tell teller();
  void put_line(LogLevel level, std::string_view message, unsigned count = 1);
  std::string line_of(LogLevel level, std::string_view message, unsigned count) const;
  bool put_on_terminal(std::string lines);
  bool has_status() const;
  std::size_t columns() const;
  std::string drawn_status() const;
  void note_failure();
  void say(std::string_view sentence);

  const std::string program_;
  std::atomic<LogLevel> level_;
  mutable std::mutex mutex_;  // guards what follows
  LogFormat format_;
  LogOutput stream_;
  std::unique_ptr<LogOutput> file_;  // none: the stream has the messages
  Repeats repeats_;
  unsigned missing_ = 0;  // lines that could not be written, until that was told
  std::string status_;
};

}  // namespace shmvideo::toolkit
