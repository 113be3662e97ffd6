// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

#include "segment/unique_fd.hpp"

namespace shmvideo::source {

/// What a V4L2 device says of itself.
struct Capabilities {
  std::string driver;
  std::string card;  ///< what people call it: "HD Pro Webcam C920"
  std::string bus;
  std::uint32_t flags = 0;  ///< V4L2_CAP_*, of this node

  bool can_capture() const noexcept;  ///< delivers video, and is no codec
  bool is_multiplanar() const noexcept;
  /// Why it is no camera, as a clause: "it is a metadata node". Empty if it is one.
  std::string reason_against() const;
};

/// An open V4L2 device. Move-only. Thread-safe as far as its driver is.
class Device {
 public:
  /// Throws Error(source_failed) with a sentence that does not say what other cameras there are.
  explicit Device(const std::string& path);

  /// An ioctl, repeated when a signal interrupts it. 0, or the errno.
  int call(unsigned long request, void* argument) const noexcept;

  int fd() const noexcept { return fd_.get(); }
  const std::string& path() const noexcept { return path_; }
  const Capabilities& capabilities() const noexcept { return capabilities_; }
  std::uint32_t buffer_type() const noexcept;  ///< V4L2_BUF_TYPE_* of its video

 private:
  std::string path_;
  UniqueFd fd_;
  Capabilities capabilities_;
};

/// Text from a fixed array of the kernel's, which may lack its zero.
template <typename Byte, std::size_t size>
std::string kernel_text(const Byte (&bytes)[size]) {
  std::string text;
  for (std::size_t i = 0; i < size && bytes[i] != 0; ++i) text += static_cast<char>(bytes[i]);
  return text;
}

/// "YUYV"
std::string fourcc_text(std::uint32_t fourcc);

/// The processes that have the device open, "ffmpeg (pid 1234)", as far as /proc lets us look; our own left
/// out.
std::string users_of(const std::string& path);

/// Throws Error(source_failed): that `what` failed because of `number`, or, if that is EBUSY, who uses the
/// camera. `what` is the beginning of a sentence that the camera's path continues.
[[noreturn]] void fail_device(const std::string& path, const char* what, int number);

}  // namespace shmvideo::source
