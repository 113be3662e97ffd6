// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "shmvideo/frame_info.hpp"
#include "shmvideo/pixel_format.hpp"

namespace shmvideo_bench {

/// A few frames of a film, to be shown again and again: every server that is measured gets the same ones,
/// from memory, so that none pays for decoding.
struct Clip {
  shmvideo::FrameInfo info;  ///< of all of them, but for their size where they are coded
  std::vector<std::vector<std::byte>> frames;

  /// Writes FILE, the frames one after another; FILE.sizes, the bytes of each, a line each; FILE.info, what
  /// they are, for load() of the same build. Throws std::runtime_error, as load() does.
  void save(const std::string& file) const;
  static Clip load(const std::string& file);
};

/// The next frames of a segment. Throws when they do not come.
Clip take_clip(const std::string& segment, unsigned frames);

/// Adds what a camera's sensor adds, and what the coding of the film took away: to each sample of these raw
/// frames Gaussian noise of 3 in 255. The same each time.
void add_noise(Clip& clip);

/// The same raw frames in another raw format (YUV of limited range, as from most cameras), or as JPEG of that
/// quality. Throws std::runtime_error.
Clip convert(const Clip& clip, shmvideo::PixelFormat format, int quality);

}  // namespace shmvideo_bench
