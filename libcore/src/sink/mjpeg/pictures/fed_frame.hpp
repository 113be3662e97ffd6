// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>

#include "shmvideo/reader.hpp"
#include "sink/mjpeg/pictures/still.hpp"

namespace shmvideo::sink {

/// The newest that there is to show of a segment, as its feed hands it on: a frame, held in place; a still of
/// ours while the writer is lost; or nothing.
struct FedFrame {
  std::shared_ptr<const Frame> frame;
  std::uint64_t serial = 0;    ///< 1, 2, 3, ... in the order of arrival
  std::uint64_t frame_ns = 0;  ///< when it was captured (monotonic clock), as
                               ///< far as that can be; a still: made
  std::shared_ptr<const Still> still = nullptr;

  bool is_there() const noexcept { return frame || still; }
  /// Of the frame, or of the one that the still was made of. While there is something.
  const FrameInfo& info() const noexcept { return frame ? frame->info() : still->kept->info; }
  /// Whether all that was read so far was this frame's.
  bool valid() const noexcept { return still || (frame && frame->valid()); }
  void drop() noexcept {
    frame.reset();
    still.reset();
  }
};

}  // namespace shmvideo::sink
