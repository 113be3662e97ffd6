// SPDX-License-Identifier: Apache-2.0
#include "source/pattern/canvas.hpp"

#include <algorithm>
#include <set>
#include <string>

#include "support/catch.hpp"

using namespace shmvideo::source;

namespace {

/// The green of each pixel, row by row.
std::string greens(const Canvas& canvas) {
  std::string text;
  const auto picture = canvas.picture();
  for (std::size_t i = 0; i < std::size_t{canvas.width()} * canvas.height(); ++i) {
    text += static_cast<char>(picture.plane[0][i * 3 + 1]);
  }
  return text;
}

}  // namespace

TEST_CASE("what lies outside a canvas is cut off") {
  Canvas canvas(4, 3);
  canvas.fill({2, 1, 100, 100}, {1, 'x', 3});
  canvas.fill({4, 0, 1, 1}, {1, 'y', 3});
  canvas.fill({0, 3, 1, 1}, {1, 'y', 3});
  canvas.text(3, 2, 5, "8", {1, 'x', 3});
  const std::string seen = greens(canvas);
  CHECK(std::ranges::count(seen, 'x') == 4);
  CHECK(std::ranges::count(seen, 'y') == 0);
}

TEST_CASE("each digit looks different") {
  std::set<std::string> looks;
  for (char c : std::string("0123456789:.-# ")) {
    Canvas canvas(Canvas::kGlyphColumns, Canvas::kGlyphRows);
    canvas.text(0, 0, 1, std::string(1, c), {255, 255, 255});
    CHECK(looks.insert(greens(canvas)).second);
  }
}
