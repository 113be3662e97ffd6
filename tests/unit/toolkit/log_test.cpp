// SPDX-License-Identifier: Apache-2.0
#include "toolkit/messages/log.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <string>
#include <thread>
#include <vector>

#include "support/catch.hpp"
#include "toolkit/json.hpp"

using namespace shmvideo::toolkit;

namespace {

/// A pipe to log into.
class Pipe {
 public:
  Pipe() { REQUIRE(::pipe(ends_.data()) == 0); }
  ~Pipe() {
    ::close(ends_[0]);
    if (ends_[1] >= 0) ::close(ends_[1]);
  }
  int input() const { return ends_[1]; }
  /// Everything written so far; ends the writing.
  std::string drain() {
    ::close(std::exchange(ends_[1], -1));
    std::string text;
    char buffer[4096];
    for (ssize_t count; (count = ::read(ends_[0], buffer, sizeof buffer)) > 0;) {
      text.append(buffer, static_cast<std::size_t>(count));
    }
    return text;
  }

 private:
  std::array<int, 2> ends_{};
};

std::size_t lines_of(const std::string& text) {
  return static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
}

}  // namespace

TEST_CASE("levels above the chosen one are not shown") {
  Pipe pipe;
  {
    Log log("shm-test", {.level = LogLevel::warn}, pipe.input());
    log.error("one {}", 1);
    log.warn("two");
    log.info("three");
    log.debug("four");
  }
  const std::string text = pipe.drain();
  CHECK(lines_of(text) == 2);
  CHECK_THAT(text, ContainsSubstring("Z error one 1\n"));
  CHECK_THAT(text, ContainsSubstring("Z warn  two\n"));
}

TEST_CASE("quiet and verbose win over the level") {
  CHECK_FALSE(Log("t", {.level = LogLevel::debug, .quiet = true}).is_on(LogLevel::warn));
  CHECK(Log("t", {.level = LogLevel::error, .verbose = true}).is_on(LogLevel::debug));
}

TEST_CASE("as JSON each message is one object, whatever bytes are in it") {
  Pipe pipe;
  {
    Log log("shm-test", {.format = LogFormat::json}, pipe.input());
    log.info("a \"b\"\nc \xff");
  }
  const Json line = Json::parse(pipe.drain());
  CHECK(line["level"] == "info");
  CHECK(line["program"] == "shm-test");
  CHECK(line["message"] == "a \"b\"\nc \xef\xbf\xbd");
}

TEST_CASE("a message is one line and cannot move the cursor") {
  Pipe pipe;
  {
    Log log("shm-test", {}, pipe.input());
    log.info("a\nb\033[2J");
  }
  const std::string text = pipe.drain();
  CHECK(lines_of(text) == 1);
  CHECK(text.find('\033') == std::string::npos);
}

TEST_CASE("the same message again is counted, and the count told at the end, too") {
  Pipe pipe;
  {
    Log log("shm-test", {}, pipe.input());
    for (int i = 0; i < 121; ++i) log.warn("no frame");
    log.warn("a frame");
    for (int i = 0; i < 3; ++i) log.info("end");
  }
  const std::string text = pipe.drain();
  CHECK(lines_of(text) == 5);
  CHECK_THAT(text, ContainsSubstring("no frame (repeated 120 times)\n"));
  CHECK_THAT(text, ContainsSubstring("end (repeated 2 times)\n"));
}

TEST_CASE("in JSON the count is a field of its own") {
  Pipe pipe;
  {
    Log log("shm-test", {.format = LogFormat::json}, pipe.input());
    for (int i = 0; i < 121; ++i) log.warn("no frame");
  }
  const std::string text = pipe.drain();
  const Json first = Json::parse(text.substr(0, text.find('\n')));
  const Json second = Json::parse(text.substr(text.find('\n') + 1));
  CHECK_FALSE(first.contains("repeated"));
  CHECK(second["repeated"] == 120);
  CHECK(second["message"] == "no frame");
  CHECK(second["pid"] == ::getpid());
}

TEST_CASE("the journal gets priorities, and no time of ours") {
  Pipe pipe;
  struct stat status {};
  REQUIRE(::fstat(pipe.input(), &status) == 0);
  ::setenv("JOURNAL_STREAM", fmt::format("{}:{}", status.st_dev, status.st_ino).c_str(), 1);
  {
    Log log("shm-test", {}, pipe.input());
    log.warn("two");
    log.info("three");
    log.last_words("cannot go on");
  }
  ::unsetenv("JOURNAL_STREAM");
  CHECK(pipe.drain() == "<4>two\n<6>three\n<3>cannot go on\n");
}

TEST_CASE("last words name the tool and come whatever the level is") {
  Pipe pipe;
  {
    Log log("shm-test", {.quiet = true}, pipe.input());
    log.last_words("cannot go on");
  }
  CHECK(pipe.drain() == "shm-test: cannot go on\n");
}

TEST_CASE("lines of several threads do not mix") {
  Pipe pipe;
  {
    Log log("shm-test", {}, pipe.input());
    std::vector<std::thread> threads;
    for (int t = 0; t < 4; ++t) {
      threads.emplace_back([&log, t] {
        for (int i = 0; i < 50; ++i) log.info("thread {} line {} end", t, i);
      });
    }
    for (auto& thread : threads) thread.join();
  }
  const std::string text = pipe.drain();
  CHECK(lines_of(text) == 200);
  std::size_t whole = 0;
  for (auto at = text.find(" end\n"); at != text.npos; at = text.find(" end\n", at + 1)) ++whole;
  CHECK(whole == 200);
}
