// SPDX-License-Identifier: Apache-2.0
// The bytes of a multipart/x-mixed-replace body. It begins with a boundary, and then for each picture
// come its head, its bytes, and the next boundary: a browser shows a part when that arrives, so that it
// goes out at once and not with the next frame.
#pragma once

#include <string>
#include <string_view>

#include "sink/mjpeg/pictures/jpeg_picture.hpp"

namespace shmvideo::sink {

inline constexpr std::string_view kMultipartType = "multipart/x-mixed-replace; boundary=frame";
/// What the response says beside that: a proxy in front must not gather frames.
inline constexpr std::string_view kStreamHeaders = "X-Accel-Buffering: no\r\n";
inline constexpr std::string_view kFirstBoundary = "--frame\r\n";
inline constexpr std::string_view kPartEnd = "\r\n--frame\r\n";

/// The header lines that tell which frame a picture shows: X-Timestamp (seconds and microseconds of the
/// wall clock when it was captured) and X-Frame-Number.
std::string frame_headers(const FrameInfo& info);

/// Writes the headers of the picture's part, for picture.info and picture.bytes as they are.
void write_part_head(JpegPicture& picture);

}  // namespace shmvideo::sink
