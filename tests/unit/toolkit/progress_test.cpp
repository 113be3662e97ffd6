// SPDX-License-Identifier: Apache-2.0
#include "toolkit/messages/progress.hpp"

#include <unistd.h>

#include <array>
#include <string>
#include <thread>

#include "support/catch.hpp"
#include "toolkit/messages/human.hpp"

using namespace shmvideo::toolkit;
using namespace std::chrono_literals;

namespace {

ProgressReport sample() {
  return {.verb = "published",
          .done = 150,
          .wanted = 300,
          .rate = 30,
          .elapsed = 5s,
          .duration = 20s,
          .details = {"5.93 MiB"},
          .loss_verb = "dropped",
          .losses = {{2, "late"}, {0, "oversize"}, {1, "corrupt"}},
          .incidents = {{1, "reopened"}, {0, "revoked"}}};
}

}  // namespace

TEST_CASE("progress tells done, wanted, rate, time, what is left, and losses with their causes") {
  CHECK(describe(sample()) ==
        "published 150 of 300 (30.0/s), 5.0 s of 20.0 s, 5 s left, 5.93 MiB, dropped 3 (late 2, corrupt 1), "
        "reopened 1");
  CHECK(describe({.verb = "sent", .done = 1}) == "sent 1");
  CHECK(describe({.verb = "sent", .done = 1, .loss_verb = "missed"}) == "sent 1, missed 0");
}

TEST_CASE("what is left is until whichever end comes first, and nothing where that is not known") {
  ProgressReport report{
      .verb = "sent", .done = 10, .wanted = 100, .rate = 1, .elapsed = 10s, .duration = 1min};
  CHECK_THAT(describe(report), ContainsSubstring("50 s left"));
  report.rate = 9;
  CHECK_THAT(describe(report), ContainsSubstring("10 s left"));
  report.duration.reset();
  report.rate = 0;
  CHECK_THAT(describe(report), !ContainsSubstring("left"));
  report.rate = 1e-300;
  CHECK_THAT(describe(report), !ContainsSubstring("left"));
  report.done = 200;  // more than was wanted
  report.rate = 10;
  CHECK_THAT(describe(report), ContainsSubstring("0 s left"));
}

TEST_CASE("a narrow line leaves out what matters least, and keeps the losses") {
  CHECK(describe(sample(), 84) ==
        "published 150 of 300 (30.0/s), 5.0 s of 20.0 s, 5 s left, dropped 3, reopened 1");
  CHECK(describe(sample(), 60) == "published 150 of 300 (30.0/s), 5 s left, dropped 3");
  CHECK(describe(sample(), 45) == "published 150 of 300 (30.0/s), dropped 3");
  CHECK(describe(sample(), 1) == "published 150 of 300 (30.0/s), dropped 3");
}

TEST_CASE("waiting says for what, how long, and why") {
  ProgressReport report{.elapsed = 3s, .duration = 5s, .waiting_for = "'x'"};
  CHECK(describe(report) == "waiting for 'x', 3 s of 5 s");
  report.duration.reset();
  report.reason = "Connection refused";
  CHECK(describe(report) == "waiting for 'x', 3 s: Connection refused");
}

TEST_CASE("durations are short, and never overflow") {
  CHECK(human_duration(1500ms) == "1.5 s");
  CHECK(human_duration(125s) == "0:02:05");
  CHECK(human_seconds(5400ms) == "5 s");
  CHECK(human_seconds(std::chrono::hours(100)) == "100:00:00");
  CHECK(human_duration(std::chrono::nanoseconds::max()).size() < 20);
}

namespace {

/// What a log has written to a pipe while `work` used it.
template <typename Work>
std::string written(const LogOptions& options, Work work) {
  std::array<int, 2> ends{};
  REQUIRE(::pipe(ends.data()) == 0);
  {
    Log log("shm-test", options, ends[1]);
    work(log);
  }
  ::close(ends[1]);
  std::string text;
  char buffer[4096];
  for (ssize_t count; (count = ::read(ends[0], buffer, sizeof buffer)) > 0;)
    text.append(buffer, static_cast<std::size_t>(count));
  ::close(ends[0]);
  return text;
}

}  // namespace

TEST_CASE("without a terminal progress is a message now and then, with the rate since then") {
  const std::string text = written({}, [](Log& log) {
    Progress progress(log, 20ms);
    CHECK(progress.interval() == 20ms);
    progress.show({.verb = "sent", .done = 1});  // too early
    std::this_thread::sleep_for(30ms);
    progress.show({.verb = "sent", .done = 100});
  });
  CHECK_THAT(text, ContainsSubstring("info  sent 100 ("));
  CHECK_THAT(text, !ContainsSubstring("sent 1 ") && !ContainsSubstring("\033") && !ContainsSubstring("\r"));
}

TEST_CASE("quiet progress is none") {
  const auto show = [](Log& log) {
    Progress progress(log, 1ms);
    std::this_thread::sleep_for(5ms);
    progress.show({.verb = "sent", .done = 100});
  };
  CHECK(written({.quiet = true}, show).empty());
  CHECK(written({.level = LogLevel::warn}, show).empty());
}

TEST_CASE("while something is waited for the messages come ever more seldom") {
  const std::string text = written({}, [](Log& log) {
    Progress progress(log, 10ms);
    const auto end = Progress::Clock::now() + 400ms;
    while (Progress::Clock::now() < end) {
      progress.show({.waiting_for = "it"});
      std::this_thread::sleep_for(1ms);
    }
  });
  // After 10, 30, 70, 150 and 310 ms, or later.
  const auto lines = std::count(text.begin(), text.end(), '\n');
  CHECK(lines >= 2);
  CHECK(lines <= 5);
}

TEST_CASE("waiting with progress ends at its end, or when it is to stop") {
  written({}, [](Log& log) {
    Progress progress(log, 10ms);
    int shown = 0;
    const auto report = [&] {
      ++shown;
      return ProgressReport{.verb = "sent"};
    };
    progress.wait([&](auto) { return shown == 3; }, Progress::Clock::now() + 30s, report);
    CHECK(shown == 3);
  });
  written({}, [](Log& log) {
    const auto end = Progress::Clock::now() + 20ms;
    const auto sleep = [](std::chrono::nanoseconds time) {
      std::this_thread::sleep_for(time);
      return false;
    };
    Progress(log).wait(sleep, end, [] { return ProgressReport{}; });
    CHECK(Progress::Clock::now() >= end);
  });
}
