// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "source/pacer.hpp"

namespace shmvideo::source {

class Device;

/// Frames per second that a camera can do: from slowest to fastest; one rate where both are the same.
struct RateSpan {
  FrameRate slowest{0, 1};
  FrameRate fastest{0, 1};
  bool operator==(const RateSpan&) const = default;
};

/// Lengths from least to most in steps, in pixels; one length where both are the same.
struct LengthSpan {
  std::uint32_t least = 0;
  std::uint32_t most = 0;
  std::uint32_t step = 1;
  bool is_one() const noexcept { return least == most; }
  std::uint32_t nearest(std::uint32_t length) const noexcept;
};

/// A picture size, or a range of them, with the rates it has.
struct SizeSpan {
  LengthSpan width;
  LengthSpan height;
  /// Empty: the driver does not say. Of a range of sizes: those of the size that was asked about.
  std::vector<RateSpan> rates;
  bool is_one() const noexcept { return width.is_one() && height.is_one(); }
};

struct CameraFormat {
  std::uint32_t fourcc = 0;  ///< V4L2's
  std::string name;          ///< "YUYV"
  std::string description;   ///< the driver's: "YUYV 4:2:2"
  bool is_compressed = false;
  std::vector<SizeSpan> sizes;
};

struct PictureSize {
  std::uint32_t width = 0;
  std::uint32_t height = 0;
  bool operator==(const PictureSize&) const = default;
};

/// What the camera can do at its present input. `asked` is the size whose rates are looked up where a
/// driver has ranges of sizes; 0x0: its largest. Empty where the driver tells nothing.
std::vector<CameraFormat> read_formats(const Device& device, PictureSize asked = {});

/// Frames per second as a number; 0 for no rate.
double per_second(FrameRate rate) noexcept;

}  // namespace shmvideo::source
