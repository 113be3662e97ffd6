// SPDX-License-Identifier: Apache-2.0
#include "ledger/stamp.hpp"

#include <algorithm>
#include <vector>

#include "support/catch.hpp"

using namespace shmvideo::bench;

namespace {

constexpr std::size_t kLine = 64;

std::vector<std::byte> frame(std::size_t bytes, std::uint64_t number) {
  std::vector<std::byte> content(bytes);
  fill_stamps(content, stamp_seed(number, 77));
  return content;
}

bool is_whole(const std::vector<std::byte>& content, std::uint64_t number) {
  return has_stamps(content, stamp_seed(number, 77));
}

}  // namespace

TEST_CASE("a frame that is whole is its own and no other's") {
  for (const std::size_t bytes : {8U, 64U, 72U, 320U, 4096U, 230400U, 230403U}) {
    CAPTURE(bytes);
    const auto content = frame(bytes, 5);
    CHECK(is_whole(content, 5));
    CHECK_FALSE(is_whole(content, 4));
    CHECK_FALSE(is_whole(content, 6));
    CHECK_FALSE(has_stamps(content, stamp_seed(5, 78)));
  }
}

TEST_CASE("what is behind the last whole word is checked like the rest") {
  for (const std::size_t bytes : {1U, 4U, 7U, 13U, 230403U}) {
    CAPTURE(bytes);
    auto content = frame(bytes, 5);
    CHECK(is_whole(content, 5));
    content.back() ^= std::byte{1};
    CHECK_FALSE(is_whole(content, 5));
  }
}

TEST_CASE("two frames mixed at any cache line show, whichever of them comes first") {
  constexpr std::size_t kBytes = 64 * kLine + 24;
  const auto before = frame(kBytes, 11);
  const auto after = frame(kBytes, 12);
  for (std::size_t tear = kLine; tear < kBytes; tear += kLine) {
    CAPTURE(tear);
    auto mixed = before;
    std::copy_n(after.begin(), tear, mixed.begin());  // the writer was overtaken here
    CHECK_FALSE(is_whole(mixed, 11));
    CHECK_FALSE(is_whole(mixed, 12));
  }
}

TEST_CASE("a single line of another frame shows, wherever it is") {
  constexpr std::size_t kBytes = 40 * kLine;
  const auto other = frame(kBytes, 2);
  for (std::size_t line = 0; line < kBytes; line += kLine) {
    auto mixed = frame(kBytes, 1);
    std::copy_n(other.begin() + static_cast<std::ptrdiff_t>(line), kLine,
                mixed.begin() + static_cast<std::ptrdiff_t>(line));
    CAPTURE(line);
    CHECK_FALSE(is_whole(mixed, 1));
  }
}

TEST_CASE("a tear within a line shows by what is behind it") {
  constexpr std::size_t kBytes = 10 * kLine;
  const auto before = frame(kBytes, 8);
  for (std::size_t tear = 8; tear < kBytes; tear += 8) {
    auto mixed = frame(kBytes, 9);
    std::copy_n(before.begin(), tear, mixed.begin());  // a copy that was overtaken: the rest is newer
    CAPTURE(tear);
    CHECK_FALSE(is_whole(mixed, 8));
    CHECK_FALSE(is_whole(mixed, 9));
  }
}
