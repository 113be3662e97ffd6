// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

#include "segment/unique_fd.hpp"
#include "source/libav/interruption.hpp"

namespace shmvideo::source::media {

/// Bytes from a file, a named pipe or standard input. Reading from a pipe that stays silent ends when it
/// is interrupted, and so does waiting for somebody to open the other end of a named pipe: libavformat's
/// own protocols for these block in the kernel. One thread at a time.
class DescriptorInput {
 public:
  /// Throws Error(source_failed) when it cannot be opened. `interruption` must outlive it.
  static DescriptorInput open_path(const std::string& path, const Interruption& interruption);
  /// Standard input, whose flags and descriptor are left alone. Throws Error(source_failed) for a terminal.
  static DescriptorInput standard_input(const Interruption& interruption);

  /// Bytes read, 0 at the end; else -errno, -ECANCELED after an interruption.
  std::ptrdiff_t read(std::span<std::byte> to) noexcept;
  /// As lseek(), from where standard input stood at first. The new place, or -errno.
  std::int64_t seek(std::int64_t offset, int whence) noexcept;
  /// -1 for a pipe.
  std::int64_t size() const noexcept;
  /// True if not a single byte has come.
  bool is_empty() const noexcept { return is_empty_; }
  /// A file proper: it has an end, can be wound back, and its bytes wait until they are wanted.
  bool is_regular() const noexcept { return is_regular_; }

 private:
  DescriptorInput(UniqueFd owned, int descriptor, const Interruption& interruption);
  bool wait_readable() const noexcept;

  UniqueFd owned_;
  int descriptor_;
  const Interruption* interruption_;
  bool is_regular_ = false;
  bool is_empty_ = true;
  std::int64_t start_ = 0;
};

}  // namespace shmvideo::source::media
