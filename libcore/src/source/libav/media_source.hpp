// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "source/frame_source.hpp"
#include "source/frame_wish.hpp"
#include "source/pacer.hpp"

namespace shmvideo::source {

/// Frames without any header around them, on standard input.
struct RawInput {
  PixelFormat format = PixelFormat::bgr24;
  std::uint32_t width = 0;
  std::uint32_t height = 0;
};

struct MediaOptions {
  std::string location;  ///< a file, a URL, or "-" for standard input
  FrameWish wish;        ///< ignored when copying
  FrameRate rate{0, 1};  ///< to play at; numerator 0: the media's own
  bool is_looping = false;
  bool is_fast = false;     ///< without pacing
  bool is_copying = false;  ///< pass coded frames on without decoding them
  /// Standard input is that, unless it says that it is YUV4MPEG2.
  std::optional<RawInput> raw;
};

/// Video files, network streams and standard input through FFmpeg's libraries. A file plays by its time
/// stamps, or, without any that can be used, at its rate; frames that come too late are left out, and whoever
/// cannot keep up at all sees the file slower rather than nothing. What comes live (a network stream,
/// standard input) sets its own pace.
std::unique_ptr<FrameSource> make_media_source(const MediaOptions& options);

}  // namespace shmvideo::source
