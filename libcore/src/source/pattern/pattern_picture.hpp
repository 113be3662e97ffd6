// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "codec/convert.hpp"
#include "shmvideo/picture.hpp"
#include "source/pattern/canvas.hpp"

namespace shmvideo::source {

/// The test picture itself, in any raw format and of any size, without time and pacing.
/// One thread at a time; drawing allocates nothing after the first round of slots.
class PatternPicture {
 public:
  PatternPicture(PixelFormat format, std::uint32_t width, std::uint32_t height);

  /// The packed layout of all pictures; number and times are to be set.
  const FrameInfo& layout() const noexcept { return layout_; }
  /// Makes `slot` show frame `number` with `time` ("12:34:56.789") in digits. False: it has no room.
  bool draw(std::span<std::byte> slot, std::uint64_t number, std::string_view time) noexcept;

 private:
  /// What was drawn last into some memory.
  struct Drawn {
    const std::byte* slot = nullptr;
    std::uint64_t number = 0;
  };

  Rect box_of(std::uint64_t number) const noexcept;
  Drawn& drawn_into(const std::byte* slot);
  bool still_shows(const Picture& picture, std::uint64_t number) const noexcept;
  void restore(const MutablePicture& to, Rect rect) noexcept;
  void draw_number(const MutablePicture& to, std::uint64_t number) noexcept;
  void draw_text(const MutablePicture& to, std::uint64_t number, std::string_view time) noexcept;

  FrameInfo layout_;
  PixelFormat format_;
  std::uint32_t side_;  // of a number square
  std::uint32_t dot_;   // of a digit
  Rect squares_, text_, box_;
  std::uint32_t probe_row_;
  std::vector<std::byte> background_bytes_;
  MutablePicture background_;
  Canvas squares_canvas_, text_canvas_, box_canvas_;
  codec::PictureConverter converter_;
  std::vector<Drawn> drawn_;
};

}  // namespace shmvideo::source
