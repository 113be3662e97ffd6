// SPDX-License-Identifier: Apache-2.0
#include "report/wording.hpp"

#include <fmt/format.h>
#include <pwd.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "shmvideo/pixel_format.hpp"
#include "toolkit/messages/human.hpp"

namespace shmvideo::inspect {

Shape shape_of(const SegmentReport& report) {
  if (report.last_frame)
    return {report.last_frame->fourcc, report.last_frame->width, report.last_frame->height};
  return {report.stream.fourcc, report.stream.width, report.stream.height};
}

std::string format_name(std::uint32_t fourcc) {
  if (const auto format = pixel_format_from_fourcc(fourcc)) return std::string(info_of(*format).name);
  if (fourcc == 0) return "unknown";
  std::string text;
  for (int shift = 0; shift < 32; shift += 8) {
    const char c = static_cast<char>(fourcc >> shift & 0xff);
    text += c > ' ' && c < 0x7f ? c : '?';
  }
  return text;
}

std::string shape_text(const Shape& shape) {
  if (!shape.width) return format_name(shape.fourcc);
  return fmt::format("{} {}x{}", format_name(shape.fourcc), shape.width, shape.height);
}

std::string drops_text(const SegmentReport& report) {
  std::string causes;
  for (std::uint32_t cause = 0; cause < SHMV_DROP_CAUSES; ++cause) {
    const char* word = to_string(static_cast<DropCause>(cause));
    if (!word || !report.dropped[cause]) continue;
    causes += fmt::format("{}{} {}", causes.empty() ? "" : ", ", word, report.dropped[cause]);
  }
  return causes.empty() ? fmt::format("{}", report.dropped_total)
                        : fmt::format("{} ({})", report.dropped_total, causes);
}

std::uint64_t frames_behind(const SegmentReport& report, const ReaderReport& reader) {
  constexpr std::uint64_t kTellIntervalNs = 300'000'000;  // the library's is 250 ms
  if (report.latest <= reader.last_number) return 0;
  const auto untold_ns = static_cast<double>(std::min(reader.updated_age_ns, kTellIntervalNs));
  const auto untold = static_cast<std::uint64_t>(std::ceil(report.fps * untold_ns / 1e9));
  const std::uint64_t behind = report.latest - reader.last_number;
  return behind > untold ? behind - untold : 0;
}

std::string newest_age_text(const SegmentReport& report) {
  return report.is_of_this_boot ? toolkit::human_age(report.last_frame_age_ns) + " old"
                                : "of an earlier boot";
}

std::string user_name(std::uint32_t uid) {
  std::vector<char> buffer(4096);
  passwd entry{};
  passwd* found = nullptr;
  if (::getpwuid_r(uid, &entry, buffer.data(), buffer.size(), &found) == 0 && found) return entry.pw_name;
  return std::to_string(uid);
}

}  // namespace shmvideo::inspect
