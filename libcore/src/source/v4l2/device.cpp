// SPDX-License-Identifier: Apache-2.0
#include "source/v4l2/device.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <linux/videodev2.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "shmvideo/error.hpp"

namespace shmvideo::source {
namespace {

constexpr std::uint32_t kCaptureFlags = V4L2_CAP_VIDEO_CAPTURE | V4L2_CAP_VIDEO_CAPTURE_MPLANE;
constexpr std::uint32_t kCodecFlags = V4L2_CAP_VIDEO_M2M | V4L2_CAP_VIDEO_M2M_MPLANE;

[[noreturn]] void fail(int number, const std::string& sentence) {
  throw Error(ErrorCode::source_failed, sentence, number);
}

UniqueFd open_path(const std::string& path) {
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0) fail(errno, fmt::format("there is no camera {}", path));
  if (!S_ISCHR(status.st_mode)) fail(0, fmt::format("{} is no device", path));
  // Not blocking, so that no ioctl can keep us where poll() is meant to wait.
  UniqueFd fd(::open(path.c_str(), O_RDWR | O_NONBLOCK | O_CLOEXEC));
  if (fd) return fd;
  const int number = errno;
  if (number != EACCES) fail_device(path, "cannot open", number);
  fail(number, fmt::format("cannot open camera {}: {}; membership in the group 'video' usually helps", path,
                           std::strerror(number)));
}

}  // namespace

bool Capabilities::can_capture() const noexcept {
  return (flags & kCaptureFlags) && !(flags & kCodecFlags) && (flags & V4L2_CAP_STREAMING);
}

bool Capabilities::is_multiplanar() const noexcept {
  return !(flags & V4L2_CAP_VIDEO_CAPTURE) && (flags & V4L2_CAP_VIDEO_CAPTURE_MPLANE);
}

std::string Capabilities::reason_against() const {
  if (can_capture()) return {};
  if (flags & kCodecFlags) return "it is a codec";
  if (flags & kCaptureFlags) return "it has no streaming I/O";
  if (flags & V4L2_CAP_META_CAPTURE) return "it is a metadata node";
  if (flags & (V4L2_CAP_VIDEO_OUTPUT | V4L2_CAP_VIDEO_OUTPUT_MPLANE)) return "it is an output device";
  return "it captures no video";
}

Device::Device(const std::string& path) : path_(path), fd_(open_path(path)) {
  v4l2_capability answer{};
  if (const int number = call(VIDIOC_QUERYCAP, &answer)) {
    fail(number, number == ENOTTY || number == EINVAL
                     ? fmt::format("{} is no camera", path)
                     : fmt::format("camera {} does not answer: {}", path, std::strerror(number)));
  }
  const bool has_own = answer.capabilities & V4L2_CAP_DEVICE_CAPS;
  capabilities_ = {kernel_text(answer.driver), kernel_text(answer.card), kernel_text(answer.bus_info),
                   has_own ? answer.device_caps : answer.capabilities};
}

int Device::call(unsigned long request, void* argument) const noexcept {
  int result = 0;
  do {
    result = ::ioctl(fd_.get(), request, argument);
  } while (result < 0 && errno == EINTR);
  return result < 0 ? errno : 0;
}

std::uint32_t Device::buffer_type() const noexcept {
  return capabilities_.is_multiplanar() ? V4L2_BUF_TYPE_VIDEO_CAPTURE_MPLANE : V4L2_BUF_TYPE_VIDEO_CAPTURE;
}

std::string fourcc_text(std::uint32_t fourcc) {
  std::string text;
  for (unsigned shift = 0; shift < 32; shift += 8) {
    const char letter = static_cast<char>(fourcc >> shift & 0x7f);
    text += letter >= ' ' && letter < 127 ? letter : '?';
  }
  while (!text.empty() && text.back() == ' ') text.pop_back();
  return fourcc >> 31 ? text + "-BE" : text;  // the highest bit is V4L2's mark of big-endian samples
}

}  // namespace shmvideo::source
