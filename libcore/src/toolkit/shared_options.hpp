// SPDX-License-Identifier: Apache-2.0
// Options that mean the same in every tool, and so are declared once.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "shmvideo/error.hpp"
#include "shmvideo/name.hpp"
#include "shmvideo/pixel_format.hpp"
#include "shmvideo/reader.hpp"
#include "toolkit/messages/log.hpp"
#include "toolkit/options/cli.hpp"

namespace shmvideo::toolkit {

/// The segment that is read: NAME, --name, or SHM_VIDEO_NAME. See choose_segment() for none of them.
OptionBuilder add_read_segment(Cli& cli, std::optional<SegmentName>& name);
/// The segment that is written: -n, --name, or SHM_VIDEO_NAME.
OptionBuilder add_written_segment(Cli& cli, SegmentName& name);
/// How long to wait for the segment.
OptionBuilder add_timeout(Cli& cli, std::chrono::nanoseconds& timeout);
/// No key sets it: who reads a result knows in which form it is wanted.
OptionBuilder add_json(Cli& cli, bool& json);

/// How long a tool may take to end well after it was told to stop.
OptionBuilder add_shutdown_timeout(Cli& cli, std::chrono::nanoseconds& timeout);
/// A message for every so many frames; `key` is where it is configured.
OptionBuilder add_frame_log_interval(Cli& cli, std::optional<std::uint64_t>& interval, std::string key);

/// When a tool that runs on ends by itself; nothing set: never.
struct RunLimits {
  std::optional<std::uint64_t> count;
  std::optional<std::chrono::nanoseconds> duration;
};
struct RunLimitOptions {
  OptionBuilder count;
  OptionBuilder duration;
};
/// `counted` is what --count counts: "frames".
RunLimitOptions add_run_limits(Cli& cli, RunLimits& limits, const std::string& counted);

// Where a variable is a template's, it may be an optional. What an option means to a tool beyond the sentence
// here, and what happens without it, is said with details() and if_unset().

/// -t, --duration.
template <typename T>
OptionBuilder add_duration(Cli& cli, T& duration) {
  return cli.option("-t,--duration", duration, "Stop after this time");
}

/// -r, --resolution: T is Resolution.
template <typename T>
OptionBuilder add_resolution(Cli& cli, T& size) {
  return cli.option("-r,--resolution", size, "Picture size");
}

/// -f, --fps: T is Rate.
template <typename T>
OptionBuilder add_rate(Cli& cli, T& rate) {
  return cli.option("-f,--fps", rate, "Frames per second");
}

/// -m, --format: one in which frames are not coded.
OptionBuilder add_pixel_format(Cli& cli, PixelFormat& format);

/// -b, --slots: T is a whole number.
template <typename T>
OptionBuilder add_slots(Cli& cli, T& slots) {
  constexpr int kMost = 1024;  // memory for thousands is asked for by mistake only
  return cli.number("-b,--slots", slots, 2, kMost, "Frames that the segment has room for");
}

OptionBuilder add_fast(Cli& cli, bool& fast);

constexpr int kUsualJpegQuality = 85;
/// -q, --quality of JPEG pictures.
OptionBuilder add_quality(Cli& cli, int& quality);

/// -i, --interval: T is std::chrono::nanoseconds. Less than `least` is refused.
template <typename T>
OptionBuilder add_interval(Cli& cli, T& interval, std::chrono::nanoseconds least) {
  const std::string range = print(least) + " or more";
  cli.check([&interval, least, range] {
    if (std::optional<std::chrono::nanoseconds>(interval).value_or(least) < least)
      throw UsageError("--interval: use " + range);
  });
  return cli.option("-i,--interval", interval, "Time from one look to the next").range(range);
}

/// --log-level, --log-format, --quiet, --verbose. run_tool() adds them to every tool.
void add_log_options(Cli& cli, LogOptions& options);

/// Throws Error(no_place) if the directory that SHM_VIDEO_DIR names is missing: then no segments are
/// there to see, and none can be made.
void check_places();

/// What to say of a segment that is not there: which others are, and the command that would make it.
/// Error(not_found), or Error(no_place) as check_places() says.
Error no_such_segment(const SegmentName& name);

/// Reader::attach(), which says more of a segment that is not there: see no_such_segment().
std::unique_ptr<Reader> attach(const SegmentName& name, const ReaderOptions& options);

/// Whether somebody publishes in it, stalled or not; false where it cannot be read.
bool has_live_writer(const FoundSegment& found);

/// The segment to read: the one asked for, else the only one with a live writer. Otherwise throws
/// Error(not_found), which lists the names to choose from or the command that would make one, or
/// Error(no_place) as check_places() does.
SegmentName choose_segment(const std::optional<SegmentName>& asked);

}  // namespace shmvideo::toolkit
