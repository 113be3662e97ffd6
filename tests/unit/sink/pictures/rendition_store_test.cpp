// SPDX-License-Identifier: Apache-2.0
#include "sink/mjpeg/pictures/rendition_store.hpp"

#include <algorithm>

#include "staged_store.hpp"

using namespace shmvideo_test;

TEST_CASE("a frame is encoded once however many want it, and all get the same picture", "[sink][mjpeg]") {
  Staged stage;
  std::vector<std::shared_ptr<FakeViewer>> viewers;
  for (int i = 0; i < 20; ++i) viewers.push_back(stage.waiting_viewer());
  stage.next_frame();
  CHECK(stage.runner.waiting() == 1);
  stage.runner.run_all();
  CHECK(stage.counters.encodes == 1);
  for (const auto& viewer : viewers) {
    REQUIRE(viewer->pictures.size() == 1);
    CHECK(viewer->pictures[0] == viewers[0]->pictures[0]);
  }
  CHECK(codec::JpegDecoder().probe(viewers[0]->pictures[0]->bytes)->width == 64);
}

TEST_CASE("one who comes later gets the picture that is there", "[sink][mjpeg]") {
  Staged stage;
  const auto early = stage.waiting_viewer();
  stage.next_frame();
  stage.runner.run_all();
  const auto late = stage.waiting_viewer();
  CHECK(late->numbers == std::vector<std::uint64_t>{1});
  CHECK(stage.counters.encodes == 1);
}

TEST_CASE("each quality is encoded once", "[sink][mjpeg]") {
  Staged stage;
  const auto usual = stage.waiting_viewer();
  const auto the_same = stage.waiting_viewer(asked(85));
  const auto poor = stage.waiting_viewer(asked(5));
  stage.next_frame();
  stage.runner.run_all();
  CHECK(stage.counters.encodes == 2);
  CHECK(usual->pictures.at(0) == the_same->pictures.at(0));
  CHECK(poor->pictures.at(0) != usual->pictures.at(0));
}

TEST_CASE("nothing is encoded when nobody is due", "[sink][mjpeg]") {
  Staged stage;
  stage.next_frame();
  CHECK(stage.runner.waiting() == 0);
  const auto viewer = stage.waiting_viewer({}, 1);  // one a second
  stage.runner.run_all();
  REQUIRE(viewer->numbers == std::vector<std::uint64_t>{1});
  stage.store.wait(viewer);
  for (int i = 0; i < 20; ++i) stage.next_frame();
  CHECK(stage.runner.waiting() == 0);
  CHECK(stage.counters.encodes == 1);
  for (int i = 0; i < 10; ++i) stage.next_frame();
  stage.runner.run_all();
  CHECK(stage.counters.encodes == 2);
  CHECK(viewer->numbers.size() == 2);
}

TEST_CASE("a viewer who was busy meanwhile goes on with the newest frame", "[sink][mjpeg]") {
  Staged stage;
  const auto viewer = stage.waiting_viewer();
  stage.next_frame();
  stage.runner.run_all();
  for (int i = 0; i < 5; ++i) stage.next_frame();
  stage.store.wait(viewer);
  stage.runner.run_all();
  CHECK(viewer->numbers == std::vector<std::uint64_t>{1, 6});
}

TEST_CASE("an encoding that waits for a thread takes the frame that is newest then", "[sink][mjpeg]") {
  Staged stage;
  const auto viewer = stage.waiting_viewer();
  stage.next_frame();
  stage.next_frame();
  stage.next_frame();
  CHECK(stage.runner.waiting() == 1);
  stage.runner.run_all();
  CHECK(viewer->numbers == std::vector<std::uint64_t>{3});
}

TEST_CASE("a picture that was made while a newer frame came still goes out", "[sink][mjpeg]") {
  Staged stage;
  const auto viewer = stage.waiting_viewer();
  stage.next_frame();
  REQUIRE(stage.runner.begin());
  stage.next_frame();
  stage.runner.end();
  CHECK(viewer->numbers == std::vector<std::uint64_t>{1});
  stage.store.wait(viewer);
  stage.runner.run_all();
  CHECK(viewer->numbers == std::vector<std::uint64_t>{1, 2});
}

TEST_CASE("an encoding that nobody waits for any more is not begun", "[sink][mjpeg]") {
  Staged stage;
  const auto viewer = stage.waiting_viewer();
  stage.next_frame();
  stage.store.cancel(*viewer);
  stage.runner.run_all();
  CHECK(stage.counters.encodes == 0);
  CHECK(viewer->pictures.empty());
  stage.store.wait(viewer);  // and it can begin again
  stage.runner.run_all();
  CHECK(viewer->numbers == std::vector<std::uint64_t>{1});
}

TEST_CASE("a picture of a frame that the writer took back is thrown away for a newer one", "[sink][mjpeg]") {
  Staged stage(packed_frame_info(PixelFormat::gray8, 64, 48), 2);
  const auto viewer = stage.waiting_viewer();
  stage.next_frame();
  REQUIRE(stage.runner.begin());
  // The slots go round twice while the encoder is at it; its frame is in one of them.
  for (int i = 0; i < 4; ++i) {
    REQUIRE(stage.writer->publish(stage.info, stage.payload(stage.info)) == PublishStatus::published);
  }
  SECTION("noticed by the encoder") {
    stage.runner.end();
    // It had finished before, so this picture is good; the next one begins with a frame that is gone.
    REQUIRE(viewer->numbers == std::vector<std::uint64_t>{1});
  }
  SECTION("noticed when there is no newer frame yet") {
    stage.runner.end();
    const auto other = stage.waiting_viewer(asked(20));
    stage.runner.run_all();
    CHECK(other->pictures.empty());
    CHECK(stage.counters.revoked == 1);
    CHECK(stage.runner.waiting() == 0);  // the same frame is not tried again
    stage.next_frame();
    stage.runner.run_all();
    CHECK(other->numbers == std::vector<std::uint64_t>{6});
  }
}

TEST_CASE("frame numbers that begin anew after a restart do not starve anybody", "[sink][mjpeg]") {
  Staged stage;
  for (int i = 0; i < 3; ++i) stage.next_frame();
  const auto viewer = stage.waiting_viewer();
  stage.runner.run_all();
  stage.store.wait(viewer);
  stage.store.feed({nullptr, stage.serial, 0});
  CHECK(stage.runner.waiting() == 0);
  stage.reader.reset();
  stage.writer.reset();
  stage.writer = Writer::create(stage.name, [] {
    WriterOptions options;
    options.slot_capacity_bytes = 64 * 1024;
    return options;
  }());
  stage.reader = Reader::attach(stage.name);
  stage.next_frame();
  stage.runner.run_all();
  CHECK(viewer->numbers == std::vector<std::uint64_t>{3, 1});
}

TEST_CASE("a frame that no picture can be made of is told to those who wait", "[sink][mjpeg]") {
  Staged stage(coded_info(make_fourcc('H', '2', '6', '4'), 100));
  const auto viewer = stage.waiting_viewer();
  stage.next_frame();
  stage.runner.run_all();
  REQUIRE(viewer->failures.size() == 1);
  CHECK(viewer->failures[0] == "cannot make JPEG pictures of H264 frames");
  CHECK(stage.counters.failed == 1);
  stage.store.wait(viewer);
  CHECK(viewer->failures.size() == 1);  // not again for the same frame
  stage.next_frame();
  stage.runner.run_all();
  CHECK(viewer->failures.size() == 2);
}

TEST_CASE("a JPEG frame goes out as it is, and is encoded anew only for a quality that was asked",
          "[sink][mjpeg]") {
  const auto jpeg = some_jpeg();
  Staged stage(coded_info(info_of(PixelFormat::jpeg).fourcc, jpeg.size()));
  stage.bytes = jpeg;
  const auto usual = stage.waiting_viewer();
  const auto other = stage.waiting_viewer();
  stage.next_frame();
  CHECK(stage.runner.waiting() == 0);
  REQUIRE(usual->pictures.size() == 1);
  CHECK(std::ranges::equal(usual->pictures[0]->bytes, jpeg));
  CHECK(usual->pictures[0] == other->pictures.at(0));
  CHECK(stage.counters.copies == 1);
  const auto choosy = stage.waiting_viewer(asked(10));
  stage.runner.run_all();
  REQUIRE(choosy->pictures.size() == 1);
  CHECK(choosy->pictures[0]->bytes.size() < jpeg.size());
  CHECK(stage.counters.encodes == 1);
}

TEST_CASE("bytes that only claim to be JPEG are told", "[sink][mjpeg]") {
  Staged stage(coded_info(info_of(PixelFormat::jpeg).fourcc, 100));
  stage.bytes.assign(100, std::byte{7});
  const auto viewer = stage.waiting_viewer();
  const auto choosy = stage.waiting_viewer(asked(10));
  stage.next_frame();
  stage.runner.run_all();
  CHECK(viewer->failures.size() == 1);
  CHECK(choosy->failures.size() == 1);
}

TEST_CASE("one who is due later is served later, even if no other frame comes", "[sink][mjpeg]") {
  Staged stage;
  const auto viewer = stage.waiting_viewer({}, 1);
  stage.next_frame();
  stage.runner.run_all();
  stage.store.wait(viewer);
  CHECK_FALSE(stage.check_at);
  stage.next_frame();
  stage.runner.run_all();
  REQUIRE(viewer->numbers == std::vector<std::uint64_t>{1});
  REQUIRE(stage.check_at);
  fake_now_ns = *stage.check_at;
  stage.store.check();
  stage.runner.run_all();
  CHECK(viewer->numbers == std::vector<std::uint64_t>{1, 2});
}

TEST_CASE("pictures and their memory are used again from frame to frame", "[sink][mjpeg]") {
  Staged stage;
  const auto viewer = stage.waiting_viewer();
  std::vector<const JpegPicture*> used;
  for (int i = 0; i < 20; ++i) {
    stage.next_frame();
    stage.runner.run_all();
    if (std::ranges::find(used, viewer->pictures.back().get()) == used.end()) {
      used.push_back(viewer->pictures.back().get());
    }
    viewer->pictures.clear();
    stage.store.wait(viewer);
  }
  CHECK(viewer->numbers.size() == 20);
  CHECK(used.size() <= 2);
}
