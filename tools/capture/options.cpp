// SPDX-License-Identifier: Apache-2.0
#include "options.hpp"

#include <vector>

namespace shmvideo::capture {
namespace {

using toolkit::UsageError;

/// With one, a camera has nowhere to put a frame while another is read.
constexpr std::uint32_t kBuffersMin = 2;
constexpr std::uint32_t kBuffersMax = 32;
constexpr std::uint32_t kReconnectsMax = 1'000'000'000;
/// What is shorter than a few frames of a slow camera is no stall.
constexpr std::chrono::milliseconds kStallTimeoutMin(100);

void define_source(toolkit::Cli& cli, CaptureOptions& options) {
  cli.group("Where frames come from");
  cli.option("-d,--device", options.device,
             "Camera (number, path, or 'auto' for the first that works), video file, URL, '-' (standard "
             "input), GStreamer pipeline, or 'pattern'")
      .metavar("DEVICE")
      .environment("VIDEO_FILE")
      .config_key("vision.camera.device_id")
      .completion(toolkit::Completion::device)
      .suggest({{"auto", "the first camera that works"}, {"pattern", "a moving test picture"}})
      .reloadable();
  cli.choice("--backend", options.backend,
             {{"auto", Backend::automatic, "what suits the device"},
              {"v4l2", Backend::v4l2, "cameras, directly"},
              {"ffmpeg", Backend::ffmpeg, "files, URLs, pipes, standard input"},
              {"gstreamer", Backend::gstreamer, "pipelines; cameras, files and URLs as well"},
              {"opencv", Backend::opencv, "whatever OpenCV opens, image sequences and GigE cameras too"}},
             "What fetches the frames")
      .config_key("vision.camera.backend")
      .reloadable();
  add_resolution(cli, options.resolution)
      .details(
          "A camera gives the nearest that it has; what comes from elsewhere is scaled. In a configuration "
          "file it means cameras and the pattern only.")
      .if_unset("the source's own")
      .config_key("vision.camera.resolution")
      .reloadable();
  add_rate(cli, options.rate)
      .details(
          "Those that a camera or the pattern delivers, or that a file is played at. In a configuration file "
          "it means cameras and the pattern only.")
      .if_unset("the source's own")
      .config_key("vision.camera.fps")
      .reloadable();
  add_pixel_format(cli, options.format).reloadable();
  cli.flag("--copy", options.copy, "Publish JPEG or H.264 as it comes, without decoding it").reloadable();
  cli.flag("--loop", options.loop, "Start a file over at its end; frame numbers go on")
      .config_key("vision.camera.loop_video")
      .reloadable();
  add_fast(cli, options.fast).details("Only a file and the pattern can be hurried.").reloadable();
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
  cli.flag("--list-devices", options.list_devices, "Show the cameras with their formats, sizes and rates")
      .not_configurable();
  cli.flag("--list-controls", options.list_controls, "Show the controls of the camera --device")
      .not_configurable();
  add_json(cli, options.json);
  cli.option("--exposure", options.exposure, "Exposure: automatic, or fixed to N times 100 microseconds")
      .if_unset("as the camera is set")
      .config_key("vision.camera.exposure_mode")
      .reloadable();
  cli.list("--control", options.controls, "Set a control that --list-controls shows").reloadable();
  cli.number("--buffers", options.buffers, kBuffersMin, kBuffersMax, "Frames that the driver fills in turn")
      .details("More of them bridge longer times in which this program is late.")
      .if_unset("4")
      .config_key("vision.camera.buffer_size")
      .reloadable();
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
      .config_key("vision.camera.auto_reconnect")
      .config_switch("reconnect", "exit")
      .reloadable();
  cli.flag("--reconnect", options.reconnect, "The same as --on-loss reconnect").not_configurable();
  cli.flag("--no-reconnect", options.no_reconnect, "The same as --on-loss exit").not_configurable();
  cli.number("--max-reconnects", options.max_reconnects, 0, kReconnectsMax,
             "Give up after N attempts in a row to open it again")
      .details("0 is the same as --on-loss exit.")
      .if_unset("never")
      .config_key("vision.camera.max_reconnect_attempts")
      .reloadable();
  cli.option("--stall-timeout", options.stall_timeout,
             "Take a camera or stream without a frame for so long as lost")
      .range("100ms or more, or 0 for never")
      .reloadable();
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
  add_slots(cli, options.slots).if_unset("6, or 30 with --copy");
  cli.option("--mode", options.mode, "Who may read the segment, as file permissions");
  cli.option("--group", options.group, "Group that the segment is given to")
      .metavar("GROUP")
      .if_unset("the user's own");
  add_frame_log_interval(cli, options.frame_log_interval, "frame_log_interval");
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
      if (option.origin == toolkit::Origin::file) options.configured.push_back(option.model.long_name);
    }
    if (!options.list_devices) check_backend(options.backend, options.device);
  });
}

}  // namespace shmvideo::capture
