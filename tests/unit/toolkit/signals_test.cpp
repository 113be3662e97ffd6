// SPDX-License-Identifier: Apache-2.0
#include "toolkit/process/signals.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <thread>

#include "support/catch.hpp"

using shmvideo::toolkit::ReloadRequest;
using shmvideo::toolkit::StopRequest;
using namespace std::chrono_literals;

namespace {

bool is_readable(int descriptor, int timeout_ms = 0) {
  pollfd wanted{descriptor, POLLIN, 0};
  return ::poll(&wanted, 1, timeout_ms) == 1 && (wanted.revents & POLLIN);
}

/// Runs `body` in a child process and gives what waitpid() says of its end.
template <typename Body>
int status_of_child(Body body) {
  const pid_t child = ::fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    ::alarm(20);
    body();
    ::_exit(42);
  }
  int status = 0;
  REQUIRE(::waitpid(child, &status, 0) == child);
  return status;
}

}  // namespace

TEST_CASE("a stop request is unset until a signal comes, then stays set and readable") {
  StopRequest stop;
  CHECK_FALSE(stop.is_set());
  CHECK_FALSE(is_readable(stop.fd()));
  CHECK_FALSE(stop.wait_for(1ms));
  std::raise(SIGTERM);
  CHECK(stop.is_set());
  CHECK(stop.signal() == SIGTERM);
  CHECK(is_readable(stop.fd()));
  CHECK(stop.wait_for(1h));
  CHECK(is_readable(stop.fd()));
}

TEST_CASE("a stop request wakes the thread that waits for it") {
  StopRequest stop;
  bool is_woken = false;
  std::thread waiting([&] { is_woken = stop.wait_for(30s); });
  std::raise(SIGINT);
  waiting.join();
  CHECK(is_woken);
  CHECK(stop.signal() == SIGINT);
}

TEST_CASE("SIGHUP asks a program to read its configuration again, and once for all the signals") {
  StopRequest stop;
  ReloadRequest reload;
  CHECK_FALSE(is_readable(reload.fd()));
  CHECK_FALSE(reload.take());
  std::raise(SIGHUP);
  std::raise(SIGHUP);
  CHECK(is_readable(reload.fd()));
  CHECK(reload.take());
  CHECK_FALSE(reload.take());
  CHECK_FALSE(is_readable(reload.fd()));
  CHECK_FALSE(stop.is_set());
  std::raise(SIGHUP);
  CHECK(reload.take());
}

TEST_CASE("SIGHUP stops a program whose terminal is gone") {
  const int status = status_of_child([] {
    const int master = ::posix_openpt(O_RDWR | O_NOCTTY);
    if (master < 0 || ::grantpt(master) != 0 || ::unlockpt(master) != 0 || ::setsid() < 0) ::_exit(1);
    const int terminal = ::open(::ptsname(master), O_RDWR);  // a session's first terminal controls it
    if (terminal < 0) ::_exit(2);
    StopRequest stop;
    ReloadRequest reload;
    std::raise(SIGHUP);
    if (stop.is_set() || !reload.take()) ::_exit(3);
    ::close(master);  // the kernel sends SIGHUP to the session's leader
    ::_exit(stop.wait_for(10s) && stop.signal() == SIGHUP ? 0 : 4);
  });
  CHECK(status == 0);
}

TEST_CASE("SIGHUP does nothing to a program that nohup started") {
  const int status = status_of_child([] {
    std::signal(SIGHUP, SIG_IGN);
    StopRequest stop;
    ReloadRequest reload;
    std::raise(SIGHUP);
    ::_exit(stop.is_set() || reload.take() ? 1 : 0);
  });
  CHECK(status == 0);
}

TEST_CASE("a program may stop itself") {
  StopRequest stop;
  stop.set();
  CHECK(stop.is_set());
  CHECK(stop.signal() == 0);
  CHECK(is_readable(stop.fd()));
}

TEST_CASE("the same wish told twice at once does not end the process") {
  const int status = status_of_child([] {
    StopRequest stop;
    std::raise(SIGINT);
    std::raise(SIGTERM);
    if (!stop.is_set()) ::_exit(1);
  });
  CHECK((WIFEXITED(status) && WEXITSTATUS(status) == 42));
}

TEST_CASE("a second signal later on ends the process by that signal") {
  const int status = status_of_child([] {
    StopRequest stop;
    std::raise(SIGINT);
    std::this_thread::sleep_for(300ms);  // longer than the same wish can take
    std::raise(SIGTERM);
  });
  CHECK((WIFSIGNALED(status) && WTERMSIG(status) == SIGTERM));
}

TEST_CASE("a pipe without a reader is an error of write, not the end") {
  const int status = status_of_child([] {
    StopRequest stop;
    int ends[2];
    if (::pipe(ends) != 0) ::_exit(1);
    ::close(ends[0]);
    if (::write(ends[1], "x", 1) != -1) ::_exit(2);
  });
  CHECK((WIFEXITED(status) && WEXITSTATUS(status) == 42));
}

TEST_CASE("when the request is gone, signals do what they did before") {
  const int status = status_of_child([] {
    std::signal(SIGTERM, SIG_DFL);  // the test's framework has a handler of its own
    std::signal(SIGHUP, SIG_IGN);
    {
      StopRequest stop;
      ReloadRequest reload;
    }
    std::raise(SIGHUP);
    std::raise(SIGTERM);
  });
  CHECK((WIFSIGNALED(status) && WTERMSIG(status) == SIGTERM));
}
