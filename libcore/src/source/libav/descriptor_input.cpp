// SPDX-License-Identifier: Apache-2.0
#include "source/libav/descriptor_input.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "shmvideo/error.hpp"

namespace shmvideo::source::media {
namespace {

[[noreturn]] void refuse(const std::string& path, const char* why, int number = 0) {
  throw Error(ErrorCode::source_failed, fmt::format("cannot open '{}': {}", path, why), number);
}

}  // namespace

DescriptorInput DescriptorInput::open_path(const std::string& path, const Interruption& interruption) {
  // O_NONBLOCK: a named pipe opens without its writer, who is then waited for by poll().
  UniqueFd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (!fd) refuse(path, std::strerror(errno), errno);
  struct stat status {};
  if (::fstat(fd.get(), &status) == 0 && S_ISDIR(status.st_mode)) refuse(path, "it is a folder");
  const int descriptor = fd.get();
  return {std::move(fd), descriptor, interruption};
}

DescriptorInput DescriptorInput::standard_input(const Interruption& interruption) {
  if (::isatty(STDIN_FILENO) != 0) {
    throw Error(ErrorCode::source_failed,
                "standard input is a terminal: pipe video into it, as in 'ffmpeg ... -f yuv4mpegpipe - |'");
  }
  // Where it was closed, its number may belong to something of ours by now, such as an event descriptor.
  struct stat status {};
  if (::fstat(STDIN_FILENO, &status) != 0 || (status.st_mode & S_IFMT) == 0) {
    throw Error(ErrorCode::source_failed, "standard input is closed");
  }
  return {UniqueFd(), STDIN_FILENO, interruption};
}

DescriptorInput::DescriptorInput(UniqueFd owned, int descriptor, const Interruption& interruption)
    : owned_(std::move(owned)), descriptor_(descriptor), interruption_(&interruption) {
  struct stat status {};
  is_regular_ = ::fstat(descriptor_, &status) == 0 && S_ISREG(status.st_mode);
  if (is_regular_) start_ = std::max<off_t>(::lseek(descriptor_, 0, SEEK_CUR), 0);
}

/// False after an interruption.
bool DescriptorInput::wait_readable() const noexcept {
  while (!interruption_->is_set()) {
    pollfd both[2] = {{descriptor_, POLLIN, 0}, {interruption_->descriptor(), POLLIN, 0}};
    const int ready = ::poll(both, 2, -1);
    // What poll() cannot watch is left to read() to complain of.
    if (ready < 0 && errno != EINTR) return true;
    if (ready > 0 && both[1].revents == 0) return true;
  }
  return false;
}

std::ptrdiff_t DescriptorInput::read(std::span<std::byte> to) noexcept {
  while (wait_readable()) {
    const auto got = ::read(descriptor_, to.data(), to.size());
    if (got > 0) is_empty_ = false;
    if (got >= 0) return got;
    // Somebody else with the same pipe may have been faster.
    if (errno != EINTR && errno != EAGAIN) return -errno;
  }
  return -ECANCELED;
}

std::int64_t DescriptorInput::seek(std::int64_t offset, int whence) noexcept {
  if (whence == SEEK_SET) offset += start_;
  const std::int64_t place = ::lseek(descriptor_, offset, whence);
  return place < 0 ? -errno : place - start_;
}

std::int64_t DescriptorInput::size() const noexcept {
  struct stat status {};
  if (!is_regular_ || ::fstat(descriptor_, &status) != 0) return -1;
  return status.st_size - start_;
}

}  // namespace shmvideo::source::media
