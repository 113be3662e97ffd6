// SPDX-License-Identifier: Apache-2.0
#include "source/opencv/opencv_camera.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cmath>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <vector>

#include "shmvideo/error.hpp"

namespace shmvideo::source {
namespace {

/// A time stamp older than this is not of our clock.
constexpr std::int64_t kStampAgeMaxNs = 1'000'000'000;

/// "/dev/video0 (USB Camera), /dev/video2 (...)", or that there are none.
std::string cameras_found() {
  std::vector<std::string> found;
  std::error_code ignored;
  for (const auto& entry : std::filesystem::directory_iterator("/dev", ignored)) {
    const std::string path = entry.path().string();
    if (!path.starts_with("/dev/video")) continue;
    std::string label;
    std::ifstream name("/sys/class/video4linux/" + entry.path().filename().string() + "/name");
    std::getline(name, label);
    found.push_back(label.empty() ? path : fmt::format("{} ({})", path, label));
  }
  std::ranges::sort(found);
  return found.empty() ? "there is no /dev/video* here; '--device pattern' needs no camera"
                       : fmt::format("found: {}", fmt::join(found, ", "));
}

/// Throws where the kernel already knows why a camera cannot be opened: OpenCV does not pass it on.
void check_device(const std::string& path) {
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0) {
    throw Error(ErrorCode::source_failed, fmt::format("there is no camera {}; {}", path, cameras_found()));
  }
  if (!S_ISCHR(status.st_mode)) {
    throw Error(ErrorCode::source_failed, fmt::format("{} is no device", path));
  }
  const int descriptor = ::open(path.c_str(), O_RDWR | O_NONBLOCK | O_CLOEXEC);
  if (descriptor >= 0) {
    ::close(descriptor);
    return;
  }
  const int cause = errno;
  const char* advice = cause == EACCES  ? "; membership in the group 'video' usually helps"
                       : cause == EBUSY ? "; another program uses it"
                                        : "";
  throw Error(ErrorCode::source_failed,
              fmt::format("cannot open camera {}: {}{}", path, std::strerror(cause), advice), cause);
}

class CameraSource final : public FrameSource {
 public:
  explicit CameraSource(const OpenCvCameraOptions& options)
      : options_(options),
        path_(opencv_camera_path(options.device)),
        capture_(FrameWish{options.format, 0, 0}) {}

  void open() override;
  const SourceDescription& description() const noexcept override { return description_; }
  WaitStatus wait() noexcept override;
  FillStatus fill(std::span<std::byte> slot, FrameInfo& info) noexcept override;
  void interrupt() noexcept override { clock_.interrupt(); }

 private:
  void describe();
  std::uint64_t capture_time_ns() noexcept;

  OpenCvCameraOptions options_;
  std::string path_;
  OpenCvCapture capture_;
  SteadyPaceClock clock_;
  SourceDescription description_;
  bool is_grabbed_ahead_ = false;
  std::uint64_t number_ = 0;
  std::uint64_t capture_ns_ = 0;
};

void CameraSource::open() {
  check_device(path_);
  if (!capture_.open_camera(path_, options_.width, options_.height, options_.rate)) {
    throw Error(ErrorCode::source_failed,
                fmt::format("{} is no camera that can be used, or another program uses it", path_));
  }
  if (!capture_.grab() || !capture_.examine()) {
    throw Error(ErrorCode::source_failed, fmt::format("camera {} delivers no picture", path_));
  }
  is_grabbed_ahead_ = true;
  describe();
}

void CameraSource::describe() {
  const FrameInfo& layout = capture_.layout();
  const FrameRate rate = rate_from_double(capture_.rate());
  description_ = {};
  description_.stream = {SHMV_KIND_RAW, layout.fourcc,  layout.width,
                         layout.height, rate.numerator, rate.denominator};
  description_.payload_bytes = layout.payload_bytes;
  description_.name = path_;
  if (options_.width > 0 && (options_.width != layout.width || options_.height != layout.height)) {
    description_.notes.push_back(fmt::format("the camera gives {}x{} instead of {}x{}", layout.width,
                                             layout.height, options_.width, options_.height));
  }
  const double asked = static_cast<double>(options_.rate.numerator) / options_.rate.denominator;
  if (asked > 0 && std::abs(asked - capture_.rate()) > 0.01 * asked) {
    description_.notes.push_back(
        fmt::format("the camera gives {:g} frames a second instead of {:g}", capture_.rate(), asked));
  }
  const std::string native = capture_.native_format();
  if (!native.empty() && pixel_format_from_name(native) != options_.format) {
    description_.notes.push_back(
        fmt::format("the camera's {} is converted to {}", native, info_of(options_.format).name));
  }
}

/// The driver's time stamp if it is of CLOCK_MONOTONIC, as most are; else now.
std::uint64_t CameraSource::capture_time_ns() noexcept {
  const std::int64_t now_ns = clock_.now_ns();
  const std::int64_t stamp_ns = std::llround(capture_.time_ms() * 1e6);
  const bool is_ours = stamp_ns <= now_ns && now_ns - stamp_ns < kStampAgeMaxNs;
  return static_cast<std::uint64_t>(is_ours ? stamp_ns : now_ns);
}

WaitStatus CameraSource::wait() noexcept {
  if (!clock_.sleep_until_ns(0)) return WaitStatus::interrupted;
  if (!is_grabbed_ahead_ && !capture_.grab()) {
    return clock_.sleep_until_ns(0) ? WaitStatus::lost : WaitStatus::interrupted;
  }
  is_grabbed_ahead_ = false;
  ++number_;
  capture_ns_ = capture_time_ns();
  return clock_.sleep_until_ns(0) ? WaitStatus::frame : WaitStatus::interrupted;
}

FillStatus CameraSource::fill(std::span<std::byte> slot, FrameInfo& info) noexcept {
  const FillStatus status = capture_.fill(slot, info);
  if (status == FillStatus::format_changed) describe();
  info.capture_monotonic_ns = capture_ns_;
  info.source_number = number_;
  return status;
}

}  // namespace

std::string opencv_camera_path(const std::string& device) {
  const bool is_number =
      !device.empty() && std::ranges::all_of(device, [](char c) { return c >= '0' && c <= '9'; });
  return is_number ? "/dev/video" + device : device;
}

std::unique_ptr<FrameSource> make_opencv_camera_source(const OpenCvCameraOptions& options) {
  return std::make_unique<CameraSource>(options);
}

}  // namespace shmvideo::source
