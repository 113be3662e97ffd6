// SPDX-License-Identifier: Apache-2.0
#include "source/v4l2/mode_choice.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>
#include <tuple>
#include <vector>

namespace shmvideo::source {
namespace {

/// What moves fluently enough where no rate is asked for.
constexpr double kFluentRate = 15;
/// 29.97 is what who asks for 30 means.
constexpr double kNearEnough = 0.99;
/// Among rates that reach the one asked for by as much as this, the lower one.
constexpr FrameRate kUsualRate{30, 1};

/// V4L2 has two names for JPEG.
constexpr std::uint32_t kJpegFourcc = make_fourcc('J', 'P', 'E', 'G');

// Of raw formats that must be converted, the order in which they are liked: what cameras have natively
// first, grey last, which has lost the colours.
constexpr std::array kRawOrder{PixelFormat::yuyv,  PixelFormat::uyvy,  PixelFormat::nv12, PixelFormat::i420,
                               PixelFormat::bgr24, PixelFormat::rgb24, PixelFormat::gray8};
constexpr std::array kCodedOrder{PixelFormat::jpeg, PixelFormat::h264, PixelFormat::h265};

struct Candidate {
  const CameraFormat* format = nullptr;
  ModeChoice mode;
  std::uint64_t size_error = 0;
  bool reaches = false;
  double rate_rank = 0;  // less is better
  int likeness = 0;      // less is better
};

double wanted_rate(const ModeWish& wish) {
  return wish.rate.numerator > 0 ? per_second(wish.rate) : kFluentRate;
}

template <std::size_t count>
int place_in(const std::array<PixelFormat, count>& order, PixelFormat format) {
  return static_cast<int>(std::ranges::find(order, format) - order.begin());
}

/// How a format would be used; nothing if it cannot be.
std::optional<FrameUse> use_of(PixelFormat format, const ModeWish& wish) {
  if (wish.is_copying) return is_coded(format) ? std::optional(FrameUse::copy) : std::nullopt;
  if (format == wish.format) return FrameUse::pass;
  if (!is_coded(format)) return FrameUse::convert;
  return format == PixelFormat::jpeg ? std::optional(FrameUse::decode) : std::nullopt;
}

int likeness_of(PixelFormat format, FrameUse use) {
  constexpr int kManyFormats = 100;
  return static_cast<int>(use) * kManyFormats +
         (is_coded(format) ? place_in(kCodedOrder, format) : place_in(kRawOrder, format));
}

/// A rate in the span that is as asked for, or the nearest to it.
FrameRate nearest_in(const RateSpan& span, FrameRate asked) {
  const FrameRate aim = asked.numerator > 0 ? asked : kUsualRate;
  if (per_second(aim) >= per_second(span.fastest)) return span.fastest;
  if (per_second(aim) <= per_second(span.slowest)) return span.slowest;
  return aim;
}

/// The rate that suits best; numerator 0 where the driver lists none.
FrameRate best_rate(const SizeSpan& size, const ModeWish& wish) {
  const double wanted = wanted_rate(wish);
  const double aim = wish.rate.numerator > 0 ? wanted : per_second(kUsualRate);
  FrameRate best{0, 1};
  const auto rank = [&](FrameRate rate) {
    const double value = per_second(rate);
    const bool reaches = value >= kNearEnough * wanted;
    return std::tuple(!reaches, reaches ? std::abs(value - aim) : -value);
  };
  for (const RateSpan& span : size.rates) {
    const FrameRate rate = nearest_in(span, wish.rate);
    if (best.numerator == 0 || rank(rate) < rank(best)) best = rate;
  }
  return best;
}

std::uint64_t distance(PictureSize a, PictureSize b) {
  const auto apart = [](std::uint32_t x, std::uint32_t y) { return x > y ? x - y : y - x; };
  return std::uint64_t{apart(a.width, b.width)} + apart(a.height, b.height);
}

Candidate candidate_of(const CameraFormat& format, const SizeSpan& size, PixelFormat known, FrameUse use,
                       const ModeWish& wish) {
  const PictureSize aim = wish.size.width > 0 ? wish.size : wish.present;
  Candidate candidate{&format, {format.fourcc, known, use, {}, best_rate(size, wish), {}}, 0, false, 0, 0};
  candidate.mode.size = {size.width.nearest(aim.width), size.height.nearest(aim.height)};
  candidate.size_error = distance(candidate.mode.size, aim);
  const double rate = per_second(candidate.mode.rate);
  const bool is_unknown = candidate.mode.rate.numerator == 0;
  candidate.reaches = is_unknown || rate >= kNearEnough * wanted_rate(wish);
  candidate.rate_rank = candidate.reaches ? 0 : -rate;
  candidate.likeness = likeness_of(known, use);
  return candidate;
}

bool is_better(const Candidate& a, const Candidate& b) {
  const auto rank = [](const Candidate& c) {
    return std::tuple(c.size_error, !c.reaches, c.rate_rank, c.likeness);
  };
  return rank(a) < rank(b);
}

/// Why the best one is not the one that would be liked most.
std::string reason_for(const Candidate& best, std::span<const Candidate> all, const ModeWish& wish) {
  const Candidate* liked = &best;
  for (const Candidate& candidate : all) {
    if (candidate.likeness < liked->likeness) liked = &candidate;
  }
  const bool is_jpeg = best.mode.use == FrameUse::decode;
  const std::string others = is_jpeg ? "no raw format" : fmt::format("not {}", liked->format->name);
  if (liked == &best) {
    switch (best.mode.use) {
      case FrameUse::pass:
        return "passed on as it is";
      case FrameUse::copy:
        return "passed on as the camera codes it";
      case FrameUse::convert:
        return fmt::format("converted to {}", info_of(wish.format).name);
      case FrameUse::decode:
        return fmt::format("the camera has it as JPEG only; decoded to {}", info_of(wish.format).name);
    }
  }
  const bool has_size = std::ranges::any_of(all, [&best](const Candidate& c) {
    return c.likeness < best.likeness && c.size_error <= best.size_error &&
           (c.mode.use != FrameUse::decode || best.mode.use != FrameUse::decode);
  });
  const std::string then =
      best.mode.use == FrameUse::pass || best.mode.use == FrameUse::copy
          ? ""
          : fmt::format("; {} to {}", is_jpeg ? "decoded" : "converted", info_of(wish.format).name);
  if (!has_size) return fmt::format("{} comes as near to the size{}", others, then);
  return fmt::format("{} reaches {:.4g}/s at this size{}", others,
                     best.reaches ? wanted_rate(wish) : per_second(best.mode.rate), then);
}

}  // namespace

std::optional<PixelFormat> known_format(std::uint32_t fourcc) noexcept {
  return fourcc == kJpegFourcc ? PixelFormat::jpeg : pixel_format_from_fourcc(fourcc);
}

std::optional<ModeChoice> choose_mode(std::span<const CameraFormat> formats, const ModeWish& wish) {
  // A driver that lists no sizes has to be asked for one and may answer with another.
  const SizeSpan any_size{{1, SHMV_DIMENSION_MAX, 1}, {1, SHMV_DIMENSION_MAX, 1}, {}};
  std::vector<Candidate> all;
  for (const CameraFormat& format : formats) {
    const auto known = known_format(format.fourcc);
    const auto use = known ? use_of(*known, wish) : std::nullopt;
    if (!use) continue;
    const std::span<const SizeSpan> sizes =
        format.sizes.empty() ? std::span(&any_size, 1) : std::span(format.sizes);
    for (const SizeSpan& size : sizes) all.push_back(candidate_of(format, size, *known, *use, wish));
  }
  if (all.empty()) return std::nullopt;
  const auto best = std::ranges::min_element(all, is_better);
  ModeChoice choice = best->mode;
  choice.reason = reason_for(*best, all, wish);
  return choice;
}

}  // namespace shmvideo::source
