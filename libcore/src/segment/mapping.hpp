// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>

#include "shmvideo/mapping_guard.hpp"

namespace shmvideo {

/// What processors that have huge pages mostly call so (x86-64; aarch64 with pages of 4 KiB).
inline constexpr std::uint64_t kHugePageBytes = std::uint64_t{2} << 20;

/// A shared mapping of the first `bytes` of a file, known to a guard (if there is one) as long as it
/// stands. Not movable: the guard has the address of the flag.
class Mapping {
 public:
  enum class Access { read_only, read_write };
  /// Throws Error(system). `guard` is borrowed.
  Mapping(int fd, std::uint64_t bytes, Access access, MappingGuard* guard);
  ~Mapping();
  Mapping(const Mapping&) = delete;
  Mapping& operator=(const Mapping&) = delete;

  std::byte* data() const noexcept { return data_; }
  std::uint64_t bytes() const noexcept { return bytes_; }
  /// True once the file was truncated under the mapping and the guard saved us: what is mapped now is
  /// private zero pages.
  bool is_poisoned() const noexcept { return poisoned_.load(std::memory_order_relaxed); }

 private:
  std::byte* data_ = nullptr;
  std::uint64_t bytes_ = 0;
  MappingGuard* guard_ = nullptr;
  std::atomic<bool> poisoned_{false};
};

}  // namespace shmvideo
