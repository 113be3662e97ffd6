// SPDX-License-Identifier: Apache-2.0
#include "request_pass.hpp"

#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <filesystem>
#include <string_view>
#include <system_error>

#include "request_scene.hpp"
#include "sink/http/parameters.hpp"

namespace shmvideo_test {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t kAnswerBytesMax = 1 << 20;
constexpr auto kHang = 8s;  // longer than any wait that the server grants to itself once nobody is there

enum class Leaving : std::uint8_t { half_close, after_answers, at_once, unread };

/// Sockets alone: the segment's own threads open something else now and then.
std::ptrdiff_t open_sockets() {
  const auto is_socket = [](const auto& entry) {
    std::error_code ignored;
    return std::filesystem::read_symlink(entry.path(), ignored).string().starts_with("socket:");
  };
  return std::ranges::count_if(std::filesystem::directory_iterator("/proc/self/fd"), is_socket);
}

class Client {
 public:
  Client(RequestScene& scene, std::uint8_t how, std::uint8_t pieces)
      : scene_(scene),
        leaving_(static_cast<Leaving>(how % 4)),
        has_news_((how & 4) != 0),
        piece_bytes_(pieces == 0 ? kAnswerBytesMax : pieces),
        socket_(scene.connect()) {}
  ~Client() { ::close(socket_); }
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  void send(std::string_view bytes) {
    while (!bytes.empty()) {
      const auto piece = bytes.substr(0, piece_bytes_);
      const auto sent = ::send(socket_, piece.data(), piece.size(), MSG_NOSIGNAL);
      if (sent > 0) bytes.remove_prefix(static_cast<std::size_t>(sent));
      if (has_news_) scene_.publish();
      const bool is_moving = go_on();
      if (sent <= 0 && !is_moving) return;  // the server reads no more
    }
  }

  /// Says that this was all, in its own way; and hears what there is to be heard, to the end.
  void leave() {
    if (leaving_ == Leaving::after_answers) {
      while (go_on()) continue;
    }
    if (leaving_ == Leaving::half_close || leaving_ == Leaving::after_answers) {
      ::shutdown(socket_, SHUT_WR);
      const auto deadline = std::chrono::steady_clock::now() + kHang;
      while (!is_at_end_) {
        if (go_on()) continue;
        if (std::chrono::steady_clock::now() > deadline) give_up("a connection that does not end", answer_);
        scene_.run_a_while();
      }
    }
  }

  const std::string& answer() const { return answer_; }
  bool is_cut() const { return leaving_ == Leaving::at_once || leaving_ == Leaving::unread; }

 private:
  /// False when nothing is to be done or to be heard.
  bool go_on() {
    const bool has_run = scene_.run_ready();
    return read() || has_run;
  }

  bool read() {
    if (leaving_ == Leaving::unread) return false;
    std::array<char, 16384> piece;
    const auto bytes = ::recv(socket_, piece.data(), piece.size(), 0);
    if (bytes == 0 || (bytes < 0 && errno != EAGAIN)) is_at_end_ = true;
    if (bytes <= 0) return false;
    answer_.append(piece.data(), static_cast<std::size_t>(bytes));
    if (answer_.size() > 64 * kAnswerBytesMax) give_up("an answer without an end", answer_.substr(0, 1000));
    return true;
  }

  RequestScene& scene_;
  const Leaving leaving_;
  const bool has_news_;
  const std::size_t piece_bytes_;
  const int socket_;
  std::string answer_;
  bool is_at_end_ = false;
};

void await_quiet(RequestScene& scene, std::ptrdiff_t sockets) {
  const auto deadline = std::chrono::steady_clock::now() + kHang;
  while (!scene.is_quiet()) {
    if (std::chrono::steady_clock::now() > deadline) give_up("somebody is served who has left", "");
    if (!scene.run_ready()) scene.run_a_while();
  }
  if (open_sockets() > sockets) give_up("a socket is left", "");
}

std::string_view text_of(std::span<const std::uint8_t> bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

}  // namespace

AnswerCounts request_pass(std::span<const std::uint8_t> bytes) {
  if (bytes.size() < 2) return {};
  RequestScene& scene = RequestScene::instance();
  static const std::ptrdiff_t sockets = open_sockets();
  const std::string_view text = text_of(bytes.subspan(2));
  AnswerCounts counts;
  {
    Client client(scene, bytes[0], bytes[1]);
    client.send(text);
    client.leave();
    const Expected expected{.is_cut = client.is_cut(), .has_head = text.find("HEAD") != text.npos};
    if (const auto problem = check_answers(client.answer(), expected, counts); !problem.empty()) {
      give_up(problem.c_str(), client.answer());
    }
  }
  await_quiet(scene, sockets);
  return counts;
}

void target_pass(std::string_view text) {
  using namespace shmvideo::sink;
  const auto target = parse_target(text);
  if (!target) return;
  if (!target->path.starts_with('/') && target->path != "*")
    give_up("a path that does not begin with a slash", target->path);
  const auto is_control = [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; };
  for (const auto& [name, value] : target->parameters) {
    if (std::ranges::any_of(name + value, is_control)) give_up("a control character in a parameter", name);
  }
  int number = 7;
  bool is_given = false;
  std::string key;
  const auto take_number = [&](int given) {
    number = given;
    is_given = true;
  };
  const std::array known{number_parameter("n", {1, 60}, "", take_number),
                         text_parameter("key", 8, "", [&](const std::string& given) { key = given; })};
  const std::string complaint = read_parameters(*target, known);
  if (number < 1 || number > 60) give_up("a number that is out of its range", std::to_string(number));
  if (key.size() > 8) give_up("a text that is too long", key);
  if (!is_given && number != 7) give_up("a number that nobody gave", std::to_string(number));
  if (complaint.empty() && target->parameters.size() > 2) give_up("an unknown parameter was let pass", "");
}

std::vector<std::string> sample_requests() {
  std::vector<std::string> requests;
  const std::string host = " HTTP/1.1\r\nHost: a\r\n";
  for (const char* target : {"/",
                             "/snapshot",
                             "/stream/video",
                             "/stream/video/shm?quality=50&fps=10&key=me",
                             "/stream/video/status",
                             "/s/fuzz/snapshot?width=32&height=20",
                             "/s/absent/snapshot",
                             "/s/absent/stream/video",
                             "/s/none/stream",
                             "/snapshot?quality=1",
                             "http://a/stream/video/frame",
                             "/stream/video/raw?format=RGB24",
                             "/stream/video/shm/raw",
                             "/metrics",
                             "/healthz",
                             "/stream",
                             "/state",
                             "/?action=stream",
                             "/?action=snapshot",
                             "/stream.mjpg?extra_headers=1&advance_headers=1",
                             "/snapshot.jpg?%71uality=9",
                             "/stream/video?dual_final_frames=1&zero_data=1&max_delay=100&adaptive=1"}) {
    requests.push_back("GET " + std::string(target) + host + "\r\n");
  }
  requests.push_back("HEAD /snapshot" + host + "\r\n");
  requests.push_back("HEAD /stream/video" + host + "Connection: close\r\n\r\n");
  requests.push_back("GET /snapshot HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
  requests.push_back("GET /snapshot" + host +
                     "If-None-Match: \"1-1\"\r\nUser-Agent: Safari/605.1.15\r\n\r\n");
  requests.push_back("POST /snapshot" + host + "Content-Length: 3\r\n\r\nabc");
  requests.push_back("GET /" + host + "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n");
  requests.push_back("GET /" + host + "Range: bytes=0-9\r\nExpect: 100-continue\r\n\r\n");
  requests.push_back("OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n");
  requests.push_back("GET /stream/video" + host + "Origin: http://b\r\nUpgrade: websocket\r\n\r\n");
  return requests;
}

}  // namespace shmvideo_test
