// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <fmt/format.h>

#include <chrono>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>

namespace shmvideo::toolkit {

enum class LogLevel { error, warn, info, debug };
enum class LogFormat { text, json };

struct LogOptions {
  LogLevel level = LogLevel::info;
  LogFormat format = LogFormat::text;
  bool quiet = false;    ///< Errors only, whatever `level` says.
  bool verbose = false;  ///< Everything, whatever `level` says.
};

/// Lines on standard error: `error` and `warn` for whoever runs the tool, `info` for what happens in
/// its life, `debug` for developers. One line is one write(2). The same line again is counted, not
/// repeated. Thread-safe.
class Log {
 public:
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
  bool is_on(LogLevel level) const { return level <= level_; }

  /// The one line of a tool that ends badly: "shm-x: sentence" (or a JSON line). Always shown.
  void last_words(std::string_view sentence);

 private:
  template <typename... Args>
  void write(LogLevel level, fmt::format_string<Args...> text, Args&&... args) {
    if (is_on(level)) put(level, fmt::format(text, std::forward<Args>(args)...));
  }
  void put(LogLevel level, std::string message);
  void put_line(LogLevel level, std::string_view message);
  void put_repeats();

  const std::string program_;
  const LogLevel level_;
  const LogFormat format_;
  const int descriptor_;
  const bool is_journal_;
  const bool has_colour_;
  std::mutex mutex_;
  std::string last_message_;
  LogLevel last_level_ = LogLevel::info;
  unsigned repeats_ = 0;
  std::chrono::steady_clock::time_point last_line_{};
};

}  // namespace shmvideo::toolkit
