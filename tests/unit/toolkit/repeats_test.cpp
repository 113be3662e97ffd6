// SPDX-License-Identifier: Apache-2.0
#include "toolkit/messages/repeats.hpp"

#include <string>
#include <vector>

#include "support/catch.hpp"

using namespace shmvideo::toolkit;
using namespace std::chrono_literals;
using Lines = std::vector<std::string>;

namespace {

/// Repeats with a clock that is set by hand.
struct Folded {
  Repeats repeats;
  Repeats::Time now{};
  Lines told;

  Repeats::Tell tell() {
    return [this](LogLevel, const std::string& message, unsigned count) {
      told.push_back(count == 1 ? message : message + " x" + std::to_string(count));
    };
  }
  void say(const std::string& message, LogLevel level = LogLevel::warn) {
    repeats.add(level, message, now, tell());
  }
  Lines drain() { return std::exchange(told, {}); }
};

}  // namespace

TEST_CASE("a message that comes again is counted, and the count told before the next one") {
  Folded log;
  for (int i = 0; i < 121; ++i) log.say("no frame");
  log.say("a frame");
  CHECK(log.drain() == Lines{"no frame", "no frame x120", "a frame"});
}

TEST_CASE("what came once more is told as it was") {
  Folded log;
  log.say("a");
  log.say("a");
  log.say("b");
  CHECK(log.drain() == Lines{"a", "a", "b"});
}

TEST_CASE("the same words at another level are another message") {
  Folded log;
  log.say("a", LogLevel::info);
  log.say("a", LogLevel::warn);
  CHECK(log.drain() == Lines{"a", "a"});
}

TEST_CASE("messages that take turns are folded from the third round on, the latest told last") {
  Folded log;
  for (int i = 0; i < 10; ++i) {
    log.say("connecting");
    log.say("refused");
    if (i < 9) log.say("waiting");
  }
  CHECK(log.drain() == Lines{"connecting", "refused", "waiting", "connecting", "refused", "waiting",
                             "connecting", "refused", "waiting"});
  log.repeats.tell_all(log.now, log.tell());
  CHECK(log.drain() == Lines{"waiting x6", "connecting x7", "refused x7"});
}

TEST_CASE("something that is lost, back, and lost again is told at once") {
  Folded log;
  log.say("lost");
  log.say("back");
  log.say("lost");
  CHECK(log.drain() == Lines{"lost", "back", "lost"});
}

TEST_CASE(
    "a count is told after ten seconds when more come, then more seldom, and never later than a minute") {
  Folded log;
  std::vector<std::chrono::seconds> told_at;
  for (auto time = 0s; time < 10min; time += 1s, log.now += 1s) {
    log.say("no frame");
    if (!log.drain().empty()) told_at.push_back(time);
  }
  REQUIRE(told_at.size() > 4);
  CHECK(told_at[0] == 0s);
  CHECK(told_at[1] == 10s);
  CHECK(told_at[2] == 30s);
  CHECK(told_at[3] == 70s);
  for (std::size_t i = 4; i < told_at.size(); ++i) CHECK(told_at[i] - told_at[i - 1] == 60s);
}

TEST_CASE("a count is told without another message to whoever asks now and then") {
  Folded log;
  log.say("a");
  log.say("a");
  log.say("a");
  log.drain();
  log.now += 9s;
  log.repeats.tell_overdue(log.now, log.tell());
  CHECK(log.drain().empty());
  log.now += 1s;
  log.repeats.tell_overdue(log.now, log.tell());
  CHECK(log.drain() == Lines{"a x2"});
  log.repeats.tell_overdue(log.now + 1h, log.tell());
  CHECK(log.drain().empty());
}

TEST_CASE("what comes every minute or so is told each time, as it is") {
  for (const auto pause : {15s, 50s, 70s}) {
    Folded log;
    for (int i = 0; i < 10; ++i, log.now += pause) log.say("still away");
    CHECK(log.drain() == Lines(10, "still away"));
  }
}

TEST_CASE("more messages than are remembered are all told") {
  Folded log;
  Lines all;
  for (int i = 0; i < 100; ++i) all.push_back("message " + std::to_string(i % 7));
  for (const std::string& message : all) log.say(message);
  CHECK(log.drain() == all);
}
