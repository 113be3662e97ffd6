// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <vector>

#include "shmvideo/layout.h"

namespace golden {

inline constexpr std::uint64_t kMillisecond = 1'000'000;
/// When every segment of the set was made, by both clocks (2026-01-02 03:04:05.678 UTC).
inline constexpr std::uint64_t kBornMonotonicNs = 1'000'000 * kMillisecond;
inline constexpr std::uint64_t kBornRealtimeNs = 1'767'323'045'678 * kMillisecond;

/// The bytes of a segment, taken from its file, in memory of our own: to be changed and written elsewhere.
/// Its geometry must be good.
class Image {
 public:
  /// Throws std::runtime_error if it cannot be read.
  static Image of(const std::filesystem::path& file);
  explicit Image(std::vector<std::byte> bytes) : bytes_(std::move(bytes)) {}
  void write_to(const std::filesystem::path& file) const;

  shmv_header& header() { return at<shmv_header>(0); }
  shmv_descriptor& descriptor(std::uint32_t slot);
  std::uint64_t& index_entry(std::uint64_t number);
  /// The slot that the index gives for that frame.
  std::uint32_t slot_of(std::uint64_t number);
  std::vector<std::byte>& bytes() { return bytes_; }
  /// Puts the checksum right.
  void seal();

 private:
  template <typename T>
  T& at(std::uint64_t offset) {
    return *reinterpret_cast<T*>(bytes_.data() + offset);
  }
  std::vector<std::byte> bytes_;
};

/// Replaces what differs from run to run (identities, clocks, thread ids, measured times) by what is always
/// the same, as if the writer had been killed on another machine; and seals it. `ordinal` goes into the
/// stream_uuid.
void settle(Image& image, std::uint8_t ordinal);

}  // namespace golden
