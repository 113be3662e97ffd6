// SPDX-License-Identifier: Apache-2.0
#include "options.hpp"

#include <fmt/format.h>

#include "toolkit/shared_options.hpp"

namespace shmvideo::mjpeg {
namespace {

constexpr int kQualityMost = 100;
/// Beyond this no picture is on a screen for long enough to be seen.
constexpr int kFpsMost = 240;

/// `name` is that of the option, "quality" of --quality, --min-quality and --max-quality.
void check_limits(const char* name, int value, const sink::Limits& limits) {
  const auto refuse = [&](const char* what, int limit, const char* which) {
    throw toolkit::UsageError(
        fmt::format("--{0}: {1} is {2} --{3}-{0}, which is {4}", name, value, what, which, limit));
  };
  if (limits.low > limits.high) {
    throw toolkit::UsageError(
        fmt::format("--min-{0}: {1} is above --max-{0}, which is {2}", name, limits.low, limits.high));
  }
  if (value < limits.low) refuse("below", limits.low, "min");
  if (value > limits.high) refuse("above", limits.high, "max");
}

void define_pictures(toolkit::Cli& cli, sink::ServingDefaults& serving) {
  toolkit::add_quality(cli, serving.quality)
      .details("For viewers that do not ask for one.")
      .config_key("api.stream.quality.default_jpeg_quality")
      .reloadable();
  cli.number("--min-quality", serving.quality_limits.low, 1, kQualityMost, "Lowest quality that viewers get")
      .config_key("api.stream.quality.min_jpeg_quality")
      .reloadable();
  cli.number("--max-quality", serving.quality_limits.high, 1, kQualityMost,
             "Highest quality that viewers get")
      .config_key("api.stream.quality.max_jpeg_quality")
      .reloadable();
  cli.number("-f,--fps", serving.fps, 1, kFpsMost, "Frames per second")
      .metavar("FPS")
      .details("For viewers that do not ask for a rate.")
      .config_key("api.stream.framerate.default_fps")
      .reloadable();
  cli.number("--min-fps", serving.fps_limits.low, 1, kFpsMost, "Lowest rate that viewers get")
      .metavar("FPS")
      .config_key("api.stream.framerate.min_fps")
      .reloadable();
  cli.number("--max-fps", serving.fps_limits.high, 1, kFpsMost, "Highest rate that viewers get")
      .metavar("FPS")
      .config_key("api.stream.framerate.max_fps")
      .reloadable();
  cli.check([&serving] {
    check_limits("quality", serving.quality, serving.quality_limits);
    check_limits("fps", serving.fps, serving.fps_limits);
  });
}

}  // namespace

void define(toolkit::Cli& cli, Options& options) {
  toolkit::add_read_segment(cli, options.segment)
      .if_unset("the only one with a live writer, else billiards_video");
  cli.group("Where it listens");
  cli.option("-s,--host", options.host, "Address to listen on").metavar("ADDRESS");
  cli.number("-p,--port", options.port, 0, 65535, "Port to listen on").details("0 is any free one.");
  cli.group("What viewers get");
  define_pictures(cli, options.serving);
  toolkit::add_timeout(cli, options.serving.first_picture_timeout)
      .details(
          "So long a request waits for the first frame of a writer. The server itself waits for the "
          "segment as long as it runs.")
      .reloadable();
  toolkit::add_frame_log_interval(cli, options.serving.frame_log_interval,
                                  "api.stream.performance.frame_log_interval")
      .details("For each viewer: which frame it got, and how fast they go to it.");
}

}  // namespace shmvideo::mjpeg
