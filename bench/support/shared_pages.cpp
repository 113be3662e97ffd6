// SPDX-License-Identifier: Apache-2.0
#include "support/shared_pages.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <system_error>

namespace shmvideo_bench {
namespace {

int open_reserved(const std::filesystem::path& directory, std::size_t bytes) {
  const int fd = ::open(directory.c_str(), O_RDWR | O_TMPFILE | O_CLOEXEC, 0600);
  if (fd < 0)
    throw std::system_error(errno, std::generic_category(), "cannot create a file in " + directory.string());
  if (const int failed = ::posix_fallocate(fd, 0, static_cast<off_t>(bytes)); failed != 0) {
    ::close(fd);
    throw std::system_error(failed, std::generic_category(), "cannot reserve memory");
  }
  return fd;
}

}  // namespace

SharedPages::SharedPages(const std::filesystem::path& directory, std::size_t bytes)
    : fd_(open_reserved(directory, bytes)) {
  void* memory = ::mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_POPULATE, fd_, 0);
  if (memory == MAP_FAILED) {
    ::close(fd_);
    throw std::system_error(errno, std::generic_category(), "cannot map memory");
  }
  bytes_ = {static_cast<std::byte*>(memory), bytes};
  std::fill(bytes_.begin(), bytes_.end(), std::byte{0});
}

void SharedPages::touch_all() const noexcept {
  constexpr std::size_t kPageBytes = 4096;
  for (std::size_t at = 0; at < bytes_.size(); at += kPageBytes)
    static_cast<void>(*const_cast<const volatile std::byte*>(&bytes_[at]));
}

SharedPages::~SharedPages() {
  ::munmap(bytes_.data(), bytes_.size());
  ::close(fd_);
}

}  // namespace shmvideo_bench
