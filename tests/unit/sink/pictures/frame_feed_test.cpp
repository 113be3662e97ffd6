// SPDX-License-Identifier: Apache-2.0
// What a feed says when frames end, and when they come again.
#include "sink/mjpeg/pictures/frame_feed.hpp"

#include <boost/asio/io_context.hpp>
#include <chrono>
#include <fstream>
#include <string>

#include "segment/clock.hpp"
#include "shmvideo/writer.hpp"
#include "sink/mjpeg/pictures/encode_pool.hpp"
#include "support/catch.hpp"
#include "support/temp_place.hpp"

using namespace shmvideo;
using namespace shmvideo::sink;
using namespace std::chrono_literals;

namespace {

/// A feed on a loop of its own, and what it said last.
struct Fed {
  std::unique_ptr<Writer> new_writer() {
    WriterOptions options;
    options.slot_capacity_bytes = 64 * 1024;
    return Writer::create(name, options);
  }
  void publish() {
    REQUIRE(writer->publish(info, std::vector<std::byte>(info.payload_bytes)) == PublishStatus::published);
  }
  /// Runs the loop until it is so; false: it never was. The time is for machines that have much else to do.
  template <typename Condition>
  bool run_until(Condition condition) {
    const auto deadline = std::chrono::steady_clock::now() + 40s;
    while (!condition() && std::chrono::steady_clock::now() < deadline) loop.run_one_for(100ms);
    return condition();
  }
  /// Whether this process has the segment in its memory, its writer apart.
  bool maps_segment() const {
    std::ifstream maps("/proc/self/maps");
    for (std::string line; std::getline(maps, line);) {
      if (line.find(place.path().string()) != std::string::npos) return true;
    }
    return false;
  }
  ~Fed() {
    feed.stop();
    pool.stop();
    loop.restart();
    loop.run();
  }

  shmvideo_test::TempPlace place;
  SegmentName name{"fed"};
  FrameInfo info = packed_frame_info(PixelFormat::i420, 64, 48);
  std::unique_ptr<Writer> writer = new_writer();
  boost::asio::io_context loop{1};
  EncodePool pool{loop, 1};
  FedFrame newest;
  FrameFeed feed{loop,
                 pool,
                 {name, "test", nullptr},
                 [](EventLevel, const std::string&) {},
                 [this](const FedFrame& fed) { newest = fed; }};
  FrameFeed::Demand demand{feed};
};

}  // namespace

TEST_CASE("a writer that stops leaves a still of its last frame, each second a new one", "[sink][mjpeg]") {
  Fed fed;
  fed.publish();
  REQUIRE(fed.run_until([&] { return fed.newest.frame != nullptr; }));
  CHECK_FALSE(fed.feed.loss());
  const std::uint64_t captured_ns = fed.newest.info().capture_realtime_ns;
  fed.writer.reset();
  REQUIRE(fed.run_until([&] { return fed.newest.still != nullptr; }));
  REQUIRE(fed.feed.loss());
  CHECK(fed.feed.loss()->reason == "the writer has stopped");
  CHECK(fed.feed.loss()->since_realtime_ns == captured_ns);
  CHECK_FALSE(fed.feed.has_writer());
  const std::uint64_t serial = fed.newest.serial;
  CHECK(fed.newest.info().number == 1);
  CHECK(fed.newest.still->words.at(0) == "the writer has stopped");
  REQUIRE(fed.run_until([&] { return fed.newest.serial >= serial + 2; }));
  CHECK(fed.newest.still->words.at(2) != "for 0 s");
  CHECK_FALSE(fed.maps_segment());  // its memory, which has no name any more, is nobody's now

  fed.writer = fed.new_writer();
  fed.publish();
  REQUIRE(fed.run_until([&] { return fed.newest.frame != nullptr; }));
  CHECK_FALSE(fed.feed.loss());
  CHECK_FALSE(fed.newest.still);
  CHECK(fed.newest.serial > serial);
}

TEST_CASE("a camera that is lost is told, with the newest reason", "[sink][mjpeg]") {
  Fed fed;
  fed.publish();
  REQUIRE(fed.run_until([&] { return fed.newest.frame != nullptr; }));
  fed.writer->set_source_state(SourceState::reconnecting);
  REQUIRE(fed.run_until([&] { return fed.newest.still != nullptr; }));
  CHECK(fed.feed.loss()->reason == "camera lost, reconnecting");
  CHECK(fed.feed.has_writer());
  fed.writer.reset();
  REQUIRE(fed.run_until(
      [&] { return fed.newest.still && fed.newest.still->words.at(0) == "the writer has stopped"; }));
}

TEST_CASE("without stills, a lost writer leaves nothing, and one that lives its last frame",
          "[sink][mjpeg]") {
  Fed fed;
  fed.feed.show_stills(false);
  fed.publish();
  REQUIRE(fed.run_until([&] { return fed.newest.frame != nullptr; }));
  fed.writer->set_source_state(SourceState::reconnecting);
  REQUIRE(fed.run_until([&] { return fed.feed.loss().has_value(); }));
  CHECK(fed.newest.frame != nullptr);
  fed.writer.reset();
  REQUIRE(fed.run_until([&] { return !fed.newest.is_there(); }));
  CHECK(fed.feed.loss()->reason == "the writer has stopped");
}

TEST_CASE("where there never was a frame there is nothing to lose or to show", "[sink][mjpeg]") {
  Fed fed;
  fed.writer.reset();
  fed.run_until([&, until = std::chrono::steady_clock::now() + 1500ms] {
    return std::chrono::steady_clock::now() > until;
  });
  CHECK_FALSE(fed.newest.is_there());
  CHECK_FALSE(fed.feed.loss());
}
