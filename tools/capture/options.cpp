// SPDX-License-Identifier: Apache-2.0
#include "options.hpp"

#include <vector>

namespace shmvideo::capture {
namespace {

using toolkit::UsageError;

/// Memory for thousands of slots is asked for by mistake only.
constexpr std::uint32_t kSlotsMax = 1024;
constexpr std::uint32_t kReconnectsMax = 1'000'000'000;
/// What is shorter than a few frames of a slow camera is no stall.
constexpr std::chrono::milliseconds kStallTimeoutMin(100);

std::vector<toolkit::Choice<PixelFormat>> raw_formats() {
  std::vector<toolkit::Choice<PixelFormat>> choices;
  for (const PixelFormatInfo& info : pixel_formats()) {
    if (is_coded(info.format)) continue;
    choices.push_back({std::string(info.name), info.format, std::string(info.description)});
  }
  return choices;
}

void define_source(toolkit::Cli& cli, CaptureOptions& options) {
  cli.group("Where frames come from");
  cli.option("-d,--device", options.device,
             "Camera (number, path, or 'auto' for the first that works), video file, URL, '-' (standard "
             "input), GStreamer pipeline, or 'pattern'")
      .metavar("DEVICE")
      .environment("VIDEO_FILE")
      .completion(toolkit::Completion::device)
      .suggest({{"auto", "the first camera that works"}, {"pattern", "a moving test picture"}});
  cli.choice("--backend", options.backend,
             {{"auto", Backend::automatic, "what suits the device"},
              {"v4l2", Backend::v4l2, "cameras, directly"},
              {"ffmpeg", Backend::ffmpeg, "files, URLs, pipes, standard input"},
              {"gstreamer", Backend::gstreamer, "pipelines; cameras, files and URLs as well"},
              {"opencv", Backend::opencv, "whatever OpenCV opens, image sequences and GigE cameras too"}},
             "What fetches the frames");
  cli.option("-r,--resolution", options.resolution,
             "Picture size; a camera gives the nearest that it has, others are scaled");
  cli.option("-f,--fps", options.rate,
             "Frames per second of a camera or the pattern, or to play a file at, instead of its own");
  cli.choice("-m,--format", options.format, raw_formats(), "Pixel format to publish").metavar("FORMAT");
  cli.flag("--copy", options.copy, "Publish JPEG or H.264 as it comes, without decoding it");
  cli.flag("--loop", options.loop, "Start a file over at its end; frame numbers go on");
  cli.flag("--fast", options.fast, "Play a file or the pattern as fast as it goes");
  add_run_limits(cli, options.limits, "frames");
  cli.check([&options] {
    if (options.device.empty()) {
      throw UsageError(
          "--device: '' is no source; use a camera's number or path, a file, a URL, '-', or 'pattern'");
    }
  });
}

void define_cameras(toolkit::Cli& cli, CaptureOptions& options) {
  cli.group("Cameras");
  cli.flag("--list-devices", options.list_devices, "Show the cameras with their formats, sizes and rates");
  cli.flag("--list-controls", options.list_controls, "Show the controls of the camera --device");
  add_json(cli, options.json);
  cli.option("--exposure", options.exposure, "Exposure: automatic, or fixed to N times 100 microseconds");
  cli.list("--control", options.controls, "Set a control that --list-controls shows");
  cli.check([&options] {
    if (options.list_devices && options.list_controls) {
      throw UsageError("--list-devices and --list-controls: one at a time");
    }
    if (options.json && !options.list_devices && !options.list_controls) {
      throw UsageError("--json is for --list-devices and --list-controls");
    }
    if (options.list_controls && kind_of(options.device) != DeviceKind::camera) {
      throw UsageError("--list-controls is for cameras, and '" + options.device + "' is none");
    }
  });
}

void define_losses(toolkit::Cli& cli, CaptureOptions& options) {
  cli.group("When no frames come");
  cli.flag("--wait-device", options.wait_device,
           "Wait for a source that cannot be opened at the start, instead of ending with status 1");
  cli.choice("--on-loss", options.on_loss,
             {{"reconnect", OnLoss::reconnect, "try to open it again, while the segment stays"},
              {"exit", OnLoss::exit, "end with status 1, for those who restart programs"}},
             "What to do when a camera or stream is lost")
      .config_key("vision.camera.auto_reconnect");
  cli.flag("--reconnect", options.reconnect, "The same as --on-loss reconnect");
  cli.flag("--no-reconnect", options.no_reconnect, "The same as --on-loss exit");
  cli.number("--max-reconnects", options.max_reconnects, 0, kReconnectsMax,
             "Give up after N attempts in a row to open it again; 0: none, as --on-loss exit")
      .config_key("vision.camera.max_reconnect_attempts");
  cli.option("--stall-timeout", options.stall_timeout,
             "Take a camera or stream without a frame for so long as lost; 0: never");
  cli.check([&cli, &options] {
    const bool is_asked_to_exit =
        options.no_reconnect || (cli.is_given("on-loss") && options.on_loss == OnLoss::exit);
    const bool is_asked_to_go_on =
        options.reconnect || (cli.is_given("on-loss") && options.on_loss == OnLoss::reconnect);
    if (is_asked_to_exit && is_asked_to_go_on) {
      throw UsageError("--reconnect, --no-reconnect and --on-loss contradict each other");
    }
    if (options.stall_timeout.count() > 0 && options.stall_timeout < kStallTimeoutMin) {
      throw UsageError("--stall-timeout: use 100ms or more, or 0 for never");
    }
  });
}

void define_segment(toolkit::Cli& cli, CaptureOptions& options) {
  cli.group("Where they go");
  add_written_segment(cli, options.name);
  cli.number("-b,--slots", options.slots, 2, kSlotsMax,
             "Frames that the segment has room for; if not given, 6, and 30 with --copy");
  cli.option("--mode", options.mode, "Who may read the segment, as file permissions");
  cli.option("--group", options.group, "Group that the segment is given to").metavar("GROUP");
}

}  // namespace

void define(toolkit::Cli& cli, CaptureOptions& options) {
  define_source(cli, options);
  define_cameras(cli, options);
  define_losses(cli, options);
  define_segment(cli, options);
  cli.check([&cli, &options] {
    for (const toolkit::DeclaredOption& option : cli.options()) {
      if (!option.given.empty()) options.given.push_back(option.model.long_name);
    }
    if (!options.list_devices) check_backend(options.backend, options.device);
  });
}

}  // namespace shmvideo::capture
