// SPDX-License-Identifier: Apache-2.0
#include "sink/mjpeg/frame_tag.hpp"

#include <fmt/format.h>

namespace shmvideo::sink {

std::string frame_tag(const FrameInfo& frame, std::string_view form) {
  // Generation and number begin anew when a segment is removed and made again; the time of capture does not.
  return fmt::format("\"{:x}-{:x}-{:x}-{}\"", frame.generation, frame.number, frame.capture_realtime_ns,
                     form);
}

std::string frame_tag(const FrameInfo& frame, const PictureForm& form) {
  if (form.is_as_is()) return frame_tag(frame, "jpeg");
  const std::uint32_t width = form.width > 0 ? form.width : frame.width;
  const std::uint32_t height = form.height > 0 ? form.height : frame.height;
  return frame_tag(frame, fmt::format("q{}-{}x{}", form.quality, width, height));
}

}  // namespace shmvideo::sink
