// SPDX-License-Identifier: Apache-2.0
// The notification protocol, byte by byte.
#include "toolkit/process/notify.hpp"

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstdlib>
#include <cstring>
#include <string>
#include <thread>

#include "support/catch.hpp"

using namespace std::chrono_literals;
using shmvideo::UniqueFd;
using shmvideo::toolkit::Condition;
using shmvideo::toolkit::Notifier;

namespace {

/// An abstract socket of a name of our own.
struct Socket {
  Socket() {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::memcpy(address.sun_path + 1, name.data() + 1, name.size() - 1);
    const auto length = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + name.size());
    REQUIRE(::bind(fd.get(), reinterpret_cast<const sockaddr*>(&address), length) == 0);
  }
  /// The next message; empty where there is none.
  std::string next() {
    char bytes[4096];
    const ssize_t count = ::recv(fd.get(), bytes, sizeof bytes, MSG_DONTWAIT);
    return count < 0 ? "" : std::string(bytes, static_cast<std::size_t>(count));
  }

  const std::string name = "@shm-video-notify-test-" + std::to_string(::getpid());
  const UniqueFd fd{::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0)};
};

}  // namespace

TEST_CASE("what is told, and when") {
  Socket socket;
  Notifier notifier(socket.name, 4ms);
  CHECK(notifier.interval() == std::nullopt);
  Condition condition{.status = "opening\nit"};
  int asked = 0;
  notifier.watch([&] {
    ++asked;
    return condition;
  });
  REQUIRE(notifier.interval() == 1ms);
  notifier.reload_begins();  // it has not been ready yet, and must not seem so
  notifier.reload_ends();
  CHECK(socket.next().empty());
  notifier.turn();
  CHECK(socket.next() == "STATUS=opening it\n");
  condition = {.is_ready = true, .is_alive = true, .status = "well"};
  std::this_thread::sleep_for(2ms);
  notifier.turn();
  CHECK(socket.next() == "READY=1\nSTATUS=well\nWATCHDOG=1\n");
  condition.is_alive = false;
  std::this_thread::sleep_for(2ms);
  notifier.turn();
  CHECK(socket.next().empty());
  notifier.reload_begins();
  CHECK(socket.next().starts_with("RELOADING=1\nMONOTONIC_USEC="));
  notifier.reload_ends();
  CHECK(socket.next() == "READY=1\n");
  const int before = asked;
  notifier.stopping();
  notifier.stopping();
  CHECK(socket.next() == "STOPPING=1\nSTATUS=stopping\n");
  std::this_thread::sleep_for(2ms);
  notifier.turn();
  CHECK(asked == before);
  notifier.last_words("no camera");
  CHECK(socket.next() == "STATUS=no camera\n");
  CHECK(socket.next().empty());
}

TEST_CASE(
    "nobody is kept waiting by a supervisor that does not read, and what it did not get is told later") {
  Socket socket;
  Notifier notifier(socket.name, {});
  while (notifier.is_supervised()) {  // until its queue is full
    const UniqueFd other(::socket(AF_UNIX, SOCK_DGRAM, 0));
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::memcpy(address.sun_path + 1, socket.name.data() + 1, socket.name.size() - 1);
    const auto length = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + socket.name.size());
    if (::sendto(other.get(), "x", 1, MSG_DONTWAIT, reinterpret_cast<const sockaddr*>(&address), length) < 0)
      break;
  }
  notifier.watch([] { return Condition{.is_ready = true}; });
  notifier.turn();
  while (socket.next() == "x") {
  }
  std::this_thread::sleep_for(*notifier.interval() + 1ms);
  notifier.turn();
  CHECK(socket.next() == "READY=1\n");
}

TEST_CASE("the variables are taken out of the environment") {
  Socket socket;
  const auto patience = [&](const char* microseconds, const std::string& pid) {
    ::setenv("NOTIFY_SOCKET", socket.name.c_str(), 1);
    ::setenv("WATCHDOG_USEC", microseconds, 1);
    pid.empty() ? ::unsetenv("WATCHDOG_PID") : ::setenv("WATCHDOG_PID", pid.c_str(), 1);
    const Notifier notifier = Notifier::from_environment();
    CHECK(notifier.is_supervised());
    for (const char* variable : {"NOTIFY_SOCKET", "WATCHDOG_USEC", "WATCHDOG_PID"})
      CHECK(std::getenv(variable) == nullptr);
    return notifier.watchdog();
  };
  CHECK(patience("2000000", "") == 2s);
  CHECK(patience("2000000", std::to_string(::getpid())) == 2s);
  CHECK(patience("2000000", "1") == std::nullopt);
  for (const char* nonsense : {"", "0", "-1", "2s", "18446744073709551615", "99999999999999999999"})
    CHECK(patience(nonsense, "") == std::nullopt);
  CHECK_FALSE(Notifier::from_environment().is_supervised());
}
