// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace shmvideo::source {

class Device;

/// A frame as the driver handed it out, still in its memory.
struct DriverFrame {
  std::uint32_t index = 0;
  std::span<const std::byte> bytes;  ///< what the driver says was filled, never beyond the buffer
  std::uint32_t sequence = 0;        ///< the driver's count, which wraps
  std::uint64_t capture_ns = 0;      ///< CLOCK_MONOTONIC; 0: the driver's clock is another
  bool is_damaged = false;           ///< flagged by the driver
  bool is_key = false;               ///< flagged by the driver; of coded frames
};

/// The buffers that a device fills, mapped; streaming from the constructor to the destructor.
/// One thread at a time. The device must outlive it.
class BufferQueue {
 public:
  /// `count` is how many to ask for; the driver may have its own mind.
  /// Throws Error(source_failed), with who uses the device where that is what is in the way.
  BufferQueue(const Device& device, std::uint32_t count);
  ~BufferQueue();
  BufferQueue(const BufferQueue&) = delete;
  BufferQueue& operator=(const BufferQueue&) = delete;

  /// The oldest filled buffer. 0, EAGAIN (none yet), or what is wrong (ENODEV, EIO).
  int take(DriverFrame& frame) noexcept;
  /// Gives the buffer back, to be filled again. A driver that refuses is asked again at the next take().
  void give_back(const DriverFrame& frame) noexcept;
  /// True when the driver has taken back none of its buffers: nothing can come any more.
  bool is_starved() const noexcept;

 private:
  struct Buffer {
    void* address = nullptr;
    std::size_t length = 0;
    bool is_queued = false;
    bool is_out = false;  // between take() and give_back()
  };
  int try_to_queue(std::uint32_t index) noexcept;
  int map_one(std::uint32_t index);
  void release() noexcept;

  const Device& device_;
  std::vector<Buffer> buffers_;
};

}  // namespace shmvideo::source
