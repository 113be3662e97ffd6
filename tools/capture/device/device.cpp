// SPDX-License-Identifier: Apache-2.0
#include "device/device.hpp"

#include <fmt/format.h>

#include <filesystem>

#include "source/is_number.hpp"
#include "source/libav/location.hpp"
#include "source/v4l2/camera_source.hpp"
#include "toolkit/options/usage_error.hpp"

namespace shmvideo::capture {
namespace {

bool is_camera(const std::string& device) {
  std::error_code ignored;
  // By their names too: a camera that is not plugged in has no file.
  return device == "auto" || source::is_number(device) || device.starts_with("/dev/video") ||
         device.starts_with("/dev/v4l/") || std::filesystem::is_character_file(device, ignored);
}

const char* word_for(DeviceKind kind) {
  switch (kind) {
    case DeviceKind::pattern:
      return "the test pattern";
    case DeviceKind::camera:
      return "a camera";
    case DeviceKind::file:
      return "a file";
    case DeviceKind::pipe:
      return "a pipe";
    case DeviceKind::url:
      return "a URL";
    case DeviceKind::standard_input:
      return "standard input";
    case DeviceKind::pipeline:
      return "a GStreamer pipeline";
  }
  return "?";
}

const char* name_of(Backend backend) {
  switch (backend) {
    case Backend::v4l2:
      return "v4l2";
    case Backend::ffmpeg:
      return "ffmpeg";
    case Backend::gstreamer:
      return "gstreamer";
    case Backend::opencv:
      return "opencv";
    case Backend::automatic:
      break;
  }
  return "auto";
}

bool takes(Backend backend, DeviceKind kind) {
  if (backend == Backend::automatic || backend == backend_for(kind)) return true;
  // Both open most things. A word alone may be a pipeline of a single element.
  const bool is_from_outside = kind != DeviceKind::pattern && kind != DeviceKind::standard_input;
  return is_from_outside &&
         (backend == Backend::gstreamer || (backend == Backend::opencv && kind != DeviceKind::pipeline));
}

}  // namespace

DeviceKind kind_of(const std::string& device) {
  using source::media::LocationKind;
  if (device == "pattern") return DeviceKind::pattern;
  if (device.find(" ! ") != device.npos) return DeviceKind::pipeline;
  if (is_camera(device)) return DeviceKind::camera;
  if (device.starts_with("file://")) return DeviceKind::file;
  switch (source::media::kind_of(device)) {
    case LocationKind::standard_input:
      return DeviceKind::standard_input;
    case LocationKind::url:
      return DeviceKind::url;
    case LocationKind::path:
      break;
  }
  std::error_code ignored;
  const bool is_pipe =
      std::filesystem::is_fifo(device, ignored) || std::filesystem::is_socket(device, ignored);
  return is_pipe ? DeviceKind::pipe : DeviceKind::file;
}

Backend backend_for(DeviceKind kind) {
  switch (kind) {
    case DeviceKind::pattern:
      return Backend::automatic;
    case DeviceKind::camera:
      return Backend::v4l2;
    case DeviceKind::pipeline:
      return Backend::gstreamer;
    default:
      return Backend::ffmpeg;
  }
}

void check_backend(Backend backend, const std::string& device) {
  const DeviceKind kind = kind_of(device);
  if (takes(backend, kind)) return;
  const Backend right = backend_for(kind);
  throw toolkit::UsageError(
      right == Backend::automatic
          ? fmt::format("--backend {} is not for {}, which needs none", name_of(backend), word_for(kind))
          : fmt::format(
                "--backend {} does not take {}{}; --backend {} does, and is chosen without the option",
                name_of(backend), word_for(kind),
                kind == DeviceKind::standard_input ? "" : " ('" + shown_device(device) + "')",
                name_of(right)));
}

std::string shown_device(const std::string& device) {
  switch (kind_of(device)) {
    case DeviceKind::camera:
      return source::camera_path(device);
    case DeviceKind::pipeline:
      return device;
    default:
      return source::media::shown_location(device);
  }
}

}  // namespace shmvideo::capture
