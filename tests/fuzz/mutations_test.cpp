// SPDX-License-Identifier: Apache-2.0
#include <random>

#include "segment_pass.hpp"
#include "shmvideo/layout.h"
#include "support/catch.hpp"

using namespace shmvideo_test;

TEST_CASE("a complete segment passes with all its frames", "[fuzz]") {
  const auto sample = sample_segment();
  CHECK(segment_pass(sample, false) == 4);
}

TEST_CASE("thousands of damaged segments are read without harm", "[fuzz]") {
  static constexpr std::uint64_t kNasty[] = {0,
                                             1,
                                             2,
                                             3,
                                             4095,
                                             4096,
                                             65535,
                                             65536,
                                             0x7fffffff,
                                             0x80000000,
                                             0xffffffff,
                                             SHMV_FRAME_NUMBER_MAX,
                                             UINT64_MAX / 2,
                                             UINT64_MAX - 4095,
                                             UINT64_MAX};
  std::mt19937_64 chance(20261121);
  const auto sample = sample_segment();
  std::size_t frames = 0;
  for (int round = 0; round < 5000; ++round) {
    auto bytes = sample;
    // Most of the bytes are payload, where nothing is decided: stay before it.
    const std::size_t decisive = bytes.size() - 3 * std::size_t{4096};
    for (std::uint64_t damage = chance() % 6 + 1; damage > 0; --damage) {
      const std::size_t at = chance() % decisive;
      if (chance() % 2) {
        bytes[at] = static_cast<std::uint8_t>(chance());
        continue;
      }
      const std::uint64_t word = kNasty[chance() % std::size(kNasty)];
      for (std::size_t i = 0; i < 8; ++i) bytes[at / 8 * 8 + i] = static_cast<std::uint8_t>(word >> 8 * i);
    }
    if (chance() % 16 == 0) bytes.resize(chance() % bytes.size());
    frames += segment_pass(bytes, chance() % 4 != 0);
  }
  // Most damage is small: there must be frames left, or nothing was reached.
  CHECK(frames > 1000);
}

TEST_CASE("files of random bytes are read without harm", "[fuzz]") {
  std::mt19937_64 chance(7);
  for (int round = 0; round < 300; ++round) {
    std::vector<std::uint8_t> bytes(chance() % 40'000);
    for (std::uint8_t& byte : bytes) byte = static_cast<std::uint8_t>(chance());
    CHECK(segment_pass(bytes, round % 2 == 0) == 0);
  }
}
