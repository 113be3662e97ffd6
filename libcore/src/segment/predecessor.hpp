// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>

#include "segment/unique_fd.hpp"

namespace shmvideo {

/// The generation that stands under a name before a new writer puts its own there. Everything in it
/// is untrusted and reached by system calls only, so that nothing done to the file can be a SIGBUS.
class Predecessor {
 public:
  /// Looks at the file; nothing that is no valid segment is looked at further.
  explicit Predecessor(const std::filesystem::path& path);
  std::uint64_t generation() const noexcept { return generation_; }  ///< 0: there is none
  std::uint64_t latest() const noexcept { return latest_; }          ///< newest frame number, 0: none
  /// After the successor got the name: tells the readers who still sleep on the old generation.
  void supersede() noexcept;
  /// Removes it before there is a successor. Readers who sleep find out by themselves.
  void remove() noexcept;

 private:
  std::filesystem::path path_;
  UniqueFd fd_;
  std::uint64_t generation_ = 0;
  std::uint64_t latest_ = 0;
};

}  // namespace shmvideo
