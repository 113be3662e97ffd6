// SPDX-License-Identifier: Apache-2.0
#include "toolkit/log.hpp"

#include <fmt/chrono.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <ctime>

#include "toolkit/json.hpp"
#include "toolkit/terminal.hpp"

namespace shmvideo::toolkit {
namespace {

using std::chrono::steady_clock;
using std::chrono::system_clock;

constexpr const char* kLevelNames[] = {"error", "warn", "info", "debug"};
constexpr const char* kColours[] = {"\033[31m", "\033[33m", "", "\033[2m"};  // red, yellow, none, faint
constexpr int kSyslogPriorities[] = {3, 4, 6, 7};
constexpr auto kTellRepeatsAfter = std::chrono::seconds(10);

LogLevel effective_level(const LogOptions& options) {
  return options.verbose ? LogLevel::debug : options.quiet ? LogLevel::error : options.level;
}

/// systemd says "device:inode" of the stream that goes to the journal, which stamps the time itself.
bool is_journal(int descriptor) {
  const char* stream = std::getenv("JOURNAL_STREAM");
  struct stat status {};
  return stream && ::fstat(descriptor, &status) == 0 &&
         fmt::format("{}:{}", status.st_dev, status.st_ino) == stream;
}

std::string utc_time() {
  const auto now = system_clock::now();
  const auto milliseconds =
      std::chrono::duration_cast<std::chrono::milliseconds>(now.time_since_epoch()).count() % 1000;
  return fmt::format("{:%Y-%m-%dT%H:%M:%S}.{:03}Z", fmt::gmtime(system_clock::to_time_t(now)), milliseconds);
}

std::string local_time() {
  const std::time_t now = std::time(nullptr);
  std::tm parts{};
  localtime_r(&now, &parts);
  return fmt::format("{:%H:%M:%S}", parts);
}

/// A message is one line, whatever a driver or a file name put into it.
std::string on_one_line(std::string_view message) {
  std::string line(message);
  for (char& c : line) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = ' ';
  }
  return line;
}

void write_line(int descriptor, std::string line) {
  line += '\n';
  // A log that cannot be written must not stop the work.
  [[maybe_unused]] const ssize_t written = ::write(descriptor, line.data(), line.size());
}

}  // namespace

Log::Log(std::string program, const LogOptions& options, int descriptor)
    : program_(std::move(program)),
      level_(effective_level(options)),
      format_(options.format),
      descriptor_(descriptor),
      is_journal_(is_journal(descriptor)),
      has_colour_(wants_colour(descriptor)) {}

Log::~Log() {
  const std::lock_guard lock(mutex_);
  put_repeats();
}

void Log::put(LogLevel level, std::string message) {
  const std::lock_guard lock(mutex_);
  const auto now = steady_clock::now();
  if (level == last_level_ && message == last_message_ && now - last_line_ < kTellRepeatsAfter) {
    ++repeats_;
    return;
  }
  put_repeats();
  put_line(level, message);
  last_message_ = std::move(message);
  last_level_ = level;
  last_line_ = now;
}

void Log::put_repeats() {
  if (repeats_ == 0) return;
  put_line(last_level_, fmt::format("{} ({} more times)", last_message_, std::exchange(repeats_, 0)));
}

void Log::put_line(LogLevel level, std::string_view message) {
  const auto index = static_cast<std::size_t>(level);
  if (format_ == LogFormat::json) {
    write_line(descriptor_, to_line(Json{{"time", utc_time()},
                                         {"level", kLevelNames[index]},
                                         {"program", program_},
                                         {"message", message}}));
    return;
  }
  const std::string text = on_one_line(message);
  if (is_journal_) {
    write_line(descriptor_, fmt::format("<{}>{}", kSyslogPriorities[index], text));
  } else if (has_colour_) {
    write_line(descriptor_, fmt::format("{} {}{:<5}{} {}", local_time(), kColours[index], kLevelNames[index],
                                        *kColours[index] ? "\033[0m" : "", text));
  } else {
    write_line(descriptor_, fmt::format("{} {:<5} {}", utc_time(), kLevelNames[index], text));
  }
}

void Log::last_words(std::string_view sentence) {
  const std::lock_guard lock(mutex_);
  put_repeats();
  if (format_ == LogFormat::json)
    put_line(LogLevel::error, sentence);
  else
    write_line(descriptor_, fmt::format("{}: {}", program_, on_one_line(sentence)));
}

}  // namespace shmvideo::toolkit
