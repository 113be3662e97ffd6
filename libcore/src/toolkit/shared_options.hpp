// SPDX-License-Identifier: Apache-2.0
// Options that mean the same in every tool, and so are declared once.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

#include "shmvideo/error.hpp"
#include "shmvideo/name.hpp"
#include "toolkit/cli.hpp"
#include "toolkit/log.hpp"

namespace shmvideo::toolkit {

/// The segment that is read: NAME, --name, or SHM_VIDEO_NAME. See choose_segment() for none of them.
OptionBuilder add_read_segment(Cli& cli, std::optional<SegmentName>& name);
/// The segment that is written: -n, --name, or SHM_VIDEO_NAME.
OptionBuilder add_written_segment(Cli& cli, SegmentName& name);
/// How long to wait for the segment.
OptionBuilder add_timeout(Cli& cli, std::chrono::nanoseconds& timeout);
OptionBuilder add_json(Cli& cli, bool& json);

/// When a tool that runs on ends by itself; nothing set: never.
struct RunLimits {
  std::optional<std::uint64_t> count;
  std::optional<std::chrono::nanoseconds> duration;
};
/// `counted` is what --count counts: "frames".
void add_run_limits(Cli& cli, RunLimits& limits, const std::string& counted);

/// --log-level, --log-format, --quiet, --verbose. run_tool() adds them to every tool.
void add_log_options(Cli& cli, LogOptions& options);

/// Throws Error(no_place) if the directory that SHM_VIDEO_DIR names is missing: then no segments are
/// there to see, and none can be made.
void check_places();

/// What to say of a segment that is not there: which others are, and the command that would make it.
/// Error(not_found), or Error(no_place) as check_places() says.
Error no_such_segment(const SegmentName& name);

/// The segment to read: the one asked for, else the only one with a live writer. Otherwise throws
/// Error(not_found), which lists the names to choose from or the command that would make one, or
/// Error(no_place) as check_places() does.
SegmentName choose_segment(const std::optional<SegmentName>& asked);

}  // namespace shmvideo::toolkit
