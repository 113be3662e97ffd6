// SPDX-License-Identifier: Apache-2.0
#include "options.hpp"

#include <vector>

namespace shmvideo::capture {
namespace {

/// Memory for thousands of slots is asked for by mistake only.
constexpr std::uint32_t kSlotsMax = 1024;

std::vector<toolkit::Choice<PixelFormat>> raw_formats() {
  std::vector<toolkit::Choice<PixelFormat>> choices;
  for (const PixelFormatInfo& info : pixel_formats()) {
    if (is_coded(info.format)) continue;
    choices.push_back({std::string(info.name), info.format, std::string(info.description)});
  }
  return choices;
}

}  // namespace

void define(toolkit::Cli& cli, CaptureOptions& options) {
  cli.group("Where frames come from");
  cli.option("-d,--device", options.device, "Camera (number or path), video file, or 'pattern'")
      .metavar("DEVICE")
      .environment("VIDEO_FILE")
      .completion(toolkit::Completion::device)
      .suggest({"pattern"});
  cli.option("-r,--resolution", options.resolution,
             "Picture size; a camera gives the nearest that it has, a file is scaled");
  cli.option("-f,--fps", options.rate, "Frames per second, instead of the source's own");
  cli.choice("-m,--format", options.format, raw_formats(), "Pixel format to publish").metavar("FORMAT");
  cli.flag("--loop", options.loop, "Start a file over at its end; frame numbers go on");
  cli.flag("--fast", options.fast, "Play a file or the pattern as fast as it goes");
  add_run_limits(cli, options.limits, "frames");
  cli.group("Where they go");
  add_written_segment(cli, options.name);
  cli.number("-b,--slots", options.slots, 2, kSlotsMax, "Frames that the segment has room for");
  cli.option("--mode", options.mode, "Who may read the segment, as file permissions");
  cli.option("--group", options.group, "Group that the segment is given to").metavar("GROUP");
  cli.check([&options] {
    if (!options.device.empty()) return;
    throw toolkit::UsageError(
        "--device: '' is no source; use a camera's number or path, a file, or 'pattern'");
  });
}

}  // namespace shmvideo::capture
