// SPDX-License-Identifier: Apache-2.0
#include "source/v4l2/running_camera.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <cmath>
#include <vector>

#include "shmvideo/error.hpp"
#include "source/v4l2/camera_list.hpp"
#include "source/v4l2/controls.hpp"

namespace shmvideo::source {
namespace {

[[noreturn]] void fail(const std::string& sentence) { throw Error(ErrorCode::source_failed, sentence); }

Device open_camera(const std::string& path) {
  try {
    Device device(path);
    const std::string reason = device.capabilities().reason_against();
    if (!reason.empty()) fail(fmt::format("{} is no camera, {}; {}", path, reason, cameras_found()));
    return device;
  } catch (const Error& error) {
    if (error.system_errno() != ENOENT) throw;
    throw Error(error.code(), fmt::format("{}; {}", error.what(), cameras_found()), ENOENT);
  }
}

std::vector<CameraFormat> formats_of(const Device& device, PictureSize aim, FrameRate signal_rate) {
  std::vector<CameraFormat> formats = read_formats(device, aim);
  if (signal_rate.numerator == 0) return formats;
  // The rate of a signal is nobody's choice, whatever a driver lists.
  for (CameraFormat& format : formats) {
    for (SizeSpan& size : format.sizes) size.rates = {{signal_rate, signal_rate}};
  }
  return formats;
}

[[noreturn]] void refuse_formats(const Device& device, std::span<const CameraFormat> formats,
                                 bool is_copying) {
  std::vector<std::string> names;
  for (const CameraFormat& format : formats) names.push_back(format.name);
  constexpr std::size_t kNamesMax = 12;
  if (names.size() > kNamesMax) {
    names.resize(kNamesMax);
    names.emplace_back("...");
  }
  const std::string has = names.empty() ? "none" : fmt::format("{}", fmt::join(names, " "));
  if (is_copying) {
    fail(
        fmt::format("camera {} codes nothing that could be copied, its formats are: {}", device.path(), has));
  }
  fail(fmt::format("camera {} has no format that can be used, its formats are: {}", device.path(), has));
}

void set_controls(const Device& device, const CameraOptions& options) {
  if (options.controls.empty() && !options.has_auto_exposure && !options.exposure_100us) return;
  const std::vector<Control> controls = read_controls(device);
  set_exposure(device, controls, options.has_auto_exposure, options.exposure_100us);
  for (const ControlSetting& setting : options.controls) {
    set_control(device, find_control(controls, setting.name), setting.value);
  }
}

std::string rate_text(FrameRate rate) {
  return rate.numerator > 0 ? fmt::format(" at {:.4g}/s", per_second(rate)) : "";
}

}  // namespace

RunningCamera::RunningCamera(const std::string& path, const CameraOptions& options,
                             const std::function<void()>& go_on)
    : device(open_camera(path)),
      signal(device),
      maker(make_maker(options, go_on)),
      queue(device, options.buffers) {}

FrameMaker RunningCamera::make_maker(const CameraOptions& options, const std::function<void()>& go_on) {
  const Mode mode = set_up(options, go_on);
  FrameMaker made(mode.choice, mode.format, options.wish.format);
  const FrameInfo& layout = made.layout();
  description.stream = {mode.choice.use == FrameUse::copy ? std::uint32_t{SHMV_KIND_CODED} : SHMV_KIND_RAW,
                        layout.fourcc,
                        layout.width,
                        layout.height,
                        mode.rate.numerator,
                        mode.rate.denominator};
  description.payload_bytes = made.payload_bytes();
  description.name = device.path();
  describe(mode, options);
  go_on();
  return made;
}

RunningCamera::Mode RunningCamera::set_up(const CameraOptions& options, const std::function<void()>& go_on) {
  go_on();
  signal.lock();
  ModeWish wish;
  wish.size = {options.wish.width, options.wish.height};
  wish.rate = options.rate;
  wish.format = options.wish.format;
  wish.is_copying = options.is_copying;
  wish.present = signal.size().width > 0 ? signal.size() : read_format(device).size;
  const auto formats = formats_of(device, wish.size.width > 0 ? wish.size : wish.present, signal.rate());
  const auto choice = choose_mode(formats, wish);
  if (!choice) refuse_formats(device, formats, options.is_copying);
  go_on();
  Mode mode{*choice, set_format(device, choice->fourcc, choice->size), signal.rate()};
  if (mode.rate.numerator == 0) {
    const FrameRate rate = choice->rate.numerator > 0 ? choice->rate : options.rate;
    mode.rate = rate.numerator > 0 ? set_rate(device, rate) : read_rate(device);
  }
  go_on();
  // Now that the driver has let us set the format, it is nobody else's camera that the controls change.
  set_controls(device, options);
  return mode;
}

/// The mode, and where it is not what was asked for.
void RunningCamera::describe(const Mode& mode, const CameraOptions& options) {
  const auto [width, height] = mode.format.size;
  std::vector<std::string>& notes = description.notes;
  notes.push_back(fmt::format("camera mode: {} {}x{}{}: {}", info_of(mode.choice.format).name, width, height,
                              rate_text(mode.rate), mode.choice.reason));
  const FrameWish& wish = options.wish;
  if (wish.width > 0 && (wish.width != width || wish.height != height)) {
    notes.push_back(
        fmt::format("the camera gives {}x{} instead of {}x{}", width, height, wish.width, wish.height));
  }
  const double asked = per_second(options.rate);
  const double given = per_second(mode.rate);
  if (asked > 0 && given > 0 && std::abs(asked - given) > 0.01 * asked) {
    notes.push_back(fmt::format("the camera gives {:.4g} frames a second instead of {:.4g}", given, asked));
  }
  if (mode.format.is_interlaced)
    notes.emplace_back("the camera's frames are interlaced; they are passed on as they are");
}

}  // namespace shmvideo::source
