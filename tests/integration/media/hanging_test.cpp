// SPDX-License-Identifier: Apache-2.0
// Media that come slowly, not at all, or end: pipes, and servers on loopback.
#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <chrono>
#include <future>
#include <thread>

#include "films.hpp"
#include "segment/unique_fd.hpp"
#include "shmvideo/error.hpp"

using namespace shmvideo;
using namespace shmvideo::source;
using namespace shmvideo_test;
using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

namespace {

/// Far above what it takes (a few milliseconds), far below the seconds of a read that hangs.
constexpr auto kPromptly = 3s;

double milliseconds(Clock::duration time) { return std::chrono::duration<double, std::milli>(time).count(); }

/// Listens on a port of its own; accept() gives one connection.
class Listener {
 public:
  Listener() : fd_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t length = sizeof address;
    REQUIRE(::bind(fd_.get(), reinterpret_cast<sockaddr*>(&address), length) == 0);
    REQUIRE(::listen(fd_.get(), 8) == 0);
    REQUIRE(::getsockname(fd_.get(), reinterpret_cast<sockaddr*>(&address), &length) == 0);
    port_ = ntohs(address.sin_port);
  }
  std::string url(const std::string& scheme) const {
    return scheme + "://127.0.0.1:" + std::to_string(port_) + "/x";
  }
  UniqueFd accept() const { return UniqueFd(::accept(fd_.get(), nullptr, nullptr)); }

 private:
  UniqueFd fd_;
  int port_ = 0;
};

void send_all(const UniqueFd& to, const std::string& bytes) {
  std::size_t sent = 0;
  while (sent < bytes.size()) {
    const auto now = ::send(to.get(), bytes.data() + sent, bytes.size() - sent, MSG_NOSIGNAL);
    if (now <= 0) return;
    sent += static_cast<std::size_t>(now);
  }
}

std::string part_of(const std::string& jpeg) {
  return "--frame\r\nContent-Type: image/jpeg\r\nContent-Length: " + std::to_string(jpeg.size()) +
         "\r\n\r\n" + jpeg + "\r\n";
}

std::vector<std::string> make_jpegs(const Scratch& scratch, int count) {
  write_y4m(scratch.file("film.y4m"), count);
  REQUIRE(run_ffmpeg("-i " + scratch.file("film.y4m") + " -c:v mjpeg -q:v 2 " + scratch.file("%d.jpg")));
  std::vector<std::string> jpegs;
  for (int i = 1; i <= count; ++i) jpegs.push_back(bytes_of_file(scratch.file(std::to_string(i) + ".jpg")));
  return jpegs;
}

void answer(const UniqueFd& client) {
  char request[4096];
  REQUIRE(::recv(client.get(), request, sizeof request, 0) > 0);
  send_all(client,
           "HTTP/1.0 200 OK\r\nContent-Type: multipart/x-mixed-replace; boundary=frame\r\nConnection: "
           "close\r\n\r\n");
}

}  // namespace

TEST_CASE("opening what never answers ends when it is interrupted") {
  const Scratch scratch;
  const Listener server;
  const std::string pipe = scratch.file("pipe.y4m");
  REQUIRE(::mkfifo(pipe.c_str(), 0600) == 0);
  const std::string where = GENERATE("http", "rtsp", "pipe");
  INFO(where);
  Player player(where == "pipe" ? pipe : server.url(where));
  Clock::time_point asked;
  std::thread other([&] {
    std::this_thread::sleep_for(300ms);
    asked = Clock::now();
    player.source->interrupt();
  });
  ErrorCode code{};
  try {
    player.open();
  } catch (const Error& error) {
    code = error.code();
  }
  const auto returned = Clock::now();
  other.join();
  CHECK(code == ErrorCode::cancelled);
  player.source.reset();
  const auto gone = Clock::now();
  WARN(where << ": open() back after " << milliseconds(returned - asked) << " ms, source gone after "
             << milliseconds(gone - asked) << " ms");
  CHECK(returned - asked < kPromptly);
  CHECK(gone - asked < kPromptly);
}

TEST_CASE("a stream that stalls in a frame says so, and ends when it is interrupted") {
  if (!has_ffmpeg()) return;
  const Scratch scratch;
  const auto jpegs = make_jpegs(scratch, 4);
  const Listener server;
  std::promise<void> done;
  std::thread feeding([&, until = done.get_future()] {
    const UniqueFd client = server.accept();
    answer(client);
    for (int i = 0; i < 3; ++i) send_all(client, part_of(jpegs[static_cast<std::size_t>(i)]));
    send_all(client, part_of(jpegs[3]).substr(0, 500));
    until.wait();
  });
  Player player(server.url("http"));
  player.open();
  CHECK(player.source->description().stream.fps_numerator == 0);
  for (int frame = 0; frame < 3; ++frame) {
    REQUIRE(player.next());
    CHECK(player.number() == frame);
  }
  const auto began = Clock::now();
  CHECK(player.source->wait() == WaitStatus::again);
  CHECK(Clock::now() - began < kPromptly);
  Clock::time_point asked;
  std::thread other([&] {
    std::this_thread::sleep_for(100ms);
    asked = Clock::now();
    player.source->interrupt();
  });
  CHECK(player.wait() == WaitStatus::interrupted);
  const auto returned = Clock::now();
  CHECK(player.wait() == WaitStatus::interrupted);
  other.join();
  player.source.reset();
  WARN("wait() back after " << milliseconds(returned - asked) << " ms, source gone after "
                            << milliseconds(Clock::now() - asked) << " ms");
  CHECK(Clock::now() - asked < kPromptly);
  done.set_value();
  feeding.join();
}

TEST_CASE("a live stream that ends is lost, with a reason") {
  if (!has_ffmpeg()) return;
  const Scratch scratch;
  const auto jpegs = make_jpegs(scratch, 4);
  const Listener server;
  const bool is_reset = GENERATE(false, true);
  std::promise<void> seen;
  std::thread feeding([&, until = seen.get_future()] {
    UniqueFd client = server.accept();
    answer(client);
    for (const auto& jpeg : jpegs) send_all(client, part_of(jpeg));
    until.wait();
    const linger at_once{1, 0};
    if (is_reset) ::setsockopt(client.get(), SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
  });
  Player player(server.url("http"));
  player.open();
  REQUIRE(player.next());
  seen.set_value();
  auto status = player.wait();
  while (status == WaitStatus::frame) status = player.wait();
  feeding.join();
  CHECK(status == WaitStatus::lost);
  CHECK_THAT(player.source->loss(),
             ContainsSubstring(is_reset ? "Connection reset by peer" : "the server ended the stream"));
}

TEST_CASE("a pipe is published as it comes, and ends") {
  const Scratch scratch;
  const std::string film = scratch.file("film.y4m");
  const std::string pipe = scratch.file("pipe");
  write_y4m(film, 12, 1);
  REQUIRE(::mkfifo(pipe.c_str(), 0600) == 0);
  const bool is_held_back = GENERATE(false, true);
  std::thread feeding([&] { std::ofstream(pipe, std::ios::binary) << bytes_of_file(film); });
  MediaOptions options;
  options.location = pipe;
  if (is_held_back) options.rate = {20, 1};
  Player player(options);
  player.open();
  const auto began = Clock::now();
  for (int frame = 0; frame < 12; ++frame) {
    REQUIRE(player.next());
    REQUIRE(player.number() == frame);
  }
  const auto took = Clock::now() - began;
  CHECK(player.wait() == WaitStatus::end);
  feeding.join();
  // At its own rate it would take 11 s.
  CHECK(took < 8s);
  if (is_held_back) CHECK(took >= 540ms);
}
