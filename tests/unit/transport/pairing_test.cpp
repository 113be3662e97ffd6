// SPDX-License-Identifier: Apache-2.0
#include "transport/pairing.hpp"

#include <cstdint>
#include <cstdlib>
#include <optional>
#include <random>
#include <utility>
#include <vector>

#include "support/catch.hpp"

using shmvideo::Pairing;

namespace {

using Times = std::vector<std::uint64_t>;
using Pairs = std::vector<std::pair<std::uint64_t, std::uint64_t>>;

/// Gives both streams' frames to a Pairing, each when it is wanted, until one of them has no more.
Pairs paired(const Times& left, const Times& right, std::uint64_t tolerance) {
  Pairs pairs;
  Pairing pairing(2);
  const Times* streams[] = {&left, &right};
  std::size_t next[] = {0, 0};
  std::uint64_t now[] = {0, 0};
  for (;;) {
    for (std::size_t i = 0; i < 2; ++i) {
      if (pairing.has(i)) continue;
      if (next[i] == streams[i]->size()) return pairs;
      now[i] = (*streams[i])[next[i]++];
      pairing.offer(i, now[i]);
    }
    REQUIRE(pairing.is_complete());
    if (const auto misfit = pairing.misfit(tolerance)) {
      pairing.drop(*misfit);
    } else {
      pairs.emplace_back(now[0], now[1]);
      pairing.drop(0);
      pairing.drop(1);
    }
  }
}

/// What a tolerance below half of the shortest interval leaves no choice about: all that lie within it.
Pairs all_within(const Times& left, const Times& right, std::uint64_t tolerance) {
  Pairs pairs;
  for (const std::uint64_t a : left)
    for (const std::uint64_t b : right)
      if ((a > b ? a - b : b - a) <= tolerance) pairs.emplace_back(a, b);
  return pairs;
}

/// A camera's capture times: the interval, give or take `jitter`, with some frames lost.
Times camera(std::mt19937& chance, std::uint64_t interval, std::uint64_t jitter, std::uint64_t offset) {
  Times times;
  std::uniform_int_distribution<std::uint64_t> shift(0, 2 * jitter);
  for (std::uint64_t i = 0; i < 200; ++i)
    if (chance() % 10 != 0) times.push_back(1000 + offset + i * interval + shift(chance));
  return times;
}

}  // namespace

TEST_CASE("frames of two streams are paired when they lie within the tolerance") {
  CHECK(paired({10, 50, 90}, {15, 55, 95}, 5) == Pairs{{10, 15}, {50, 55}, {90, 95}});
  CHECK(paired({10, 50, 90}, {16, 56, 96}, 5).empty());
  CHECK(paired({15, 55}, {10, 50}, 5) == Pairs{{15, 10}, {55, 50}});
}

TEST_CASE("a frame without a partner is passed over, the next one is not") {
  CHECK(paired({10, 30, 50, 70, 90}, {11, 51, 91}, 5) == Pairs{{10, 11}, {50, 51}, {90, 91}});
  CHECK(paired({500}, {10, 100, 200, 501}, 5) == Pairs{{500, 501}});
  CHECK(paired({10, 100}, {50, 101}, 5) == Pairs{{100, 101}});
}

TEST_CASE("every pair that a narrow tolerance allows is found, whatever the rates, offsets and losses") {
  std::mt19937 chance(20240607);
  for (int round = 0; round < 300; ++round) {
    const std::uint64_t slow = 400 + chance() % 100, fast = 100 + chance() % 100;
    const std::uint64_t jitter = 10, shortest = fast - 2 * jitter;
    const std::uint64_t tolerance = chance() % (shortest / 2);
    const Times left = camera(chance, slow, jitter, chance() % 2000);
    const Times right = camera(chance, fast, jitter, 0);
    CHECK(paired(left, right, tolerance) == all_within(left, right, tolerance));
    CHECK(paired(right, left, tolerance) == all_within(right, left, tolerance));
  }
}

TEST_CASE("three streams belong together when the first and the last of them do") {
  Pairing pairing(3);
  pairing.offer(0, 100);
  pairing.offer(1, 104);
  CHECK_FALSE(pairing.is_complete());
  pairing.offer(2, 108);
  REQUIRE(pairing.is_complete());
  CHECK(pairing.misfit(8) == std::nullopt);
  CHECK(pairing.misfit(7) == std::optional<std::size_t>(0));
  pairing.drop(0);
  CHECK_FALSE(pairing.is_complete());
  pairing.offer(0, 112);
  CHECK(pairing.misfit(7) == std::optional<std::size_t>(1));
}
