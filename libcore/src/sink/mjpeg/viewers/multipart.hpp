// SPDX-License-Identifier: Apache-2.0
// The bytes of a multipart/x-mixed-replace body. It begins with a boundary, and then for each picture
// come its head, its bytes, and the next boundary: a browser shows a part when that arrives, so that it
// goes out at once and not with the next frame. Chromium waits for the whole head of the next part: for
// it the head comes right after the boundary, and so cannot say anything about the picture that follows.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "sink/mjpeg/pictures/jpeg_picture.hpp"

namespace shmvideo::sink {

inline constexpr std::string_view kMultipartType = "multipart/x-mixed-replace; boundary=frame";
/// What the response says beside that: a proxy in front must not gather frames.
inline constexpr std::string_view kStreamHeaders = "X-Accel-Buffering: no\r\n";
inline constexpr std::string_view kFirstBoundary = "--frame\r\n";
inline constexpr std::string_view kPartEnd = "\r\n--frame\r\n";
/// The head of a part whose picture is not known yet.
inline constexpr std::string_view kAdvanceHead = "Content-Type: image/jpeg\r\n\r\n";
inline constexpr std::string_view kPartEndAndAdvanceHead = "\r\n--frame\r\nContent-Type: image/jpeg\r\n\r\n";

/// The header lines that tell which frame a picture shows: X-Timestamp (seconds and microseconds of the
/// wall clock when it was captured) and X-Frame-Number.
std::string frame_headers(const FrameInfo& info);

/// Writes the headers of the picture's part, for picture.info and picture.bytes as they are.
void write_part_head(JpegPicture& picture);

/// What a viewer is told of one part beyond that when it asks for extra headers. Times are nanoseconds of the
/// monotonic clock, sent as seconds; 0 where there is none.
struct PartExtras {
  bool is_online = true;      ///< a frame of a writer that is there
  std::uint64_t dropped = 0;  ///< frames that this viewer did not get since its last part
  std::uint32_t width = 0;    ///< of the picture
  std::uint32_t height = 0;
  double client_fps = 0;  ///< of this viewer, over the last seconds
  std::uint64_t grab_ns = 0;
  std::uint64_t encode_begin_ns = 0;
  std::uint64_t encode_end_ns = 0;
  std::uint64_t send_ns = 0;
};

/// Room for the head of one part, whatever its numbers.
using PartHead = std::array<char, 832>;
/// Writes the head of a part with `bytes` of picture: that of write_part_head(), and `extras` if there are
/// any as X-ShmVideo-... lines.
std::string_view write_part_head(const FrameInfo& info, std::size_t bytes, const PartExtras* extras,
                                 PartHead& text) noexcept;

}  // namespace shmvideo::sink
