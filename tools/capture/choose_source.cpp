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

}  // namespace

std::unique_ptr<source::FrameSource> choose_source(const CaptureOptions& options, toolkit::Log& log) {
  const bool has_pattern = options.device == kPattern;
  const bool has_camera = !has_pattern && is_camera(options.device);
  if (options.loop && (has_pattern || has_camera)) {
    log.warn("--loop is ignored: only a file has an end after which to start over");
  }
  if (options.fast && has_camera) log.warn("--fast is ignored: a camera sets its own pace");
  if (has_pattern) return make_pattern(options);
  const toolkit::Resolution size = options.resolution.value_or(toolkit::Resolution{});
  const source::FrameRate rate = rate_of(options, {0, 1});
  if (has_camera) {
    return source::make_opencv_camera_source({options.device, options.format, size.width, size.height, rate});
  }
  return source::make_file_source(
      {options.device, {options.format, size.width, size.height}, rate, options.loop, options.fast});
}

}  // namespace shmvideo::capture
