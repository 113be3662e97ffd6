// SPDX-License-Identifier: Apache-2.0
#include <filesystem>

#include "shmvideo/writer.hpp"
#include "support/catch.hpp"
#include "support/temp_place.hpp"

using namespace shmvideo;
using namespace shmvideo_test;

namespace {

constexpr std::size_t kBytes = 64;

WriterOptions small_options() {
  WriterOptions options;
  options.slots = 3;
  options.slot_capacity_bytes = kBytes;
  return options;
}

}  // namespace

TEST_CASE("a rate that is none is refused, at first and later", "[transport]") {
  TempPlace place;
  WriterOptions options = small_options();
  options.stream.fps_numerator = 30;
  options.stream.fps_denominator = 0;
  CHECK_THROWS_AS(Writer::create(SegmentName("name"), options), Error);
  CHECK(std::filesystem::is_empty(place.path()));
  const auto writer = Writer::create(SegmentName("name"), small_options());
  CHECK_THROWS_AS(writer->reserve(options.stream, kBytes), Error);
}
