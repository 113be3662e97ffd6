// SPDX-License-Identifier: Apache-2.0
#include "sink/mjpeg/pictures/pacer.hpp"

#include <random>
#include <vector>

#include "support/catch.hpp"

using shmvideo::sink::Pacer;

namespace {

constexpr double kSecond = 1e9;
constexpr std::uint64_t kStart = 5'000'000'000;

/// The frames, by index, that a viewer who asks for `fps` gets of a source that runs for `seconds`.
std::vector<int> chosen(int fps, double source_fps, double jitter_seconds, double seconds) {
  Pacer pacer(fps);
  std::mt19937 random(7);
  std::uniform_real_distribution<double> jitter(-jitter_seconds, jitter_seconds);
  std::vector<int> frames;
  for (int i = 0; i < static_cast<int>(seconds * source_fps); ++i) {
    const auto at = kStart + static_cast<std::uint64_t>((i / source_fps + jitter(random)) * kSecond);
    if (!pacer.accepts(at, at)) continue;
    pacer.sent(at);
    frames.push_back(i);
  }
  return frames;
}

double rate(int fps, double source_fps, double jitter_seconds = 0) {
  return static_cast<double>(chosen(fps, source_fps, jitter_seconds, 600).size()) / 600;
}

/// How old each frame is that a viewer gets who is also asked at the times that its pacer names, as a server
/// does. The source's first frame is late by so much; times in seconds.
std::vector<double> ages(int fps, double source_fps, double first_is_late, double seconds) {
  Pacer pacer(fps);
  std::vector<double> ages;
  for (int i = 0; i < static_cast<int>(seconds * source_fps); ++i) {
    const double at = i / source_fps + (i == 0 ? first_is_late : 0);
    const auto frame = kStart + static_cast<std::uint64_t>(at * kSecond);
    const auto next = kStart + static_cast<std::uint64_t>((i + 1) / source_fps * kSecond);
    auto now = frame;
    if (!pacer.accepts(frame, now)) now = pacer.accepts_any_at();
    if (now >= next) continue;  // a fresher one is there
    pacer.sent(frame);
    ages.push_back(static_cast<double>(now - frame) / kSecond);
  }
  return ages;
}

}  // namespace

TEST_CASE("a first frame that was late delays none of those that follow for long", "[sink][mjpeg]") {
  for (const int fps : {10, 30, 60}) {
    for (const double late : {0.3, 0.5, 0.7}) {
      INFO(fps << ' ' << late);
      const auto seen = ages(fps, fps, late / fps, 10);
      CHECK(seen.size() + 2 >= static_cast<std::size_t>(10 * fps));
      for (std::size_t i = 3; i < seen.size(); ++i) REQUIRE(seen[i] == 0);
    }
  }
}

TEST_CASE("a faster source does not hurry a viewer who is asked when it is due", "[sink][mjpeg]") {
  for (const double source_fps : {30.5, 31.0, 35.0, 40.0, 50.0, 60.0}) {
    INFO(source_fps);
    CHECK(static_cast<double>(ages(30, source_fps, 0, 600).size()) / 600 <= 30.3);
  }
}

TEST_CASE("a source of the viewer's own rate is passed on whole, jitter or not", "[sink][mjpeg]") {
  for (const int fps : {1, 10, 30, 60}) {
    INFO(fps);
    CHECK(rate(fps, fps) == Approx(fps).epsilon(0.001));
    CHECK(rate(fps, fps, 0.1 / fps) == Approx(fps).epsilon(0.001));
  }
  CHECK(rate(30, 30000.0 / 1001) == Approx(30000.0 / 1001).epsilon(0.001));
}

TEST_CASE("a viewer gets the rate that it asked for and not a simple fraction of the source's",
          "[sink][mjpeg]") {
  CHECK(rate(25, 30) == Approx(25).epsilon(0.001));
  CHECK(rate(30, 60) == Approx(30).epsilon(0.001));
  CHECK(rate(24, 60) == Approx(24).epsilon(0.001));
  CHECK(rate(7, 30, 0.005) == Approx(7).epsilon(0.001));
  CHECK(rate(1, 59.94, 0.005) == Approx(1).epsilon(0.01));
  CHECK(rate(29, 30.003, 0.005) == Approx(29).epsilon(0.001));
}

TEST_CASE("a faster wish than the source gets every frame", "[sink][mjpeg]") {
  CHECK(rate(60, 30, 0.005) == Approx(30).epsilon(0.001));
  CHECK(rate(60, 10) == Approx(10).epsilon(0.001));
}

TEST_CASE("half the source's rate is every other frame, evenly", "[sink][mjpeg]") {
  const auto frames = chosen(30, 60, 0.002, 60);
  for (std::size_t i = 1; i < frames.size(); ++i) REQUIRE(frames[i] - frames[i - 1] == 2);
}

TEST_CASE("what a pause of the source left out is not caught up", "[sink][mjpeg]") {
  Pacer pacer(10);
  std::uint64_t at = kStart;
  REQUIRE(pacer.accepts(at, at));
  pacer.sent(at);
  at += 60'000'000'000;
  int sent = 0;
  for (int i = 0; i < 60; ++i, at += 16'666'667) {
    if (!pacer.accepts(at, at)) continue;
    pacer.sent(at);
    ++sent;
  }
  CHECK(sent >= 10);
  CHECK(sent <= 11);
}

TEST_CASE("a frame that came too early is sent when nothing fresher came for its time", "[sink][mjpeg]") {
  Pacer pacer(10);
  REQUIRE(pacer.accepts(kStart, kStart));
  pacer.sent(kStart);
  const std::uint64_t frame = kStart + 40'000'000;
  CHECK_FALSE(pacer.accepts(frame, frame));
  CHECK(pacer.accepts_any_at() > frame);
  CHECK_FALSE(pacer.accepts(frame, pacer.accepts_any_at() - 1));
  CHECK(pacer.accepts(frame, pacer.accepts_any_at()));
}
