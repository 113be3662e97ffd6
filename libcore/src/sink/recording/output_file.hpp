// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>

namespace shmvideo::sink {

/// A file, device or pipe that is written to, with the first error that there was: after it nothing is
/// written any more. Thread-safety: one thread at a time.
class OutputFile {
 public:
  enum class Existing { refuse, overwrite };

  /// Throws Error(system), with EEXIST if there is such a file and it is to be left alone.
  static OutputFile create(const std::filesystem::path& file, Existing existing);
  static OutputFile standard_output();
  OutputFile(OutputFile&& other) noexcept;
  OutputFile& operator=(OutputFile&& other) noexcept;
  ~OutputFile();

  /// All of it, or false.
  bool write(std::span<const std::byte> bytes) noexcept;
  /// The new position; false where it cannot be had.
  bool seek_to(std::int64_t position) noexcept;
  bool is_seekable() const noexcept { return is_seekable_; }
  std::int64_t position() const noexcept { return position_; }
  std::int64_t size() const noexcept { return size_; }  ///< what was written, in bytes
  /// What is written so far is whole: an error later on cuts the file back to this.
  void mark_whole() noexcept { whole_ = size_; }
  std::int64_t whole_size() const noexcept { return whole_; }
  /// The errno of the first failure, 0 if there was none.
  int error() const noexcept { return error_; }
  /// Closes it; after an error, cut back to what is whole. Gives error(), which closing may set.
  int close() noexcept;
  const std::string& name() const noexcept { return name_; }  ///< for people

 private:
  OutputFile(int descriptor, std::string name) noexcept;
  int descriptor_ = -1;
  std::string name_;
  bool is_seekable_ = false;
  std::int64_t position_ = 0;
  std::int64_t size_ = 0;
  std::int64_t whole_ = 0;
  int error_ = 0;
};

}  // namespace shmvideo::sink
