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

void define_segments(toolkit::Cli& cli, Options& options) {
  toolkit::add_read_segment(cli, options.segment)
      .details("It is what paths show that name no segment.")
      .if_unset("the only one with a live writer, else billiards_video");
  cli.list("MORE,--also", options.more, "Further segments to serve, at /s/MORE/").if_unset("none");
  cli.group("What it shows");
  cli.flag("-a,--all", options.all, "Serve all segments that have a writer, also those that come later")
      .details(
          "NAME and MORE come first, the others in the order in which they come, those that are there at the "
          "start by name. Up to 64 segments are served; one whose writer goes stays, for another one. "
          "Segments whose names begin with 'private.' are left out.");
  cli.choice(
         "--source", options.source,
         {{"segment", Source::segment, "the segment NAME, that a shm-capture publishes"},
          {"camera", Source::camera,
           "the camera that the configuration names, by a shm-capture of its own that runs while somebody "
           "watches"}},
         "What paths show that name no segment")
      .details("Those below /stream/video/shm show the segment in any case.")
      .config_key("video.use_shared_memory")
      .config_switch("segment", "camera")
      .reloadable();
}

void define_absence(toolkit::Cli& cli, sink::ServingDefaults& serving) {
  cli.group("When no frames come");
  toolkit::add_timeout(cli, serving.first_picture_timeout)
      .details(
          "So long a request waits for the first frame of a writer. The server itself waits for the "
          "segment as long as it runs.")
      .reloadable();
  cli.option("--wait", serving.wait_for_writer, "How long to wait for a segment that is not there")
      .details("Streams that nobody publishes for are answered with status 503 then; with 0 at once.")
      .reloadable();
  cli.choice("--on-loss", serving.on_loss,
             {{"placeholder", sink::OnLoss::placeholder,
               "the last picture with a line that says why there is no other, until the writer is back"},
              {"close", sink::OnLoss::close, "nothing: the stream ends"}},
             "What a stream shows when its writer has gone")
      .reloadable();
  cli.option("--max-age", serving.max_age, "Age from which on a frame is stale")
      .details("With none that is younger, /healthz answers with status 503.")
      .reloadable();
}

}  // namespace

sink::ServingDefaults serving_of(const Options& options) {
  sink::ServingDefaults serving = options.serving;
  const auto [width, height] = options.resolution.value_or(toolkit::Resolution{});
  serving.width = width;
  serving.height = height;
  return serving;
}

void define(toolkit::Cli& cli, Options& options) {
  define_segments(cli, options);
  define_door(cli, options.door);
  define_access(cli, options.access);
  cli.group("What viewers get");
  toolkit::add_resolution(cli, options.resolution)
      .details(
          "For viewers that do not ask for one. Pictures fit inside and keep their ratio; none is enlarged.")
      .if_unset("the frame's own")
      .reloadable();
  define_pictures(cli, options.serving);
  cli.flag("--adaptive", options.serving.is_adaptive,
           "Give viewers less whose connection is too slow for more")
      .details(
          "First fewer pictures, then of less quality, then smaller ones, and back when there is room. "
          "Viewers "
          "may ask for it, or against it, with the parameter adaptive.")
      .reloadable();
  define_absence(cli, options.serving);
  cli.group("Messages about frames");
  toolkit::add_frame_log_interval(cli, options.serving.frame_log_interval,
                                  "api.stream.performance.frame_log_interval")
      .details("For each viewer: which frame it got, and how fast they go to it.");
  // The common options come later; a shm-capture of ours has to read the same file.
  cli.check([&cli, &options] {
    for (const toolkit::DeclaredOption& option : cli.options()) {
      if (option.model.long_name != "config") continue;
      const std::vector<std::string> values = option.values();
      options.config = values.empty() ? "" : values.front();
    }
  });
}

}  // namespace shmvideo::mjpeg
