// SPDX-License-Identifier: Apache-2.0
#include "sink/mjpeg/viewers/adaptation.hpp"

#include <algorithm>
#include <cmath>
#include <set>
#include <vector>

#include "sink/mjpeg/viewers/stream_plan.hpp"
#include "support/catch.hpp"

using namespace shmvideo::sink;

namespace {

constexpr std::uint64_t kMs = 1'000'000;
constexpr std::uint64_t kSecond = 1000 * kMs;

/// A stream of pictures that weigh what their quality and size make likely, on a link.
class FakeStream {
 public:
  FakeStream(int fps, int quality) : adaptation_(fps, quality) {}
  void set_link(double bytes_per_second) { link_ = bytes_per_second; }
  /// Runs for so long, and gives the level at the end of each second.
  std::vector<int> run(int seconds) {
    std::vector<int> levels;
    for (int second = 0; second < seconds; ++second) {
      const StreamStep step = adaptation_.step();
      const double weight = 300e3 * std::pow(step.quality / 85.0, 1.3) * step.eighths * step.eighths / 64.0;
      const int possible = static_cast<int>(link_ / weight);
      const int sent = std::min(possible, step.fps);
      for (int i = 0; i < step.fps; ++i) {
        now_ns_ += kSecond / static_cast<std::uint64_t>(step.fps);
        adaptation_.observe(now_ns_, i < sent ? 1 : 0, i < sent ? 0 : 1);
      }
      levels.push_back(adaptation_.level());
    }
    return levels;
  }
  const Adaptation& adaptation() const { return adaptation_; }

 private:
  Adaptation adaptation_;
  double link_ = 1e9;
  std::uint64_t now_ns_ = 100 * kSecond;
};

int changes(const std::vector<int>& levels) {
  int count = 0;
  for (std::size_t i = 1; i < levels.size(); ++i) count += levels[i] != levels[i - 1] ? 1 : 0;
  return count;
}

}  // namespace

TEST_CASE("a stream gives up rate first, then quality, then size", "[sink][mjpeg]") {
  const Adaptation adaptation(30, 85);
  std::vector<StreamStep> steps;
  for (int level = 0; level <= adaptation.deepest(); ++level) steps.push_back(adaptation.step(level));
  CHECK(steps.front() == StreamStep{30, 85, 8});
  CHECK(steps.back() == StreamStep{10, 35, 2});
  for (std::size_t i = 1; i < steps.size(); ++i) {
    INFO(i);
    const StreamStep &above = steps[i - 1], &step = steps[i];
    CHECK(step.fps <= above.fps);
    CHECK(step.quality <= above.quality);
    CHECK(step.eighths <= above.eighths);
    CHECK_FALSE(step == above);
    if (step.quality < above.quality) CHECK(step.fps == steps.back().fps);
    if (step.eighths < above.eighths) CHECK(step.quality == steps.back().quality);
  }
}

TEST_CASE("streams with different wishes share their lower steps", "[sink][mjpeg]") {
  std::set<int> qualities;
  for (const int wish : {95, 90, 85, 80, 75}) {
    const Adaptation adaptation(30, wish);
    for (int level = 4; level <= adaptation.deepest(); ++level)
      qualities.insert(adaptation.step(level).quality);
  }
  CHECK(qualities == std::set<int>{35, 50, 70});
}

TEST_CASE("a step never asks for more than the wish", "[sink][mjpeg]") {
  const Adaptation low(3, 20);
  for (int level = 0; level <= low.deepest(); ++level) {
    CHECK(low.step(level).fps == 3);
    CHECK(low.step(level).quality == 20);
  }
  CHECK(low.deepest() == 4);  // only size is left
}

TEST_CASE("a stream that keeps up stays where it is", "[sink][mjpeg]") {
  FakeStream stream(30, 85);
  for (const int level : stream.run(300)) REQUIRE(level == 0);
}

TEST_CASE("a slow link is answered within seconds, and left alone after that", "[sink][mjpeg]") {
  for (const double link : {6e6, 3e6, 1e6, 300e3}) {
    INFO(link);
    FakeStream stream(30, 85);
    stream.set_link(link);
    const int soon = stream.run(15).back();
    CHECK(soon > 0);
    const auto later = stream.run(600);
    // It tries the step above now and then, more and more rarely.
    CHECK(changes(later) < 60);
    const auto last = stream.run(300);
    CHECK(changes(last) <= 12);
    CHECK(std::abs(later.back() - soon) <= 2);
  }
}

TEST_CASE("when the link is good again a stream gets back all that it asked for", "[sink][mjpeg]") {
  FakeStream stream(30, 85);
  stream.set_link(300e3);
  const int low = stream.run(30).back();
  REQUIRE(low >= 5);
  stream.set_link(1e9);
  const auto levels = stream.run(240);
  CHECK(levels.back() == 0);
  for (std::size_t i = 1; i < levels.size(); ++i) REQUIRE(levels[i] <= levels[i - 1]);  // without relapse
  CHECK(stream.adaptation().step() == StreamStep{30, 85, 8});
}

TEST_CASE("one late picture is no reason to give anything up", "[sink][mjpeg]") {
  Adaptation adaptation(30, 85);
  for (std::uint64_t i = 0; i < 3000; ++i) {
    adaptation.observe(100 * kSecond + i * 33 * kMs, 1, i % 100 == 0 ? 1 : 0);
    REQUIRE(adaptation.level() == 0);
  }
}

TEST_CASE("a stream of one picture a second is judged too", "[sink][mjpeg]") {
  Adaptation adaptation(1, 85);
  for (std::uint64_t i = 0; i < 30; ++i) adaptation.observe(100 * kSecond + i * 3 * kSecond, 1, 2);
  CHECK(adaptation.level() > 0);
}

TEST_CASE("only streams that give way do", "[sink][mjpeg]") {
  ServingDefaults defaults;
  StreamPlan stubborn({}, defaults);
  StreamPlan asked({.adaptive = true}, defaults);
  defaults.is_adaptive = true;
  StreamPlan refused({.adaptive = false}, defaults);
  for (std::uint64_t i = 0; i < 300; ++i) {
    for (StreamPlan* plan : {&stubborn, &asked, &refused}) plan->observe((100 + i) * kSecond, 5, 25);
  }
  CHECK(stubborn.fps() == 30);
  CHECK(refused.fps() == 30);
  CHECK(asked.fps() == 10);
  shmvideo::FrameInfo frame;
  frame.width = 1920;
  frame.height = 1080;
  CHECK(asked.rendition(frame).quality == 35);
  CHECK(asked.rendition(frame).is_quality_asked);
  CHECK(asked.rendition(frame).width == 480);
  // The server's own mind may change while they watch.
  stubborn.take_defaults(defaults);
  CHECK(stubborn.is_adaptive());
  asked.take_defaults({});
  CHECK(asked.is_adaptive());
}

TEST_CASE("the size that is given up is a part of what was asked for", "[sink][mjpeg]") {
  StreamPlan plan({.width = 640, .adaptive = true}, {});
  shmvideo::FrameInfo frame;
  frame.width = 1920;
  frame.height = 1080;
  CHECK(plan.rendition(frame).width == 640);
  for (std::uint64_t i = 0; i < 300; ++i) plan.observe((100 + i) * kSecond, 5, 25);
  CHECK(plan.rendition(frame).width == 160);
}

TEST_CASE("when the processor is short those who give way step down by as much, and come back",
          "[sink][mjpeg]") {
  ServingDefaults defaults;
  defaults.is_adaptive = true;
  StreamPlan fast({.fps = 60}, defaults), usual({}, defaults), stubborn({.adaptive = false}, defaults);
  CHECK(fast.set_pressure(2));
  CHECK(usual.set_pressure(2));
  CHECK_FALSE(stubborn.set_pressure(2));
  CHECK(fast.fps() == 30);
  CHECK(usual.fps() == 15);
  CHECK(stubborn.fps() == 30);
  CHECK(usual.rendition({}).quality == 85);
  CHECK(usual.set_pressure(0));
  CHECK(usual.fps() == 30);
}
