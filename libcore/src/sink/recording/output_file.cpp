// SPDX-License-Identifier: Apache-2.0
#include "sink/recording/output_file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

#include "shmvideo/error.hpp"

namespace shmvideo::sink {
namespace {

bool is_regular(int descriptor) noexcept {
  struct stat status {};
  return ::fstat(descriptor, &status) == 0 && S_ISREG(status.st_mode);
}

bool is_something_else_than_a_file(const std::filesystem::path& file) noexcept {
  struct stat status {};
  return ::stat(file.c_str(), &status) == 0 && !S_ISREG(status.st_mode);
}

}  // namespace

OutputFile::OutputFile(int descriptor, std::string name) noexcept
    : descriptor_(descriptor), name_(std::move(name)) {}

OutputFile OutputFile::create(const std::filesystem::path& file, Existing existing) {
  int flags = O_WRONLY | O_CLOEXEC;
  // A device or a pipe is written to as it is.
  if (!is_something_else_than_a_file(file))
    flags |= O_CREAT | (existing == Existing::refuse ? O_EXCL : O_TRUNC);
  const int descriptor = ::open(file.c_str(), flags, 0666);
  if (descriptor < 0) {
    const int reason = errno;
    throw Error(ErrorCode::system, fmt::format("cannot write '{}': {}", file.string(), std::strerror(reason)),
                reason);
  }
  OutputFile output(descriptor, fmt::format("'{}'", file.string()));
  output.is_seekable_ = is_regular(descriptor);
  return output;
}

OutputFile OutputFile::standard_output() {
  // A descriptor of our own, so that closing it tells of errors and leaves the process's alone. What it
  // leads to may be in the middle of a file, or be appended to: not to be moved about in.
  const int descriptor = ::fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 0);
  if (descriptor < 0) {
    const int reason = errno;
    throw Error(ErrorCode::system, fmt::format("cannot write to standard output: {}", std::strerror(reason)),
                reason);
  }
  return OutputFile(descriptor, "standard output");
}

OutputFile::OutputFile(OutputFile&& other) noexcept { *this = std::move(other); }

OutputFile& OutputFile::operator=(OutputFile&& other) noexcept {
  if (this == &other) return *this;
  close();
  descriptor_ = std::exchange(other.descriptor_, -1);
  name_ = std::move(other.name_);
  is_seekable_ = other.is_seekable_;
  position_ = other.position_;
  size_ = other.size_;
  whole_ = other.whole_;
  error_ = other.error_;
  return *this;
}

OutputFile::~OutputFile() { close(); }

bool OutputFile::write(std::span<const std::byte> bytes) noexcept {
  while (!bytes.empty() && error_ == 0) {
    const ssize_t written = ::write(descriptor_, bytes.data(), bytes.size());
    if (written > 0) {
      position_ += written;
      size_ = std::max(size_, position_);
      bytes = bytes.subspan(static_cast<std::size_t>(written));
    } else if (written < 0 && errno == EAGAIN) {  // somebody made it non-blocking
      pollfd wanted{descriptor_, POLLOUT, 0};
      ::poll(&wanted, 1, -1);
    } else if (written == 0 || errno != EINTR) {
      error_ = written == 0 ? EIO : errno;
    }
  }
  return error_ == 0;
}

bool OutputFile::seek_to(std::int64_t position) noexcept {
  if (!is_seekable_ || error_ != 0 || ::lseek(descriptor_, position, SEEK_SET) < 0) return false;
  position_ = position;
  return true;
}

int OutputFile::close() noexcept {
  if (descriptor_ < 0) return error_;
  // Half a fragment or picture at the end is what players stumble over.
  if (error_ != 0 && is_seekable_ && size_ > whole_) {
    [[maybe_unused]] const int ignored = ::ftruncate(descriptor_, whole_);
  }
  if (::close(std::exchange(descriptor_, -1)) != 0 && error_ == 0) error_ = errno;
  return error_;
}

}  // namespace shmvideo::sink
