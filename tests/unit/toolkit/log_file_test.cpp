// SPDX-License-Identifier: Apache-2.0
#include <fcntl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <regex>
#include <sstream>
#include <string>

#include "shmvideo/error.hpp"
#include "support/catch.hpp"
#include "toolkit/json.hpp"
#include "toolkit/messages/log.hpp"

using namespace shmvideo;
using namespace shmvideo::toolkit;
namespace fs = std::filesystem;

namespace {

/// A folder of its own, and a descriptor in the place of standard error.
class Scene {
 public:
  Scene() {
    std::string pattern = (fs::temp_directory_path() / "log-test-XXXXXX").string();
    REQUIRE(::mkdtemp(pattern.data()));
    folder_ = pattern;
    stream_ = ::open((folder_ / "stderr").c_str(), O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    REQUIRE(stream_ >= 0);
  }
  ~Scene() {
    ::close(stream_);
    fs::remove_all(folder_);
  }
  fs::path operator/(const char* name) const { return folder_ / name; }
  int stream() const { return stream_; }
  std::string in(const char* name) const {
    std::ifstream file(folder_ / name);
    std::ostringstream text;
    text << file.rdbuf();
    return text.str();
  }

 private:
  fs::path folder_;
  int stream_ = -1;
};

std::string refusal(const fs::path& file) {
  try {
    Log log("shm-test", {.file = file});
  } catch (const Error& error) {
    return error.what();
  }
  return {};
}

}  // namespace

TEST_CASE("a log file has time, program and process in each line, and nothing is on standard error") {
  const Scene scene;
  {
    Log log("shm-test", {.file = scene / "log"}, scene.stream());
    log.warn("two");
  }
  CHECK(scene.in("stderr").empty());
  const std::regex line("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z shm-test\\[" +
                        std::to_string(::getpid()) + "\\] warn  two\\n");
  CHECK(std::regex_match(scene.in("log"), line));
  struct stat status {};
  REQUIRE(::stat((scene / "log").c_str(), &status) == 0);
  CHECK((status.st_mode & 0137) == 0);  // not executable, nothing for others, not writable for the group
}

TEST_CASE("a log file has time stamps in a service, too") {
  const Scene scene;
  struct stat status {};
  REQUIRE(::fstat(scene.stream(), &status) == 0);
  ::setenv("JOURNAL_STREAM", fmt::format("{}:{}", status.st_dev, status.st_ino).c_str(), 1);
  {
    Log log("shm-test", {.file = scene / "log"}, scene.stream());
    log.info("one");
  }
  ::unsetenv("JOURNAL_STREAM");
  CHECK_THAT(scene.in("log"), ContainsSubstring("Z shm-test["));
}

TEST_CASE("a log file is added to") {
  const Scene scene;
  for (const char* message : {"first", "second"}) {
    Log log("shm-test", {.file = scene / "log"}, scene.stream());
    log.info("{}", message);
  }
  CHECK_THAT(scene.in("log"), ContainsSubstring("first\n") && ContainsSubstring("second\n"));
}

TEST_CASE("last words are in the log file and on standard error") {
  const Scene scene;
  Log("shm-test", {.file = scene / "log"}, scene.stream()).last_words("cannot go on");
  CHECK(scene.in("stderr") == "shm-test: cannot go on\n");
  CHECK_THAT(scene.in("log"), ContainsSubstring("] error cannot go on\n"));
}

TEST_CASE("a log file of JSON has an object a line") {
  const Scene scene;
  Log("shm-test", {.format = LogFormat::json, .file = scene / "log"}, scene.stream()).info("one");
  CHECK(Json::parse(scene.in("log"))["message"] == "one");
}

TEST_CASE("the file - is standard error") {
  const Scene scene;
  Log("shm-test", {.file = "-"}, scene.stream()).info("one");
  CHECK_THAT(scene.in("stderr"), ContainsSubstring("one\n"));
}

TEST_CASE("a log file that cannot be opened is refused with what to do, and at once") {
  const Scene scene;
  const std::string missing = refusal(scene / "no/log");
  CHECK_THAT(missing,
             ContainsSubstring("cannot open the log file") && ContainsSubstring("no/log': No such file"));
  CHECK_THAT(missing, ContainsSubstring("; make its directory first"));
  CHECK_THAT(refusal(scene / ""), ContainsSubstring("Is a directory; name a file in it"));
  REQUIRE(::mkfifo((scene / "pipe").c_str(), 0600) == 0);
  CHECK_THAT(refusal(scene / "pipe"), ContainsSubstring("nobody reads"));
}

TEST_CASE("a pipe that is read is a log file like any other") {
  const Scene scene;
  REQUIRE(::mkfifo((scene / "pipe").c_str(), 0600) == 0);
  const int reader = ::open((scene / "pipe").c_str(), O_RDONLY | O_NONBLOCK);
  Log("shm-test", {.file = scene / "pipe"}, scene.stream()).info("one");
  std::array<char, 200> text{};
  CHECK(::read(reader, text.data(), text.size()) > 20);
  ::close(reader);
}

TEST_CASE("a log file that was moved away is made anew on request") {
  const Scene scene;
  Log log("shm-test", {.file = scene / "log"}, scene.stream());
  log.info("one");
  log.info("one");
  fs::rename(scene / "log", scene / "log.1");
  log.info("two");
  log.info("two");
  log.reopen();
  log.info("three");
  const std::string old = scene.in("log.1");
  CHECK(std::count(old.begin(), old.end(), '\n') == 4);  // what was folded belongs to the old one
  CHECK_THAT(scene.in("log"), ContainsSubstring("three\n") && !ContainsSubstring("two"));
}

TEST_CASE("a log file that cannot be opened again is written on, with a warning") {
  const Scene scene;
  fs::create_directory(scene / "sub");
  Log log("shm-test", {.file = scene / "sub/log"}, scene.stream());
  fs::rename(scene / "sub", scene / "moved");
  log.reopen();
  log.info("two");
  CHECK_THAT(scene.in("moved/log"),
             ContainsSubstring("warn  cannot open the log file") && ContainsSubstring("info  two\n"));
}

TEST_CASE("a log file on a full disk stops nothing and is told once") {
  const Scene scene;
  {
    Log log("shm-test", {.file = "/dev/full"}, scene.stream());
    for (int i = 0; i < 100; ++i) log.info("message {}", i);
  }
  CHECK(scene.in("stderr") ==
        "shm-test: cannot write to the log file '/dev/full': No space left on device; goes on without it\n");
}

TEST_CASE("a pipe that nobody reads holds nothing up, and the gap is told when it is read again") {
  const Scene scene;
  std::array<int, 2> ends{};
  REQUIRE(::pipe(ends.data()) == 0);
  {
    Log log("shm-test", {}, ends[1]);
    const auto began = std::chrono::steady_clock::now();
    for (int i = 0; i < 5000; ++i) log.info("message {}", i);
    CHECK(std::chrono::steady_clock::now() - began < std::chrono::seconds(10));
    std::string text(1 << 20, '\0');
    CHECK(::read(ends[0], text.data(), text.size()) > 10000);
    log.info("the last");
    const ssize_t count = ::read(ends[0], text.data(), text.size());
    REQUIRE(count > 0);
    text.resize(static_cast<std::size_t>(count));
    CHECK_THAT(text, ContainsSubstring("lines are missing here: nobody took them\n"));
    CHECK_THAT(text, ContainsSubstring("the last\n"));
  }
  ::close(ends[0]);
  ::close(ends[1]);
}

TEST_CASE("a line that the disk took half of does not spoil the next") {
  const Scene scene;
  // A limit to the size of files stands in for a disk that is nearly full.
  const auto previous_action = std::signal(SIGXFSZ, SIG_IGN);
  rlimit previous{};
  REQUIRE(::getrlimit(RLIMIT_FSIZE, &previous) == 0);
  const rlimit tight{20, previous.rlim_max};
  Log log("shm-test", {.file = scene / "log"}, scene.stream());
  REQUIRE(::setrlimit(RLIMIT_FSIZE, &tight) == 0);
  log.info("one");
  log.info("two");
  ::setrlimit(RLIMIT_FSIZE, &previous);
  std::signal(SIGXFSZ, previous_action);
  log.info("three");
  const std::string text = scene.in("log");
  CHECK(text.find('\n') == 20);
  CHECK_THAT(text, ContainsSubstring("2 lines are missing here: File too large\n"));
  CHECK_THAT(text, ContainsSubstring("three\n"));
}

TEST_CASE("level, format and file can be changed while it is in use") {
  const Scene scene;
  Log log("shm-test", {}, scene.stream());
  log.debug("one");
  log.configure({.level = LogLevel::debug, .format = LogFormat::json, .file = scene / "log"});
  log.debug("two");
  CHECK(scene.in("stderr").empty());
  CHECK(Json::parse(scene.in("log"))["message"] == "two");
  log.configure({.file = scene / "no/log"});
  log.info("three");
  CHECK_THAT(scene.in("log"), ContainsSubstring("no/log': No such file") && ContainsSubstring("three\n"));
  log.configure({});
  log.info("four");
  CHECK_THAT(scene.in("stderr"), ContainsSubstring("four\n") && !ContainsSubstring("three"));
}
