// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <filesystem>
#include <span>

namespace shmvideo_bench {

/// Shared memory as a segment's: an (already unlinked) file in `directory`, all pages there and mapped
/// for writing, but without anything of ours in it.
class SharedPages {
 public:
  /// Throws std::system_error.
  SharedPages(const std::filesystem::path& directory, std::size_t bytes);
  ~SharedPages();
  SharedPages(const SharedPages&) = delete;
  SharedPages& operator=(const SharedPages&) = delete;
  /// Makes a child process meet its page faults now.
  void touch_all() const noexcept;
  std::span<std::byte> bytes() const noexcept { return bytes_; }
  int fd() const noexcept { return fd_; }

 private:
  int fd_;
  std::span<std::byte> bytes_;
};

}  // namespace shmvideo_bench
