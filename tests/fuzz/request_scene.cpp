// SPDX-License-Identifier: Apache-2.0
#include "request_scene.hpp"

#include <sys/socket.h>

#include <algorithm>
#include <boost/asio/post.hpp>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <vector>

#include "segment/clock.hpp"
#include "shmvideo/picture.hpp"
#include "sink/mjpeg/routes.hpp"

namespace shmvideo_test {

using namespace shmvideo;
using namespace shmvideo::sink;

namespace {

constexpr std::uint32_t kWidth = 64;
constexpr std::uint32_t kHeight = 48;

std::unique_ptr<Writer> make_writer() {
  WriterOptions options;
  options.slot_capacity_bytes = kWidth * kHeight * 3;
  options.program = "fuzz";
  return Writer::create(SegmentName("fuzz"), options);
}

}  // namespace

void check_message(EventLevel, const std::string& sentence) {
  const auto is_control = [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; };
  if (std::ranges::any_of(sentence, is_control)) give_up("a message with a control character", sentence);
}

void give_up(const char* what, const std::string& shown) {
  std::fprintf(stderr, "%s: ", what);
  std::fwrite(shown.data(), 1, shown.size(), stderr);
  std::fputc('\n', stderr);
  std::abort();
}

void InlineRunner::submit(EncodeTask& task) {
  boost::asio::post(loop_, [this, &task] {
    if (!task.prepare()) return;
    task.work(encoder_);
    task.finish();
  });
}

RequestScene& RequestScene::instance() {
  static RequestScene once;
  return once;
}

RequestScene::RequestScene()
    : writer_(make_writer()),
      channels_(loop_, nullptr, "fuzz", runner_, &check_message),
      serving_{loop_.get_executor(), channels_, defaults_, monotonic_ns(), 1, runner_, traffic_} {
  publish();
  demand_ = channels_.add(SegmentName("fuzz")).demand();
  channels_.add(SegmentName("absent"));
  add_routes(router_, serving_);
  while (run_ready()) continue;
}

RequestScene::~RequestScene() {
  demand_ = {};
  channels_.stop();
  for (Connection* connection : reception_.connections) connection->close();
  while (run_ready()) continue;
}

int RequestScene::connect() {
  int ends[2];
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, ends) != 0) {
    give_up("no socket pair", std::to_string(errno));
  }
  Socket::Plain plain(loop_, boost::asio::generic::stream_protocol(AF_UNIX, 0), ends[0]);
  Peer peer = peer_of({.ss_family = AF_UNIX, .__ss_padding = {}, .__ss_align = 0}, ends[0]);
  Socket socket(std::move(plain), Seat(traffic_, ""));
  std::make_shared<Connection>(std::move(socket), std::move(peer), reception_)->start();
  return ends[1];
}

void RequestScene::publish() {
  const FrameInfo info = packed_frame_info(PixelFormat::bgr24, kWidth, kHeight);
  static std::vector<std::byte> pixels(info.payload_bytes);
  static std::size_t turn = 0;
  pixels[turn++ % pixels.size()] ^= std::byte{0xff};
  writer_->publish(info, pixels);
}

bool RequestScene::run_ready() {
  loop_.restart();  // it stops when there is nothing to wait for
  return loop_.poll() > 0;
}

void RequestScene::run_a_while() {
  loop_.restart();
  loop_.run_for(std::chrono::milliseconds(1));
}

bool RequestScene::is_quiet() const {
  return reception_.connections.empty() && traffic_.requesting == 0 && traffic_.open == 0 &&
         std::ranges::all_of(channels_.all(), [](const auto& channel) { return channel->viewers().empty(); });
}

}  // namespace shmvideo_test
