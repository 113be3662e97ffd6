// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "shmvideo/picture.hpp"
#include "sink/recording/frame_plan.hpp"
#include "sink/recording/timeline.hpp"

struct AVBufferRef;

namespace shmvideo::sink {

/// Memory that FFmpeg's libraries can share in: they may keep a reference to it.
class SharedMemory {
 public:
  SharedMemory() noexcept = default;
  ~SharedMemory();
  SharedMemory(const SharedMemory&) = delete;
  SharedMemory& operator=(const SharedMemory&) = delete;
  /// At least `bytes`, and zeros behind them as FFmpeg's parsers want. Keeps what is large enough.
  /// False when out of memory.
  bool reserve(std::size_t bytes) noexcept;
  void set_end(std::size_t bytes) noexcept;  ///< zeros from here on; at most what was reserved
  std::byte* data() const noexcept;
  std::size_t capacity() const noexcept;
  bool is_ours_alone() const noexcept;
  AVBufferRef* buffer() const noexcept { return buffer_; }

 private:
  AVBufferRef* buffer_ = nullptr;
};

/// One frame on its way from the segment to the file, with memory that serves again and again.
struct RecordedFrame {
  FramePlan plan;
  std::uint64_t captured_ns = 0;           ///< credible, monotonic clock
  std::uint64_t captured_realtime_ns = 0;  ///< as the writer says it
  std::uint64_t presented_after_ns = 0;    ///< of coded video that is not in the order of its showing
  bool is_key = true;
  std::uint8_t colour_matrix = 0;  ///< ISO/IEC 23091-2, one that decoders know
  Tick rate{1, 0};                 ///< nominal time between frames; denominator 0: unknown
  /// Of coded video: the codec's parameters, where the writer gave them.
  std::shared_ptr<const std::vector<std::byte>> extradata;

  SharedMemory memory;
  std::size_t payload_bytes = 0;

  std::span<const std::byte> bytes() const noexcept { return {memory.data(), payload_bytes}; }
  /// The memory as the picture that the plan describes, without gaps between rows; nothing if it is coded.
  std::optional<MutablePicture> picture() const noexcept;
};

}  // namespace shmvideo::sink
