// SPDX-License-Identifier: Apache-2.0
// Frames that are encoded beside each other, and that no frame is encoded twice.
#include <algorithm>
#include <map>
#include <random>
#include <utility>

#include "staged_store.hpp"

using namespace shmvideo_test;

TEST_CASE("the next frame is begun while the one before is still in work, and both are seen",
          "[sink][mjpeg]") {
  Staged stage;
  const auto viewer = stage.waiting_viewer();
  stage.next_frame(16'666'667);
  REQUIRE(stage.runner.begin());
  stage.next_frame(16'666'667);
  REQUIRE(stage.runner.waiting() == 1);
  REQUIRE(stage.runner.begin());
  stage.next_frame(16'666'667);
  CHECK(stage.runner.waiting() == 0);  // not a third
  stage.runner.end();
  CHECK(viewer->numbers == std::vector<std::uint64_t>{1});
  stage.store.wait(viewer);
  stage.runner.end();
  CHECK(viewer->numbers == std::vector<std::uint64_t>{1, 2});
  stage.store.wait(viewer);
  stage.runner.run_all();
  CHECK(viewer->numbers == std::vector<std::uint64_t>{1, 2, 3});
  CHECK(stage.counters.encodes == 3);
}

TEST_CASE("a picture that is overtaken by a newer one is left out", "[sink][mjpeg]") {
  Staged stage;
  const auto viewer = stage.waiting_viewer();
  stage.next_frame();
  REQUIRE(stage.runner.begin());
  stage.next_frame();
  REQUIRE(stage.runner.begin());
  stage.runner.end(1);
  CHECK(viewer->numbers == std::vector<std::uint64_t>{2});
  stage.store.wait(viewer);
  stage.runner.end();
  CHECK(viewer->numbers == std::vector<std::uint64_t>{2});
  CHECK(stage.waiting_viewer()->numbers == std::vector<std::uint64_t>{2});  // nor for one who had neither
  stage.next_frame();
  stage.runner.run_all();
  CHECK(viewer->numbers == std::vector<std::uint64_t>{2, 3});
}

TEST_CASE("nothing is begun ahead for viewers who will not be due", "[sink][mjpeg]") {
  Staged stage;
  const auto viewer = stage.waiting_viewer({}, 30);
  stage.next_frame(16'666'667);
  REQUIRE(stage.runner.begin());
  stage.next_frame(16'666'667);  // half an interval of theirs later
  CHECK(stage.runner.waiting() == 0);
  stage.next_frame(16'666'667);
  CHECK(stage.runner.waiting() == 1);
  stage.runner.end();
  stage.store.wait(viewer);
  stage.runner.run_all();
  CHECK(viewer->numbers == std::vector<std::uint64_t>{1, 3});
  CHECK(stage.counters.encodes == 2);
}

TEST_CASE("a frame that was begun ahead is not begun for those who left", "[sink][mjpeg]") {
  Staged stage;
  const auto viewer = stage.waiting_viewer();
  stage.next_frame();
  REQUIRE(stage.runner.begin());
  stage.next_frame();
  stage.store.cancel(*viewer);
  CHECK_FALSE(stage.runner.begin());
  stage.runner.end();
  CHECK(stage.counters.encodes == 1);
  CHECK(viewer->pictures.empty());
}

TEST_CASE("no frame is encoded twice in one form, whoever comes and goes when", "[sink][mjpeg]") {
  Staged stage;
  std::minstd_rand random(7);
  std::vector<std::shared_ptr<FakeViewer>> viewers;
  for (int i = 0; i < 20; ++i)
    viewers.push_back(std::make_shared<FakeViewer>(asked(i % 2 == 0 ? 85 : 40), 60));
  std::vector<bool> waits(viewers.size(), false);
  std::size_t in_work = 0;
  for (int step = 0; step < 20'000; ++step) {
    switch (random() % 5) {
      case 0:
        stage.next_frame(16'666'667);
        break;
      case 1:
        if (stage.runner.waiting() > 0 && in_work < 3) in_work += stage.runner.begin() ? 1 : 0;
        break;
      case 2:
        if (in_work > 0) stage.runner.end(random() % in_work--);
        break;
      default: {
        const std::size_t i = random() % viewers.size();
        waits[i] = waits[i] && viewers[i]->pictures.empty();
        viewers[i]->pictures.clear();
        if (!waits[i]) stage.store.wait(viewers[i]);
        waits[i] = true;
      }
    }
  }
  while (in_work > 0) stage.runner.end(--in_work);
  stage.runner.run_all();
  std::map<std::pair<std::size_t, std::uint64_t>, std::uint64_t> begun;  // by form and frame
  for (std::size_t i = 0; i < viewers.size(); ++i) {
    const FakeViewer& viewer = *viewers[i];
    CHECK(std::ranges::is_sorted(viewer.numbers, std::ranges::less_equal()));
    CHECK(viewer.numbers.size() > 100);
    for (std::size_t k = 0; k < viewer.numbers.size(); ++k) {
      const auto [known, is_new] = begun.try_emplace({i % 2, viewer.numbers[k]}, viewer.begun[k]);
      REQUIRE(known->second == viewer.begun[k]);
    }
  }
  CHECK(stage.counters.encodes + stage.counters.revoked <= 2 * stage.serial);
}

TEST_CASE("what was handed out again is counted, and where the time went", "[sink][mjpeg]") {
  Staged stage;
  std::vector<std::shared_ptr<FakeViewer>> viewers;
  for (int i = 0; i < 5; ++i) viewers.push_back(stage.waiting_viewer());
  stage.next_frame();
  fake_now_ns += 3'000'000;
  stage.runner.run_all();
  CHECK(stage.counters.frames_received == 1);
  CHECK(stage.counters.deliveries == 5);
  CHECK(stage.counters.cache_hits == 4);
  CHECK(stage.store.stages().capture_to_encode.count() == 1);
  CHECK(stage.store.stages().capture_to_encode.sum_ns() == 3'000'001);
  CHECK(stage.store.stages().encode.count() == 1);
}

TEST_CASE("each size is encoded once, and asked in two ways it is one size", "[sink][mjpeg]") {
  Staged stage(packed_frame_info(PixelFormat::gray8, 64, 48));
  const auto whole = stage.waiting_viewer();
  const auto too_large = stage.waiting_viewer({.width = 640});
  const auto by_width = stage.waiting_viewer({.width = 32});
  const auto by_height = stage.waiting_viewer({.height = 24});
  stage.next_frame();
  stage.runner.run_all();
  CHECK(stage.counters.encodes == 2);
  CHECK(whole->pictures.at(0) == too_large->pictures.at(0));
  CHECK(by_width->pictures.at(0) == by_height->pictures.at(0));
  const auto header = codec::JpegDecoder().probe(by_width->pictures.at(0)->bytes);
  REQUIRE(header);
  CHECK(header->width == 32);
  CHECK(header->height == 24);
}

TEST_CASE("a JPEG frame goes out as it is for those whose bounds it keeps, and smaller for others",
          "[sink][mjpeg]") {
  const auto jpeg = some_jpeg();
  Staged stage(coded_info(info_of(PixelFormat::jpeg).fourcc, jpeg.size()));
  stage.bytes = jpeg;
  const auto usual = stage.waiting_viewer({.width = 64, .height = 1000});
  const auto small = stage.waiting_viewer({.width = 16});
  stage.next_frame();
  stage.runner.run_all();
  REQUIRE(usual->pictures.size() == 1);
  CHECK(std::ranges::equal(usual->pictures[0]->bytes, jpeg));
  CHECK(stage.counters.copies == 1);
  REQUIRE(small->pictures.size() == 1);
  const auto header = codec::JpegDecoder().probe(small->pictures[0]->bytes);
  REQUIRE(header);
  CHECK(header->width == 16);
  CHECK(header->height == 12);
}
