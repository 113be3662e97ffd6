// SPDX-License-Identifier: Apache-2.0
#include "source/pattern/pattern_picture.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstring>

#include "shmvideo/error.hpp"
#include "source/pattern/number_squares.hpp"

namespace shmvideo::source {
namespace {

constexpr Colour kBlack{0, 0, 0};
constexpr Colour kWhite{255, 255, 255};
constexpr Colour kBand{40, 40, 48};
constexpr Colour kBox{250, 210, 40};
constexpr Colour kBars[] = {{191, 191, 191}, {191, 191, 0}, {0, 191, 191}, {0, 191, 0},
                            {191, 0, 191},   {191, 0, 0},   {0, 0, 191},   {16, 16, 16}};

constexpr std::uint32_t kMargin = 16;
constexpr std::uint32_t kTextCells = 22;  // "12:34:56.789 #12345678"
constexpr std::uint32_t kPicturesPerCrossing = 150;

// Everything that changes stands on even pixels, so that it never shares chroma with its surroundings.
constexpr std::uint32_t even(std::uint32_t value) { return value & ~1U; }

/// The part of `rect` that lies in the picture, on even pixels.
Rect clipped(Rect rect, std::uint32_t width, std::uint32_t height) {
  rect.width = rect.x < width ? even(std::min(rect.width, width - rect.x)) : 0;
  rect.height = rect.y < height ? even(std::min(rect.height, height - rect.y)) : 0;
  if (rect.width == 0 || rect.height == 0) return {};
  return rect;
}

/// `rect` begins at even pixels.
template <typename Byte>
BasicPicture<Byte> part_of(BasicPicture<Byte> picture, Rect rect) {
  const PixelFormatInfo& info = info_of(picture.format);
  for (unsigned i = 0; i < info.plane_count; ++i) {
    const std::size_t row = rect.y >> info.planes[i].vertical_shift;
    picture.plane[i] += row * picture.stride[i] + plane_row_bytes(picture.format, i, rect.x);
  }
  picture.width = rect.width;
  picture.height = rect.height;
  return picture;
}

/// Colour bars over two thirds, a grey ramp down to five sixths, the band of the box below.
Canvas draw_background(std::uint32_t width, std::uint32_t height) {
  Canvas canvas(width, height);
  const std::uint32_t ramp_top = height * 2 / 3;
  const std::uint32_t band_top = height * 5 / 6;
  constexpr auto kBarCount = static_cast<std::uint32_t>(std::size(kBars));
  for (std::uint32_t i = 0; i < kBarCount; ++i) {
    const std::uint32_t left = width * i / kBarCount;
    canvas.fill({left, 0, width * (i + 1) / kBarCount - left, ramp_top}, kBars[i]);
  }
  for (std::uint32_t x = 0; x < width; ++x) {
    const auto level = static_cast<std::uint8_t>(x * 255 / std::max(width - 1, 1U));
    canvas.fill({x, ramp_top, 1, band_top - ramp_top}, {level, level, level});
  }
  canvas.fill({0, band_top, width, height - band_top}, kBand);
  return canvas;
}

}  // namespace

PatternPicture::PatternPicture(PixelFormat format, std::uint32_t width, std::uint32_t height)
    : layout_(packed_frame_info(format, width, height)),
      format_(format),
      side_(square_side(width, height)),
      dot_(std::clamp(std::min(height / 120, width / (kTextCells * Canvas::kGlyphColumns + 16)), 1U, 8U)),
      squares_(clipped({kSquaresLeft, kSquaresTop, side_ * kSquareCount, side_}, width, height)),
      text_(clipped({kMargin, kSquaresTop + side_ + 8, kTextCells * Canvas::kGlyphColumns * dot_ + 2 * dot_,
                     even((Canvas::kGlyphRows + 2) * dot_ + 1)},
                    width, even(height * 2 / 3))),
      box_(clipped({0, even(height * 5 / 6 + 1), even(height / 8), even(height / 8)}, width, height)),
      probe_row_(height * 2 / 3),
      squares_canvas_(squares_.width, squares_.height),
      text_canvas_(text_.width, text_.height),
      box_canvas_(box_.width, box_.height) {
  if (layout_.payload_bytes == 0) {
    throw Error(ErrorCode::invalid_argument,
                fmt::format("the pattern cannot be {}x{} {}", width, height, info_of(format).name));
  }
  background_bytes_.resize(layout_.payload_bytes);
  background_ = *as_picture(layout_, std::span<std::byte>(background_bytes_));
  if (!converter_.convert(draw_background(width, height).picture(), background_)) {
    throw Error(ErrorCode::source_failed, "not enough memory for the pattern");
  }
  if (box_.y < squares_.y + squares_.height) box_ = {};  // too low a picture for both
  box_canvas_.fill({0, 0, box_.width, box_.height}, kBox);
}

Rect PatternPicture::box_of(std::uint64_t number) const noexcept {
  if (box_.width == 0) return {};
  const std::uint32_t room = background_.width - box_.width;
  const std::uint32_t step = std::max(2U, even(background_.width / kPicturesPerCrossing));
  if (room == 0) return box_;
  const auto phase = static_cast<std::uint32_t>(number * step % (2ULL * room));
  Rect box = box_;
  box.x = even(phase < room ? phase : 2 * room - phase);
  return box;
}

PatternPicture::Drawn& PatternPicture::drawn_into(const std::byte* slot) {
  const auto found = std::ranges::find(drawn_, slot, &Drawn::slot);
  if (found != drawn_.end()) return *found;
  return drawn_.emplace_back(Drawn{slot, 0});
}

/// The memory may have become another's since, or fresh pages: the number must be there still, and the
/// ramp, which nothing covers.
bool PatternPicture::still_shows(const Picture& picture, std::uint64_t number) const noexcept {
  if (number == 0 || probe_row_ >= picture.height) return false;
  if (side_ > 0 && read_number(picture) != static_cast<std::uint16_t>(number)) return false;
  const std::size_t row = std::size_t{probe_row_} * picture.stride[0];
  return std::memcmp(picture.plane[0] + row, background_.plane[0] + row,
                     plane_row_bytes(format_, 0, picture.width)) == 0;
}

void PatternPicture::restore(const MutablePicture& to, Rect rect) noexcept {
  if (rect.width > 0) converter_.convert(part_of(background_, rect), part_of(to, rect));
}

void PatternPicture::draw_number(const MutablePicture& to, std::uint64_t number) noexcept {
  if (side_ == 0) return;
  for (std::uint32_t k = 0; k < kSquareCount; ++k) {
    squares_canvas_.fill({k * side_, 0, side_, side_}, (number >> k & 1) != 0 ? kWhite : kBlack);
  }
  converter_.convert(squares_canvas_.picture(), part_of(to, squares_));
}

void PatternPicture::draw_text(const MutablePicture& to, std::uint64_t number,
                               std::string_view time) noexcept {
  if (text_.width == 0) return;
  std::array<char, 64> line{};
  const auto end = fmt::format_to_n(line.data(), line.size(), "{} #{}", time, number);
  text_canvas_.fill({0, 0, text_.width, text_.height}, kBlack);
  text_canvas_.text(dot_, dot_, dot_, {line.data(), std::min(end.size, line.size())}, kWhite);
  converter_.convert(text_canvas_.picture(), part_of(to, text_));
}

bool PatternPicture::draw(std::span<std::byte> slot, std::uint64_t number, std::string_view time) noexcept {
  const auto picture = as_picture(layout_, slot);
  if (!picture) return false;
  Drawn& drawn = drawn_into(slot.data());
  if (still_shows(*picture, drawn.number)) {
    restore(*picture, box_of(drawn.number));
  } else {
    std::memcpy(slot.data(), background_bytes_.data(), background_bytes_.size());
  }
  draw_number(*picture, number);
  draw_text(*picture, number, time);
  const Rect box = box_of(number);
  if (box.width > 0) converter_.convert(box_canvas_.picture(), part_of(*picture, box));
  drawn.number = number;
  return true;
}

}  // namespace shmvideo::source
