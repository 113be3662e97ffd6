// SPDX-License-Identifier: Apache-2.0
#include "choose_source.hpp"

#include <algorithm>
#include <filesystem>
#include <string>

#include "source/opencv/opencv_camera.hpp"
#include "source/opencv/opencv_file.hpp"
#include "source/pattern/pattern_source.hpp"

namespace shmvideo::capture {
namespace {

constexpr const char* kPattern = "pattern";

bool is_camera(const std::string& device) {
  const bool is_number =
      !device.empty() && std::ranges::all_of(device, [](char c) { return c >= '0' && c <= '9'; });
  std::error_code ignored;
  return is_number || device.starts_with("/dev/video") || std::filesystem::is_character_file(device, ignored);
}

source::FrameRate rate_of(const CaptureOptions& options, source::FrameRate otherwise) {
  return options.rate ? source::FrameRate{options.rate->numerator, options.rate->denominator} : otherwise;
}

std::unique_ptr<source::FrameSource> make_pattern(const CaptureOptions& options) {
  source::PatternOptions pattern;
  if (options.resolution) {
    pattern.width = options.resolution->width;
    pattern.height = options.resolution->height;
  }
  pattern.format = options.format;
  pattern.rate = rate_of(options, pattern.rate);
  pattern.is_fast = options.fast;
  return source::make_pattern_source(pattern);
}

SourceFactory pattern_factory(const CaptureOptions& options) {
  return [options] { return make_pattern(options); };
}

SourceFactory camera_factory(const CaptureOptions& options) {
  const toolkit::Resolution size = options.resolution.value_or(toolkit::Resolution{});
  const source::OpenCvCameraOptions camera{options.device, options.format, size.width, size.height,
                                           rate_of(options, {0, 1})};
  return [camera] { return source::make_opencv_camera_source(camera); };
}

SourceFactory file_factory(const CaptureOptions& options) {
  const toolkit::Resolution size = options.resolution.value_or(toolkit::Resolution{});
  const source::FileOptions file{options.device,
                                 {options.format, size.width, size.height},
                                 rate_of(options, {0, 1}),
                                 options.loop,
                                 options.fast};
  return [file] { return source::make_file_source(file); };
}

/// A pipe or a socket in the file system: it may come back when its other end does.
bool is_special_file(const std::string& path) {
  std::error_code ignored;
  return std::filesystem::is_fifo(path, ignored) || std::filesystem::is_socket(path, ignored);
}

}  // namespace

ChosenSource choose_source(const CaptureOptions& options, toolkit::Log& log) {
  const bool has_pattern = options.device == kPattern;
  const bool has_camera = !has_pattern && is_camera(options.device);
  if (options.loop && (has_pattern || has_camera)) {
    log.warn("--loop is ignored: only a file has an end after which to start over");
  }
  if (options.fast && has_camera) log.warn("--fast is ignored: a camera sets its own pace");
  ChosenSource chosen;
  chosen.supervision.device = has_camera ? source::opencv_camera_path(options.device) : options.device;
  chosen.supervision.is_live = has_camera || is_special_file(options.device);
  chosen.supervision.can_reopen = chosen.supervision.is_live;
  chosen.supervision.is_waiting = options.wait_device;
  chosen.supervision.is_reopening = options.reopens_after_loss();
  chosen.supervision.reopenings_max = options.max_reconnects;
  chosen.supervision.stall_timeout = options.stall_timeout;
  chosen.make = has_pattern  ? pattern_factory(options)
                : has_camera ? camera_factory(options)
                             : file_factory(options);
  return chosen;
}

}  // namespace shmvideo::capture
