// SPDX-License-Identifier: Apache-2.0
#include "toolkit/messages/log.hpp"

#include <algorithm>
#include <chrono>
#include <cstring>

#include "shmvideo/error.hpp"
#include "toolkit/messages/log_line.hpp"
#include "toolkit/terminal/terminal.hpp"

namespace shmvideo::toolkit {
namespace {

using Clock = std::chrono::steady_clock;

/// To the line's begin, and all that is in it away; below it too, where a window that was made narrower
/// broke it in two.
constexpr const char* kClear = "\r\033[J";

LogLevel effective_level(const LogOptions& options) {
  return options.verbose ? LogLevel::debug : options.quiet ? LogLevel::error : options.level;
}

std::filesystem::path file_of(const LogOptions& options) {
  return !options.file || *options.file == "-" ? std::filesystem::path() : *options.file;
}

std::unique_ptr<LogOutput> open(const std::filesystem::path& file) {
  return file.empty() ? nullptr : std::make_unique<LogOutput>(file);
}

const char* reason_text(int failure) {
  return failure == EAGAIN ? "nobody took them" : std::strerror(failure);
}

}  // namespace

Log::Log(std::string program, const LogOptions& options, int descriptor)
    : program_(std::move(program)),
      level_(effective_level(options)),
      format_(options.format),
      stream_(descriptor),
      file_(open(file_of(options))) {}

Log::~Log() {
  const std::lock_guard lock(mutex_);
  repeats_.tell_all(Clock::now(), teller());
  if (!std::exchange(status_, {}).empty()) stream_.draw(kClear);
}

Repeats::Tell Log::teller() {
  return
      [this](LogLevel level, const std::string& message, unsigned count) { put_line(level, message, count); };
}

void Log::put(LogLevel level, std::string message) {
  const std::lock_guard lock(mutex_);
  repeats_.add(level, std::move(message), Clock::now(), teller());
}

void Log::tell_overdue() {
  const std::lock_guard lock(mutex_);
  repeats_.tell_overdue(Clock::now(), teller());
}

void Log::put_line(LogLevel level, std::string_view message, unsigned count) {
  LogOutput& output = file_ ? *file_ : stream_;
  std::string lines = line_of(level, message, count) + '\n';
  if (missing_ > 0) {
    const std::string gap =
        fmt::format("{} lines are missing here: {}", missing_, reason_text(output.failure()));
    lines.insert(0, line_of(LogLevel::warn, gap, 1) + '\n');
  }
  if (file_ ? file_->write(std::move(lines)) : put_on_terminal(std::move(lines))) {
    missing_ = 0;
  } else if (++missing_ == 1 && file_) {
    note_failure();
  }
}

/// Once, where it can be seen.
void Log::note_failure() {
  say(fmt::format("cannot write to the log file '{}': {}; goes on without it", file_->file().string(),
                  reason_text(file_->failure())));
}

std::string Log::line_of(LogLevel level, std::string_view message, unsigned count) const {
  const LogLine line{program_, level, message, count};
  if (format_ == LogFormat::json) return json_line(line);
  if (file_) return file_line(line);
  if (stream_.is_journal()) return journal_line(line);
  return stream_.is_terminal() ? terminal_line(line, stream_.has_colour()) : stamped_line(line);
}

/// Messages pass above the status line.
bool Log::put_on_terminal(std::string lines) {
  // What stands in the current line is ours, or of a process of the same job; but for a shell that has the
  // terminal while we are in the background.
  if (stream_.can_draw() && is_in_foreground(stream_.descriptor())) {
    lines.insert(0, kClear);
    lines += drawn_status();
  }
  return stream_.write(std::move(lines));
}

std::string Log::drawn_status() const {
  return status_.empty() ? status_ : cut_to_columns(status_, columns()) + "\r";
}

/// A line that is as wide as the terminal would be broken in two.
std::size_t Log::columns() const { return std::max(terminal_size(stream_.descriptor()).columns, 2U) - 1; }

bool Log::has_status() const {
  return stream_.can_draw() && is_on(LogLevel::info) && (file_ || format_ == LogFormat::text);
}

std::optional<std::size_t> Log::status_columns() const {
  const std::lock_guard lock(mutex_);
  return has_status() ? std::optional(columns()) : std::nullopt;
}

bool Log::has_file() const {
  const std::lock_guard lock(mutex_);
  return file_ != nullptr;
}

void Log::set_status(std::string text) {
  const std::lock_guard lock(mutex_);
  if (!has_status()) text.clear();
  if (text.empty() && status_.empty()) return;
  status_ = on_one_line(text);
  stream_.draw(kClear + drawn_status());
}

void Log::last_words(std::string_view sentence) {
  const std::lock_guard lock(mutex_);
  repeats_.tell_all(Clock::now(), teller());
  status_.clear();
  if (file_) put_line(LogLevel::error, sentence);
  say(sentence);
}

/// On standard error, even where a file has the messages.
void Log::say(std::string_view sentence) {
  const LogLine line{program_, LogLevel::error, sentence};
  if (format_ == LogFormat::json) {
    put_on_terminal(json_line(line) + '\n');
  } else if (stream_.is_journal()) {
    put_on_terminal(journal_line(line) + '\n');
  } else {
    put_on_terminal(fmt::format("{}: {}\n", program_, on_one_line(sentence)));
  }
}

void Log::configure(const LogOptions& options) {
  std::string trouble;
  {
    const std::lock_guard lock(mutex_);
    level_ = effective_level(options);
    format_ = options.format;
    if (const auto wanted = file_of(options); wanted != (file_ ? file_->file() : std::filesystem::path())) {
      try {
        auto fresh = open(wanted);
        repeats_.tell_all(Clock::now(), teller());
        file_ = std::move(fresh);
        missing_ = 0;
      } catch (const Error& error) {
        trouble = error.what();
      }
    }
  }
  if (!trouble.empty()) warn("{}; messages go where they went before", trouble);
}

void Log::reopen() {
  std::string trouble;
  {
    const std::lock_guard lock(mutex_);
    if (!file_) return;
    repeats_.tell_all(Clock::now(), teller());
    try {
      file_->reopen();
    } catch (const Error& error) {
      trouble = error.what();
    }
  }
  if (!trouble.empty()) warn("{}; messages go where they went before", trouble);
}

}  // namespace shmvideo::toolkit
