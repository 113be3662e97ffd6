// SPDX-License-Identifier: Apache-2.0
#include "toolkit/messages/stream_line.hpp"

#include <fmt/format.h>

#include "shmvideo/pixel_format.hpp"

namespace shmvideo::toolkit {

std::string describe_stream(const SegmentReport& report) {
  // Where frames differ from what was announced, they are what counts.
  const bool has_frame = report.last_frame.has_value();
  const std::uint32_t fourcc = has_frame ? report.last_frame->fourcc : report.stream.fourcc;
  const std::uint32_t width = has_frame ? report.last_frame->width : report.stream.width;
  const std::uint32_t height = has_frame ? report.last_frame->height : report.stream.height;
  std::string text = fmt::format("{}x{}", width, height);
  if (const auto format = pixel_format_from_fourcc(fourcc)) text += fmt::format(" {}", info_of(*format).name);
  if (report.fps > 0) text += fmt::format(", {:.1f}/s", report.fps);
  return text;
}

std::string count_of(std::uint64_t count, const std::string& what) {
  return fmt::format("{} {}{}", count, what, count == 1 ? "" : "s");
}

}  // namespace shmvideo::toolkit
