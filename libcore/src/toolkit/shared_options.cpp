// SPDX-License-Identifier: Apache-2.0
#include "toolkit/shared_options.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <limits>
#include <utility>
#include <vector>

#include "shmvideo/report.hpp"
#include "sink/live_writer.hpp"
#include "sink/mjpeg/private_source.hpp"
#include "toolkit/options/nearest.hpp"
#include "toolkit/process/sigbus_guard.hpp"

namespace shmvideo::toolkit {
namespace {

constexpr const char* kNameVariable = "SHM_VIDEO_NAME";
constexpr const char* kNameKey = "video.shared_memory_name";

std::string names_of(const std::vector<FoundSegment>& segments) {
  std::string names;
  for (const FoundSegment& found : segments) names += (names.empty() ? "" : ", ") + found.name.str();
  return names;
}

}  // namespace

OptionBuilder add_read_segment(Cli& cli, std::optional<SegmentName>& name) {
  return cli.option("NAME,-n,--name", name, "Segment to read")
      .environment(kNameVariable)
      .config_key(kNameKey);
}

OptionBuilder add_written_segment(Cli& cli, SegmentName& name) {
  return cli.option("-n,--name", name, "Segment to write").environment(kNameVariable).config_key(kNameKey);
}

OptionBuilder add_timeout(Cli& cli, std::chrono::nanoseconds& timeout) {
  return cli.option("--timeout", timeout, "How long to wait for the segment")
      .config_key("video.shared_memory_attach_timeout_sec");
}

OptionBuilder add_json(Cli& cli, bool& json) {
  return cli.flag("--json", json, "Print JSON for programs").not_configurable();
}

OptionBuilder add_shutdown_timeout(Cli& cli, std::chrono::nanoseconds& timeout) {
  return cli.option("--shutdown-timeout", timeout, "How long ending well may take after a signal")
      .config_key("video.process.shutdown_timeout")
      .reloadable();
}

OptionBuilder add_frame_log_interval(Cli& cli, std::optional<std::uint64_t>& interval, std::string key) {
  return cli
      .number("--frame-log-interval", interval, 1, std::numeric_limits<std::int64_t>::max(),
              "Log a line every N frames")
      .if_unset("no such lines")
      .config_key(std::move(key))
      .reloadable();
}

RunLimitOptions add_run_limits(Cli& cli, RunLimits& limits, const std::string& counted) {
  cli.check([&limits] {
    if (limits.duration && limits.duration->count() == 0) {
      throw UsageError("--duration: use a time above 0, such as 90, 90s, 10m, 1h or 250ms");
    }
  });
  const std::string without = "no limit";
  return {cli.number("-c,--count", limits.count, 1, std::numeric_limits<std::int64_t>::max(),
                     "Stop after N " + counted)
              .if_unset(without),
          add_duration(cli, limits.duration).if_unset(without)};
}

OptionBuilder add_pixel_format(Cli& cli, PixelFormat& format) {
  std::vector<Choice<PixelFormat>> choices;
  for (const PixelFormatInfo& info : pixel_formats()) {
    if (is_coded(info.format)) continue;
    choices.push_back({std::string(info.name), info.format, std::string(info.description)});
  }
  return cli.choice("-m,--format", format, std::move(choices), "Pixel format to publish").metavar("FORMAT");
}

OptionBuilder add_fast(Cli& cli, bool& fast) {
  return cli.flag("--fast", fast, "Publish as fast as it goes, whatever the rate");
}

OptionBuilder add_quality(Cli& cli, int& quality) {
  return cli.number("-q,--quality", quality, 1, 100, "JPEG quality");
}

static Origin origin_of(const Cli& cli, std::string_view long_name) {
  for (const DeclaredOption& option : cli.options())
    if (option.model.long_name == long_name) return option.origin;
  return Origin::built_in;
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
      .environment("LOG_LEVEL")
      .config_key("video.log.level")
      .reloadable();
  cli.choice("--log-format", options.format,
             {{"text", LogFormat::text, "for people"}, {"json", LogFormat::json, "one object a line"}},
             "How messages look")
      .metavar("FORMAT")
      .environment("LOG_FORMAT")
      .config_key("video.log.format")
      .reloadable();
  cli.option("--log-file", options.file, "File to write messages to")
      .if_unset("standard error")
      .config_key("video.log.file")
      .reloadable();
  cli.flag("--quiet", options.quiet, "Show errors only").config_key("video.log.quiet").reloadable();
  cli.flag("-v,--verbose", options.verbose, "Show all messages").config_key("video.log.verbose").reloadable();
  cli.check([&cli, &options] {
    // Of what says the same thing, what is typed wins over the environment, and that over the file.
    const auto strongest =
        std::max({origin_of(cli, "log-level"), origin_of(cli, "quiet"), origin_of(cli, "verbose")});
    if (origin_of(cli, "quiet") < strongest) options.quiet = false;
    if (origin_of(cli, "verbose") < strongest) options.verbose = false;
    if (options.quiet && options.verbose) throw UsageError("--quiet and --verbose contradict each other");
  });
}

void check_places() {
  const std::vector<Place> places = candidate_places();
  std::error_code ignored;
  if (places.size() != 1 || std::filesystem::is_directory(places.front().directory, ignored)) return;
  throw Error(ErrorCode::no_place,
              fmt::format("SHM_VIDEO_DIR: there is no directory '{}'; make it, or name another",
                          places.front().directory.string()));
}

Error no_such_segment(const SegmentName& name) {
  try {
    check_places();
  } catch (const Error& error) {
    return error;
  }
  const std::vector<FoundSegment> found = list_segments();
  std::vector<std::string> names;
  for (const FoundSegment& each : found) names.push_back(each.name.str());
  const std::string others = found.empty() ? "" : ", but there are: " + names_of(found);
  const auto meant = nearest(name.str(), names);
  return Error(
      ErrorCode::not_found,
      fmt::format("there is no segment '{}'{}; {} makes it: shm-capture --name {}", name.str(), others,
                  meant ? fmt::format("did you mean '{}'? Else this", *meant) : "this", name.str()));
}

std::unique_ptr<Reader> attach(const SegmentName& name, const ReaderOptions& options) {
  try {
    return Reader::attach(name, options);
  } catch (const Error& error) {
    if (error.code() == ErrorCode::not_found) throw no_such_segment(name);
    throw;
  }
}

bool has_live_writer(const FoundSegment& found) {
  return sink::has_writer(found, &SigbusGuard::instance());
}

SegmentName choose_segment(const std::optional<SegmentName>& asked) {
  if (asked) return *asked;
  check_places();
  std::vector<FoundSegment> live = list_segments();
  const std::string all = names_of(live);
  // What a program has for itself is nobody's choice.
  std::erase_if(live, [](const FoundSegment& found) {
    return sink::is_private(found.name.str()) || !has_live_writer(found);
  });
  if (live.size() == 1) return live.front().name;
  if (!live.empty()) {
    throw Error(ErrorCode::not_found, fmt::format("which segment? Name one of: {}", names_of(live)));
  }
  throw Error(ErrorCode::not_found,
              fmt::format("there is no segment with a live writer; {}'shm-capture' starts one",
                          all.empty() ? "" : fmt::format("name one that is left ({}), or ", all)));
}

}  // namespace shmvideo::toolkit
