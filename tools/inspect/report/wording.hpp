// SPDX-License-Identifier: Apache-2.0
// Words for what a report holds; the same for people and in JSON.
#pragma once

#include <cstdint>
#include <string>

#include "shmvideo/report.hpp"

namespace shmvideo::inspect {

/// What the frames are now: the newest one's description, else what the segment promises.
struct Shape {
  std::uint32_t fourcc = 0;
  std::uint32_t width = 0;
  std::uint32_t height = 0;
};
Shape shape_of(const SegmentReport& report);

std::string format_name(std::uint32_t fourcc);        ///< "BGR24"; an unknown one as it stands there
std::string shape_text(const Shape& shape);           ///< "BGR24 1920x1080"
std::string drops_text(const SegmentReport& report);  ///< "3 (late 2, corrupt 1)"
/// How many frames the reader has still before it. Readers tell what they took a few times a second, so
/// that as many frames as came since are not held against them.
std::uint64_t frames_behind(const SegmentReport& report, const ReaderReport& reader);
std::string newest_age_text(const SegmentReport& report);  ///< "4.2 s old"; "of an earlier boot"
std::string user_name(std::uint32_t uid);                  ///< a number where the name is unknown

}  // namespace shmvideo::inspect
