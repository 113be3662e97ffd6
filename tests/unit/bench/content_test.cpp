// SPDX-License-Identifier: Apache-2.0
#include "ledger/content.hpp"

#include <vector>

#include "ledger/stamp.hpp"
#include "source/pattern/pattern_picture.hpp"
#include "support/catch.hpp"

using namespace shmvideo;
using namespace shmvideo::bench;

namespace {

/// The test pattern with this number drawn, described as frame `number`.
Finding look_at_pattern(ContentCheck& check, std::uint64_t drawn, std::uint64_t number) {
  source::PatternPicture pattern(PixelFormat::nv12, 320, 240);
  FrameInfo info = pattern.layout();
  std::vector<std::byte> bytes(info.payload_bytes);
  REQUIRE(pattern.draw(bytes, drawn, "12:00:00.000"));
  info.number = number;
  const Finding finding = check.look(info, bytes);
  check.accept();
  return finding;
}

}  // namespace

TEST_CASE("stamps belong to a number and an epoch") {
  std::vector<std::byte> bytes(1000);
  fill_stamps(bytes, stamp_seed(40, 9));
  FrameInfo info;
  info.number = 40;
  info.source_number = 9;
  ContentCheck check(Content::stamps);
  CHECK(check.look(info, bytes) == Finding::good);
  info.number = 41;
  CHECK(check.look(info, bytes) == Finding::torn);
  info.number = 40;
  info.source_number = 8;
  CHECK(check.look(info, bytes) == Finding::torn);
}

TEST_CASE("the pattern's number is the frame's, modulo 65536") {
  ContentCheck check(Content::pattern);
  CHECK(look_at_pattern(check, 7, 7) == Finding::good);
  CHECK(look_at_pattern(check, 70000, 70000) == Finding::good);
  CHECK(look_at_pattern(check, 70000, 70001) == Finding::misnumbered);
}

TEST_CASE("a clip's numbers grow or start over, whatever the frames' numbers are") {
  ContentCheck check(Content::clip);
  CHECK(look_at_pattern(check, 250, 1) == Finding::good);
  CHECK(look_at_pattern(check, 252, 2) == Finding::good);
  CHECK(look_at_pattern(check, 2, 3) == Finding::good);  // from the start, the first two were late
  CHECK(look_at_pattern(check, 200, 4) == Finding::good);
  CHECK(look_at_pattern(check, 200, 5) == Finding::misnumbered);
  CHECK(look_at_pattern(check, 199, 6) == Finding::misnumbered);
}

TEST_CASE("what has no numbers is not checked") {
  ContentCheck pattern(Content::pattern);
  ContentCheck none(Content::none);
  FrameInfo coded;
  coded.fourcc = info_of(PixelFormat::jpeg).fourcc;
  coded.payload_bytes = 100;
  const std::vector<std::byte> bytes(100);
  CHECK(pattern.look(coded, bytes) == Finding::unchecked);
  CHECK(none.look(coded, bytes) == Finding::unchecked);
}
