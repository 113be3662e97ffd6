// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "shmvideo/frame_info.hpp"
#include "shmvideo/picture.hpp"

namespace shmvideo::sink {

/// The last frame of a writer that was lost, darkened, in memory of ours. The segment's memory is nothing to
/// rely on then: one who hangs may go on and overwrite the frame, and a dead one's whole segment would stay
/// in use for it.
struct KeptFrame {
  FrameInfo info;   ///< of the frame, but that format and size are those of `picture`
  Picture picture;  ///< full-range I420 in `bytes`, the whole frame within
                    ///< kKeptWidth x kKeptHeight
  std::unique_ptr<std::byte[]> bytes;
};

/// Larger frames are kept smaller: what is dark and covered with words needs no more, and memory stays
/// bounded.
inline constexpr std::uint32_t kKeptWidth = 1920;
inline constexpr std::uint32_t kKeptHeight = 1080;

/// What viewers see while there are no frames: the last one, with words on it.
struct Still {
  std::shared_ptr<const KeptFrame> kept;
  std::vector<std::string> words;  ///< lines
};

}  // namespace shmvideo::sink
