// SPDX-License-Identifier: Apache-2.0
#include "source/libav/annex_b.hpp"

#include <string>

#include "support/catch.hpp"

using namespace shmvideo;
using namespace shmvideo::source::media;

namespace {

std::vector<std::byte> bytes_of(const std::string& text) {
  const auto* begin = reinterpret_cast<const std::byte*>(text.data());
  return {begin, begin + text.size()};
}
std::string text_of(const std::vector<std::byte>& bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

const std::string kStart("\0\0\0\1", 4);
const std::string kShortStart("\0\0\1", 3);

}  // namespace

TEST_CASE("parameter sets are found before the first slice, not behind it") {
  const std::string sps = "\x67sps", pps = "\x68pps", slice = "\x65slice", delimiter = "\x09\x10";
  const auto whole =
      bytes_of(kStart + delimiter + kStart + sps + kStart + pps + kShortStart + slice + kShortStart + sps);
  CHECK(has_parameter_sets(PixelFormat::h264, whole));
  CHECK(text_of(parameter_sets_of(PixelFormat::h264, whole)) == kStart + sps + kStart + pps);
  const auto bare = bytes_of(kStart + delimiter + kStart + slice + kStart + sps);
  CHECK_FALSE(has_parameter_sets(PixelFormat::h264, bare));
  CHECK(parameter_sets_of(PixelFormat::h264, bare).empty());
}

TEST_CASE("those of H.265 too") {
  const std::string vps = "\x40\x01v", sps = "\x42\x01s", pps = "\x44\x01p", slice = "\x26\x01x";
  const auto whole = bytes_of(kStart + vps + kStart + sps + kStart + pps + kStart + slice);
  CHECK(has_parameter_sets(PixelFormat::h265, whole));
  CHECK(text_of(parameter_sets_of(PixelFormat::h265, whole)) == kStart + vps + kStart + sps + kStart + pps);
  CHECK_FALSE(has_parameter_sets(PixelFormat::h265, bytes_of(kStart + slice)));
}

TEST_CASE("bytes that are nothing hold none") {
  for (const std::string& text : {std::string(), std::string(1, '\0'), kShortStart, kStart,
                                  std::string(50, '\0'), std::string(50, '\xff')}) {
    CHECK_FALSE(has_parameter_sets(PixelFormat::h264, bytes_of(text)));
    CHECK(parameter_sets_of(PixelFormat::h265, bytes_of(text)).empty());
  }
}
