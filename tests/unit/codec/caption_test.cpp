// SPDX-License-Identifier: Apache-2.0
#include "codec/caption.hpp"

#include <algorithm>
#include <string>
#include <vector>

#include "codec/glyphs.hpp"
#include "guarded_picture.hpp"
#include "support/catch.hpp"

using namespace shmvideo;
using namespace shmvideo::codec;
using shmvideo_test::GuardedPicture;

namespace {

void fill(const GuardedPicture& picture, unsigned luma, unsigned chroma) {
  const auto bytes = picture.bytes();
  const std::size_t luma_bytes = std::size_t{picture.picture().width} * picture.picture().height;
  std::ranges::fill(bytes.first(luma_bytes), static_cast<std::byte>(luma));
  std::ranges::fill(bytes.subspan(luma_bytes), static_cast<std::byte>(chroma));
}

std::size_t count(const GuardedPicture& picture, unsigned luma) {
  const std::size_t luma_bytes = std::size_t{picture.picture().width} * picture.picture().height;
  return static_cast<std::size_t>(
      std::ranges::count(picture.bytes().first(luma_bytes), static_cast<std::byte>(luma)));
}

}  // namespace

TEST_CASE("all that a caption may say has a glyph, and all glyphs differ") {
  const std::string text = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789:.,-_'()/+%!?#";
  std::vector<GlyphRows> seen;
  for (const char character : text) {
    INFO(character);
    REQUIRE(glyph_of(character) != nullptr);
    CHECK(std::ranges::find(seen, *glyph_of(character)) == seen.end());
    seen.push_back(*glyph_of(character));
  }
  CHECK(glyph_of(' ') == nullptr);
  CHECK(glyph_of('\n') == nullptr);
}

TEST_CASE("a picture that is darkened is dark and pale") {
  GuardedPicture picture(PixelFormat::i420, 33, 17, true);
  fill(picture, 250, 200);
  darken(picture.picture());
  CHECK(picture.at(0, 32, 16) == 100);
  CHECK(picture.at(1, 16, 8) == 146);
  CHECK(picture.at(2, 0, 0) == 146);
  CHECK(picture.is_undamaged_before());
}

TEST_CASE("a caption stands in the middle, and larger in a larger picture") {
  const std::vector<std::string> lines{"camera lost, reconnecting", "since 2026-01-02 03:04:05", "for 12 s"};
  GuardedPicture small(PixelFormat::i420, 320, 240, true), large(PixelFormat::i420, 1280, 960, true);
  for (const auto* picture : {&small, &large}) {
    fill(*picture, 100, 200);
    draw_caption(picture->picture(), lines);
    CHECK(count(*picture, 235) > 0);
    const auto& [format, width, height, plane, stride, range] = picture->picture();
    CHECK(picture->at(0, 0, 0) == 100);
    CHECK(picture->at(0, width - 1, height - 1) == 100);
    CHECK(picture->at(0, 0, height / 2) == 16);
    CHECK(picture->at(1, 0, height / 4) == 128);
    CHECK(picture->at(1, 0, 0) == 200);
  }
  // Dots of a size that fits are squares.
  CHECK(count(large, 235) == count(small, 235) * 36);
}

TEST_CASE("a caption that has no room is cut off, and nothing is drawn outside") {
  const std::vector<std::string> lines(20, std::string(300, 'W'));
  for (auto [width, height] : {std::pair{1U, 1U}, {2U, 2U}, {33U, 17U}, {161U, 31U}, {8U, 400U}}) {
    GuardedPicture picture(PixelFormat::i420, width, height, true);
    fill(picture, 100, 128);
    draw_caption(picture.picture(), lines);
    CHECK(picture.is_undamaged_before());
    draw_caption(picture.picture(), {});
  }
}
