// SPDX-License-Identifier: Apache-2.0
#include "toolkit/shared_options.hpp"

#include <fmt/format.h>

#include <limits>
#include <string>
#include <vector>

#include "shmvideo/error.hpp"
#include "shmvideo/report.hpp"
#include "toolkit/sigbus_guard.hpp"

namespace shmvideo::toolkit {
namespace {

constexpr const char* kNameVariable = "SHM_VIDEO_NAME";

bool has_live_writer(const FoundSegment& found) {
  try {
    const SegmentState state = report(found, &SigbusGuard::instance()).state;
    return state == SegmentState::live || state == SegmentState::stalled;
  } catch (const Error&) {
    return false;  // gone meanwhile, or nothing that one could read
  }
}

}  // namespace

OptionBuilder add_read_segment(Cli& cli, std::optional<SegmentName>& name) {
  return cli.option("NAME,-n,--name", name, "Segment to read").environment(kNameVariable);
}

OptionBuilder add_written_segment(Cli& cli, SegmentName& name) {
  return cli.option("-n,--name", name, "Segment to write").environment(kNameVariable);
}

OptionBuilder add_timeout(Cli& cli, std::chrono::nanoseconds& timeout) {
  return cli.option("--timeout", timeout, "How long to wait for the segment");
}

OptionBuilder add_json(Cli& cli, bool& json) { return cli.flag("--json", json, "Print JSON for programs"); }

void add_run_limits(Cli& cli, RunLimits& limits, const std::string& counted) {
  cli.number("-c,--count", limits.count, 1, std::numeric_limits<std::int64_t>::max(),
             "Stop after N " + counted);
  cli.option("-t,--duration", limits.duration, "Stop after this time");
  cli.check([&limits] {
    if (limits.duration && limits.duration->count() == 0) {
      throw UsageError("--duration: use a time above 0, such as 90, 90s, 10m, 1h or 250ms");
    }
  });
}

void add_log_options(Cli& cli, LogOptions& options) {
  cli.group("Messages");
  cli.choice("--log-level", options.level,
             {{"error", LogLevel::error, "what makes it fail"},
              {"warn", LogLevel::warn, "and what is suspicious"},
              {"info", LogLevel::info, "and what happens in its life"},
              {"debug", LogLevel::debug, "and what its developers want to know"}},
             "Which messages to show on standard error")
      .metavar("LEVEL")
      .environment("LOG_LEVEL");
  cli.choice("--log-format", options.format,
             {{"text", LogFormat::text, "for people"}, {"json", LogFormat::json, "one object a line"}},
             "How messages look")
      .metavar("FORMAT")
      .environment("LOG_FORMAT");
  cli.flag("--quiet", options.quiet, "Show errors only");
  cli.flag("-v,--verbose", options.verbose, "Show all messages");
  cli.check([&options] {
    if (options.quiet && options.verbose) throw UsageError("--quiet and --verbose contradict each other");
  });
}

SegmentName choose_segment(const std::optional<SegmentName>& asked) {
  if (asked) return *asked;
  std::vector<SegmentName> live;
  std::string names;
  for (const FoundSegment& found : list_segments()) {
    if (!has_live_writer(found)) continue;
    live.push_back(found.name);
    names += (names.empty() ? "" : ", ") + found.name.str();
  }
  if (live.size() == 1) return live.front();
  if (live.empty()) {
    throw Error(ErrorCode::not_found, "there is no segment with a live writer; 'shm-capture' starts one");
  }
  throw Error(ErrorCode::not_found, fmt::format("which segment? Name one of: {}", names));
}

}  // namespace shmvideo::toolkit
