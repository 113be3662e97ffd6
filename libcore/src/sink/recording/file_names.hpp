// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

namespace shmvideo::sink {

/// The names of numbered files, after a template with one number in it: "frame-%06d.jpg".
/// "%d" and "%0Nd" (N from 1 to 9) stand for the number, "%%" for a percent sign.
class NumberedName {
 public:
  /// Throws Error(invalid_argument), which says what a template looks like, for anything but exactly
  /// one number in the file's name.
  explicit NumberedName(const std::filesystem::path& pattern);
  /// Whether there is something in `text` that stands for a number.
  static bool has_number(std::string_view text);
  std::filesystem::path at(std::uint64_t number) const;

 private:
  std::filesystem::path directory_;
  std::string before_;
  std::string after_;
  int digits_ = 0;
};

/// Where a recording goes on: part 0 is `file` itself, part 1 of "x.mp4" is "x-001.mp4".
std::filesystem::path part_name(const std::filesystem::path& file, unsigned part);

}  // namespace shmvideo::sink
