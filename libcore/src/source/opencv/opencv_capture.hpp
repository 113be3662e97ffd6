// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>

#include "shmvideo/picture.hpp"
#include "source/frame_source.hpp"
#include "source/frame_wish.hpp"
#include "source/pacer.hpp"

namespace shmvideo::source {

/// What camera and file have in common: an OpenCV capture whose frames go into slots, converted and
/// scaled only where the wish asks for it. No OpenCV exception and no OpenCV type leaves it.
///
/// Where frames are BGR24 already, OpenCV copies its decoder's picture into the slot itself (measured:
/// with the FFmpeg and the V4L2 back ends retrieve() keeps the memory of a header of the right size).
/// It cannot decode into foreign memory; that takes a native reader.
/// One thread at a time.
class OpenCvCapture {
 public:
  explicit OpenCvCapture(const FrameWish& wish);
  ~OpenCvCapture();

  bool open_file(const std::string& path) noexcept;
  /// `rate` with numerator 0: whatever the camera likes. `size` 0x0: the same.
  bool open_camera(const std::string& device, std::uint32_t width, std::uint32_t height,
                   FrameRate rate) noexcept;
  void close() noexcept;

  /// Takes the next frame from the device or decodes it. False: there is none, or not any more.
  bool grab() noexcept;
  /// Looks at the frame that was grabbed first, and so learns what frames are like; the next fill()
  /// delivers it. False if it cannot be had.
  bool examine() noexcept;
  /// Fetches the grabbed frame, sets the layout in `info`. See FrameSource::fill().
  FillStatus fill(std::span<std::byte> slot, FrameInfo& info) noexcept;

  bool rewind() noexcept;        ///< to the first frame of a file
  double rate() const noexcept;  ///< frames per second as the library says, 0: unknown
  double frame_count() const noexcept;
  double time_ms() const noexcept;    ///< of the grabbed frame, as the library says
  std::string native_format() const;  ///< the camera's own, "YUYV"; empty if unknown

  /// Layout of the frames that fill() gives from now on; after examine().
  const FrameInfo& layout() const noexcept { return layout_; }
  std::uint32_t native_width() const noexcept { return native_.width; }
  std::uint32_t native_height() const noexcept { return native_.height; }

 private:
  struct Impl;
  bool retrieve_pending() noexcept;
  bool note_native(const Picture& picture) noexcept;
  FillStatus convert_pending(const MutablePicture& to) noexcept;

  FrameWish wish_;
  FrameInfo layout_;
  struct {
    PixelFormat format = PixelFormat::bgr24;
    std::uint32_t width = 0;
    std::uint32_t height = 0;
  } native_;
  std::unique_ptr<Impl> impl_;
};

/// Makes OpenCV silent, and modest with threads. Process-wide: for a program to call at its start, not
/// for libraries. (FFmpeg's own messages under OpenCV follow OPENCV_FFMPEG_LOGLEVEL.)
void prepare_opencv_for_process() noexcept;

}  // namespace shmvideo::source
