// SPDX-License-Identifier: Apache-2.0
#include "source/v4l2/modes.hpp"

#include <linux/videodev2.h>

#include <algorithm>

#include "shmvideo/layout.h"
#include "source/v4l2/device.hpp"

namespace shmvideo::source {
namespace {

/// No camera has more; a driver that never ends its list is not followed for ever.
constexpr std::uint32_t kEntriesMax = 512;

/// The rate that an interval between frames means.
FrameRate rate_of(const v4l2_fract& interval) {
  if (interval.numerator == 0 || interval.denominator == 0) return {0, 1};
  return {interval.denominator, interval.numerator};
}

std::vector<RateSpan> read_rates(const Device& device, std::uint32_t fourcc, PictureSize size) {
  std::vector<RateSpan> rates;
  for (std::uint32_t index = 0; index < kEntriesMax; ++index) {
    v4l2_frmivalenum entry{};
    entry.index = index;
    entry.pixel_format = fourcc;
    entry.width = size.width;
    entry.height = size.height;
    if (device.call(VIDIOC_ENUM_FRAMEINTERVALS, &entry) != 0) break;
    const bool is_one = entry.type == V4L2_FRMIVAL_TYPE_DISCRETE;
    const FrameRate fastest = rate_of(is_one ? entry.discrete : entry.stepwise.min);
    const FrameRate slowest = rate_of(is_one ? entry.discrete : entry.stepwise.max);
    if (fastest.numerator > 0) rates.push_back({slowest.numerator > 0 ? slowest : fastest, fastest});
    if (!is_one) break;
  }
  std::ranges::stable_sort(rates, [](const RateSpan& a, const RateSpan& b) {
    return per_second(a.fastest) > per_second(b.fastest);
  });
  return rates;
}

LengthSpan span_of(std::uint32_t least, std::uint32_t most, std::uint32_t step) {
  const auto limit = [](std::uint32_t n) { return std::clamp<std::uint32_t>(n, 1, SHMV_DIMENSION_MAX); };
  return {limit(least), std::max(limit(least), limit(most)), std::max<std::uint32_t>(step, 1)};
}

SizeSpan size_of(const v4l2_frmsizeenum& entry) {
  if (entry.type == V4L2_FRMSIZE_TYPE_DISCRETE) {
    return {span_of(entry.discrete.width, entry.discrete.width, 1),
            span_of(entry.discrete.height, entry.discrete.height, 1),
            {}};
  }
  const v4l2_frmsize_stepwise& range = entry.stepwise;
  return {span_of(range.min_width, range.max_width, range.step_width),
          span_of(range.min_height, range.max_height, range.step_height),
          {}};
}

PictureSize size_within(const SizeSpan& span, PictureSize asked) {
  if (asked.width == 0) return {span.width.most, span.height.most};
  return {span.width.nearest(asked.width), span.height.nearest(asked.height)};
}

std::vector<SizeSpan> read_sizes(const Device& device, std::uint32_t fourcc, PictureSize asked) {
  std::vector<SizeSpan> sizes;
  for (std::uint32_t index = 0; index < kEntriesMax; ++index) {
    v4l2_frmsizeenum entry{};
    entry.index = index;
    entry.pixel_format = fourcc;
    if (device.call(VIDIOC_ENUM_FRAMESIZES, &entry) != 0) break;
    sizes.push_back(size_of(entry));
    if (entry.type != V4L2_FRMSIZE_TYPE_DISCRETE) break;
  }
  for (SizeSpan& size : sizes) size.rates = read_rates(device, fourcc, size_within(size, asked));
  return sizes;
}

}  // namespace

double per_second(FrameRate rate) noexcept {
  return rate.denominator > 0 ? static_cast<double>(rate.numerator) / rate.denominator : 0;
}

std::uint32_t LengthSpan::nearest(std::uint32_t length) const noexcept {
  if (length <= least) return least;
  if (length >= most) return most;
  const std::uint32_t steps = (length - least + step / 2) / step;
  return std::min(least + steps * step, most);
}

std::vector<CameraFormat> read_formats(const Device& device, PictureSize asked) {
  std::vector<CameraFormat> formats;
  for (std::uint32_t index = 0; index < kEntriesMax; ++index) {
    v4l2_fmtdesc entry{};
    entry.index = index;
    entry.type = device.buffer_type();
    if (device.call(VIDIOC_ENUM_FMT, &entry) != 0) break;
    formats.push_back({entry.pixelformat, fourcc_text(entry.pixelformat), kernel_text(entry.description),
                       (entry.flags & V4L2_FMT_FLAG_COMPRESSED) != 0,
                       read_sizes(device, entry.pixelformat, asked)});
  }
  return formats;
}

}  // namespace shmvideo::source
