// SPDX-License-Identifier: Apache-2.0
#include "crew/subject.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <filesystem>

#include "ledger/clock.hpp"
#include "shmvideo/error.hpp"
#include "shmvideo/picture.hpp"
#include "shmvideo/report.hpp"
#include "sink/live_writer.hpp"
#include "source/pattern/number_squares.hpp"
#include "toolkit/messages/progress.hpp"
#include "toolkit/shared_options.hpp"

namespace shmvideo::bench {
namespace {

constexpr auto kLookInterval = std::chrono::milliseconds(50);

std::string picture_text(std::uint32_t width, std::uint32_t height, std::uint32_t fourcc) {
  const auto format = pixel_format_from_fourcc(fourcc);
  return fmt::format("{}x{} {}", width, height, format ? info_of(*format).name : "coded");
}

Subject own_subject(const BenchOptions& options) {
  const std::uint32_t fourcc = info_of(options.format).fourcc;
  return {.name = SegmentName(fmt::format("shm-bench-{}", ::getpid())),
          .is_own = true,
          .content = Content::stamps,
          .picture = picture_text(options.resolution.width, options.resolution.height, fourcc),
          .source = "stamped frames",
          .nominal_fps = options.fast ? 0 : rate_of(options).per_second()};
}

/// Nothing if the segment is not there, or has no live writer.
std::optional<SegmentReport> find_live(const SegmentName& name, MappingGuard& guard) {
  try {
    SegmentReport found = report(name, &guard);
    return sink::has_writer(found.state) ? std::optional(std::move(found)) : std::nullopt;
  } catch (const Error& error) {
    if (error.code() == ErrorCode::not_found) return std::nullopt;
    throw;
  }
}

SegmentReport wait_for(const SegmentName& name, const BenchOptions& options, toolkit::ToolContext& context) {
  const std::uint64_t deadline = monotonic_ns() + static_cast<std::uint64_t>(options.timeout.count());
  toolkit::Progress progress(context.log);
  for (;;) {
    if (auto found = find_live(name, context.guard)) return std::move(*found);
    if (monotonic_ns() >= deadline || context.wait_for(kLookInterval)) break;
    const std::chrono::nanoseconds left(deadline - monotonic_ns());
    progress.show(toolkit::waiting_for("'" + name.str() + "'", options.timeout - left, options.timeout));
  }
  if (files_of(name).empty()) throw toolkit::no_such_segment(name);
  throw Error(ErrorCode::not_found, fmt::format("the segment '{0}' has no live writer; start one, such as "
                                                "shm-capture --name {0}",
                                                name.str()));
}

/// Whether pictures of this kind have room for the number, and show it without being decoded.
bool can_show_numbers(const StreamInfo& stream) {
  return stream.kind == SHMV_KIND_RAW && source::square_side(stream.width, stream.height) > 0;
}

Content content_of(const SegmentReport& found, Numbers numbers) {
  // Another shm-bench's frames can be checked like our own.
  if (found.source == "stamped frames" && found.program == "shm-bench") return Content::stamps;
  switch (numbers) {
    case Numbers::automatic:
      return found.source == "pattern" && can_show_numbers(found.stream) ? Content::pattern : Content::none;
    case Numbers::pattern:
      return Content::pattern;
    case Numbers::clip:
      return Content::clip;
    case Numbers::none:
      break;
  }
  return Content::none;
}

}  // namespace

Subject choose_subject(const BenchOptions& options, toolkit::ToolContext& context) {
  toolkit::check_places();
  if (!options.segment) return own_subject(options);
  const SegmentReport found = wait_for(*options.segment, options, context);
  const StreamInfo& stream = found.stream;
  const double rate =
      stream.fps_numerator ? static_cast<double>(stream.fps_numerator) / stream.fps_denominator : 0;
  return {.name = *options.segment,
          .is_own = false,
          .content = content_of(found, options.numbers),
          .picture = picture_text(stream.width, stream.height, stream.fourcc),
          .source = found.source,
          .nominal_fps = rate};
}

std::optional<SubjectCounts> look_at(const Subject& subject, MappingGuard& guard) {
  try {
    const SegmentReport found = report(subject.name, &guard);
    return SubjectCounts{found.latest, found.revoked, found.dropped_total, found.file_bytes};
  } catch (const Error&) {
    return std::nullopt;  // its writer is being restarted, or has ended
  }
}

std::vector<std::string> files_of(const SegmentName& name) {
  std::vector<std::string> files;
  const std::string& stem = name.str();
  for (const Place& place : candidate_places()) {
    for (const std::string& file : {stem, stem + ".lock", stem + ".readers", "." + stem + ".new"}) {
      std::error_code ignored;
      const auto path = place.directory / file;
      if (std::filesystem::exists(path, ignored)) files.push_back(path.string());
    }
  }
  return files;
}

}  // namespace shmvideo::bench
