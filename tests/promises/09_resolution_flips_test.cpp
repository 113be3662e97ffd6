// SPDX-License-Identifier: Apache-2.0
// Promise 9: a source that changes between 1080p and 4K again and again. Every frame that anybody gets is
// whole, of one of the two sizes and described as such; readers keep up; old generations take no room.
#include <iostream>
#include <thread>

#include "process.hpp"
#include "shmvideo/picture.hpp"
#include "shmvideo/reader.hpp"
#include "shmvideo/writer.hpp"
#include "support/catch.hpp"
#include "support/patterned_frame.hpp"
#include "support/temp_place.hpp"
#include "tally.hpp"

using namespace shmvideo;
using namespace shmvideo_test;
using namespace std::chrono_literals;

namespace {

constexpr int kFlips = 24;

FrameInfo picture_info(bool is_large) {
  return packed_frame_info(PixelFormat::bgr24, is_large ? 3840 : 1920, is_large ? 2160 : 1080);
}

StreamInfo stream_of(const FrameInfo& info) {
  StreamInfo stream;
  stream.fourcc = info.fourcc;
  stream.width = info.width;
  stream.height = info.height;
  return stream;
}

/// Publishes pictures of the one size or the other.
class FlippingWriter {
 public:
  FlippingWriter() {
    WriterOptions options;
    options.slots = 3;
    options.stream = stream_of(picture_info(false));
    options.slot_capacity_bytes = picture_info(false).payload_bytes;
    writer_ = Writer::create(SegmentName("name"), options);
  }
  std::uint64_t publish(bool is_large) {
    FrameInfo info = picture_info(is_large);
    info.source_number = ++seed_;
    writer_->reserve(stream_of(info), info.payload_bytes);
    auto loan = writer_->loan();
    REQUIRE(loan);
    fill_pattern(loan.bytes().first(info.payload_bytes), seed_);
    REQUIRE(loan.publish(info) == PublishStatus::published);
    return writer_->statistics().generation;
  }

 private:
  std::unique_ptr<Writer> writer_;
  std::uint64_t seed_ = 0;
};

}  // namespace

TEST_CASE("through a storm of flips between 1080p and 4K each frame is whole and of its size", "[promises]") {
  TempPlace place;
  FlippingWriter writer;
  SharedTally tally;
  std::vector<Peer> readers;
  for (const char* grade : {"grade=observe", "grade=copy", "grade=hold"})
    readers.push_back(Peer({"read", "name", grade, "tally=" + std::to_string(tally.fd())}));
  for (Peer& reader : readers) REQUIRE(reader.line().starts_with("ready"));
  for (int flip = 1; flip <= kFlips; ++flip) {
    const std::uint64_t before = tally->restarts;
    for (int i = 0; i < 3; ++i) writer.publish(flip % 2 == 1);
    CHECK(place.files() == 3);
    // Some flips are chased by the next one, some are awaited.
    if (flip % 4 == 1)
      CHECK(eventually([&] {
        return tally->restarts > before && tally->longest_frame == picture_info(true).payload_bytes;
      }));
    else
      std::this_thread::sleep_for(50ms);
  }
  // All of them arrive where the writer ended, and see frames of it.
  const std::uint64_t frames = tally->frames;
  CHECK(eventually([&] {
    writer.publish(false);
    return tally->frames > frames + 30;
  }));
  std::cout << "resolution flips: " << kFlips << " flips, " << tally->restarts << " followed by 3 readers, "
            << tally->frames << " frames, " << tally->torn_met << " torn met, " << tally->refused
            << " refused\n";
  CHECK(tally->torn_accepted == 0);
  CHECK(tally->misdescribed == 0);
  CHECK(tally->went_back == 0);
}

TEST_CASE("a frame that is held through flips stays what it is", "[promises]") {
  TempPlace place;
  FlippingWriter writer;
  writer.publish(true);
  auto reader = Reader::attach(SegmentName("name"));
  Frame large;
  REQUIRE(reader->next(large, 10s) == ReadStatus::frame);
  Frame frame;
  for (int flip = 0; flip < 6; ++flip) {
    const bool is_large = flip % 2 == 1;
    const std::uint64_t generation = writer.publish(is_large);
    REQUIRE(reader->next(frame, 10s) == ReadStatus::frame);
    CHECK(frame.info().generation == generation);
    CHECK(frame.info().width == picture_info(is_large).width);
    CHECK(reader->stream().width == frame.info().width);
    CHECK(has_pattern(frame.bytes(), frame.info().source_number));
    CHECK(frame.valid());
  }
  CHECK(large.info().width == 3840);
  CHECK(large.bytes().size() == picture_info(true).payload_bytes);
  CHECK(has_pattern(large.bytes(), large.info().source_number));
  CHECK(large.valid());
}
