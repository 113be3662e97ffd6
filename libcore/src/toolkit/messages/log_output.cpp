// SPDX-License-Identifier: Apache-2.0
#include "toolkit/messages/log_output.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <utility>

#include "shmvideo/error.hpp"
#include "toolkit/terminal/terminal.hpp"

namespace shmvideo::toolkit {
namespace {

constexpr int kPatienceMs = 100;

/// systemd says "device:inode" of the stream that goes to the journal.
bool is_the_journal(int descriptor) {
  const char* stream = std::getenv("JOURNAL_STREAM");
  struct stat status {};
  return stream && ::fstat(descriptor, &status) == 0 &&
         fmt::format("{}:{}", status.st_dev, status.st_ino) == stream;
}

/// What to do about a file that cannot be opened.
const char* advice(int reason) {
  switch (reason) {
    case ENOENT:
    case ENOTDIR:
      return "make its directory first";
    case EISDIR:
      return "name a file in it";
    case ENXIO:
      return "it is a pipe or socket that nobody reads; start its reader first";
    case EACCES:
    case EPERM:
    case EROFS:
      return "name one where this user may write";
    default:
      return "name another with --log-file";
  }
}

int open_file(const std::filesystem::path& file) {
  // Without O_NONBLOCK, a pipe without a reader would keep us here.
  const int descriptor =
      ::open(file.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOCTTY | O_NONBLOCK, 0640);
  if (descriptor < 0) {
    const int reason = errno;
    throw Error(ErrorCode::system,
                fmt::format("cannot open the log file '{}': {}; {}", file.string(), std::strerror(reason),
                            advice(reason)),
                reason);
  }
  ::fcntl(descriptor, F_SETFL, O_APPEND);  // takes O_NONBLOCK away
  return descriptor;
}

}  // namespace

LogOutput::LogOutput(int descriptor)
    : descriptor_(descriptor),
      is_terminal_(toolkit::is_terminal(descriptor)),
      is_journal_(is_the_journal(descriptor)),
      has_colour_(wants_colour(descriptor)),
      can_draw_(toolkit::can_draw(descriptor)) {}

LogOutput::LogOutput(std::filesystem::path file)
    : file_(std::move(file)),
      descriptor_(open_file(file_)),
      is_terminal_(false),
      is_journal_(false),
      has_colour_(false),
      can_draw_(false) {}

LogOutput::~LogOutput() {
  if (!file_.empty()) ::close(descriptor_);
}

void LogOutput::reopen() {
  if (file_.empty()) return;
  ::close(std::exchange(descriptor_, open_file(file_)));
  is_within_line_ = false;
}

bool LogOutput::is_ready(int patience_ms) noexcept {
  pollfd wanted{descriptor_, POLLOUT, 0};
  return ::poll(&wanted, 1, patience_ms) != 0;  // an error shows again when it is written
}

bool LogOutput::write(std::string text) {
  // A terminal that is halted (Ctrl-S), or a pipe that nobody reads, is waited for once, not for each line.
  if (!is_ready(failure_ == EAGAIN ? 0 : kPatienceMs)) {
    failure_ = EAGAIN;
    return false;
  }
  if (is_within_line_) text.insert(text.begin(), '\n');
  ssize_t written = 0;
  do {
    written = ::write(descriptor_, text.data(), text.size());
  } while (written < 0 && errno == EINTR);
  const bool is_whole = written == static_cast<ssize_t>(text.size());
  failure_ = is_whole ? 0 : written < 0 ? errno : ENOSPC;
  if (written > 0) is_within_line_ = !is_whole;
  return is_whole;
}

void LogOutput::draw(const std::string& text) noexcept {
  if (!is_ready(0) || !is_in_foreground(descriptor_)) return;
  // A terminal that is gone must not stop the work.
  [[maybe_unused]] const ssize_t ignored = ::write(descriptor_, text.data(), text.size());
}

}  // namespace shmvideo::toolkit
