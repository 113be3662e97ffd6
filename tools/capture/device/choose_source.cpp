// SPDX-License-Identifier: Apache-2.0
#include "device/choose_source.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <string>
#include <type_traits>

#include "source/libav/media_source.hpp"
#include "source/module/module_source.hpp"
#include "source/pattern/pattern_source.hpp"
#include "source/v4l2/camera_source.hpp"

namespace shmvideo::capture {
namespace {

using namespace std::chrono_literals;

/// A network camera is asked for its streams, and decoding waits for a key frame: that takes a while.
constexpr int kOpenFactor = 4;
constexpr std::chrono::nanoseconds kOpenTimeoutMin = 20s;
/// To return from a call that was interrupted, on a busy machine.
constexpr std::chrono::nanoseconds kGraceMin = 2s;

source::FrameRate rate_of(const CaptureOptions& options, source::FrameRate otherwise) {
  const auto rate = options.rate_in_use();
  return rate ? source::FrameRate{rate->numerator, rate->denominator} : otherwise;
}

source::FrameWish wish_of(const CaptureOptions& options) {
  const toolkit::Resolution size = options.resolution_in_use().value_or(toolkit::Resolution{});
  return {options.format, size.width, size.height};
}

SourceFactory pattern_factory(const CaptureOptions& options) {
  source::PatternOptions pattern;
  if (options.resolution) {
    pattern.width = options.resolution->width;
    pattern.height = options.resolution->height;
  }
  pattern.format = options.format;
  pattern.rate = rate_of(options, pattern.rate);
  pattern.is_fast = options.fast;
  return [pattern] { return source::make_pattern_source(pattern); };
}

SourceFactory camera_factory(const CaptureOptions& options) {
  source::CameraOptions camera;
  camera.device = options.device;
  camera.wish = wish_of(options);
  camera.rate = rate_of(options, {0, 1});
  camera.is_copying = options.copy;
  if (options.exposure) {
    camera.has_auto_exposure = !options.exposure->fixed_100us;
    camera.exposure_100us = options.exposure->fixed_100us;
  }
  camera.controls = options.controls;
  if (options.buffers) camera.buffers = *options.buffers;
  return [camera] { return source::make_camera_source(camera); };
}

SourceFactory media_factory(const CaptureOptions& options) {
  source::MediaOptions media;
  media.location = options.device;
  media.wish = wish_of(options);
  media.rate = rate_of(options, {0, 1});
  media.is_looping = options.loop;
  media.is_fast = options.fast;
  media.is_copying = options.copy;
  // Both are needed to make sense of bytes without a header, and who gives both for a stream that says
  // what it is has no way to tell which was meant: they are the input's.
  const bool is_raw = kind_of(options.device) == DeviceKind::standard_input &&
                      options.is_given("resolution") && options.is_given("format");
  if (is_raw) media.raw = {options.format, options.resolution->width, options.resolution->height};
  return [media] { return source::make_media_source(media); };
}

SourceFactory module_factory(source::SourceModule module, const CaptureOptions& options) {
  const source::ModuleOptions wanted{options.device, wish_of(options), rate_of(options, {0, 1}),
                                     options.buffers.value_or(0)};
  return [module, wanted] { return source::make_module_source(module, wanted); };
}

SourceFactory factory_for(const CaptureOptions& options) {
  switch (options.backend_in_use()) {
    case Backend::v4l2:
      return camera_factory(options);
    case Backend::ffmpeg:
      return media_factory(options);
    case Backend::gstreamer:
      return module_factory(source::SourceModule::gstreamer, options);
    case Backend::opencv:
      return module_factory(source::SourceModule::opencv, options);
    case Backend::automatic:
      break;
  }
  return pattern_factory(options);
}

/// All that a factory takes from the options, as text.
std::string identity_of(const CaptureOptions& options) {
  const auto text = [](const auto& value) {
    return toolkit::Value<std::remove_cvref_t<decltype(value)>>::print(value);
  };
  std::string controls;
  for (const source::ControlSetting& control : options.controls) controls += " " + text(control);
  return fmt::format("{} {} {} {} {} {} {} {} {} {} {}", static_cast<int>(options.backend_in_use()),
                     text(options.resolution_in_use()), text(options.rate_in_use()),
                     static_cast<int>(options.format), options.copy, options.fast, options.loop,
                     text(options.exposure), options.buffers.value_or(0), controls, options.device);
}

}  // namespace

bool is_same_source(const CaptureOptions& one, const CaptureOptions& other) {
  return identity_of(one) == identity_of(other);
}

ChosenSource choose_source(const CaptureOptions& options) {
  const DeviceKind kind = kind_of(options.device);
  Supervision how;
  how.device = shown_device(options.device);
  how.is_live = kind != DeviceKind::pattern && kind != DeviceKind::file;
  // Who opens a pipe again comes into the middle of what was written to it, behind the header.
  how.can_reopen = how.is_live && kind != DeviceKind::standard_input && kind != DeviceKind::pipe;
  how.is_waiting = options.wait_device;
  how.is_reopening = options.reopens_after_loss();
  how.reopenings_max = options.max_reconnects;
  how.stall_timeout = options.stall_timeout;
  const bool has_stalls = options.stall_timeout > 0s;
  how.open_timeout = has_stalls ? std::max(kOpenFactor * options.stall_timeout, kOpenTimeoutMin) : 0s;
  how.grace = std::max(options.stall_timeout, kGraceMin);
  return {factory_for(options), how};
}

}  // namespace shmvideo::capture
