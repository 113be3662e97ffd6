// SPDX-License-Identifier: Apache-2.0
// A RenditionStore behind a real segment, for tests that say themselves when something is encoded.
#pragma once

#include <algorithm>
#include <deque>
#include <optional>
#include <vector>

#include "codec/jpeg_decoder.hpp"
#include "shmvideo/picture.hpp"
#include "shmvideo/reader.hpp"
#include "shmvideo/writer.hpp"
#include "sink/mjpeg/pictures/rendition_store.hpp"
#include "support/catch.hpp"
#include "support/temp_place.hpp"

namespace shmvideo_test {

using namespace shmvideo;
using namespace shmvideo::sink;
using namespace std::chrono_literals;

inline std::uint64_t fake_now_ns = 0;
inline std::uint64_t fake_clock() noexcept { return fake_now_ns; }

/// Encodes when the test says so.
class ManualRunner final : public TaskRunner {
 public:
  void submit(EncodeTask& task) override { tasks_.push_back(&task); }
  std::size_t waiting() const { return tasks_.size(); }
  /// Begins the oldest task; false if it had nothing to do.
  bool begin() {
    EncodeTask* task = tasks_.front();
    tasks_.pop_front();
    if (!task->prepare()) return false;
    working_.push_back(task);
    ++fake_now_ns;  // no two begin at the same time
    task->work(encoder_);
    return true;
  }
  /// Ends one that has begun: the oldest first.
  void end(std::size_t which = 0) {
    EncodeTask* task = working_.at(which);
    working_.erase(working_.begin() + static_cast<std::ptrdiff_t>(which));
    task->finish();
  }
  void run_all() {
    while (!tasks_.empty()) {
      if (begin()) end();
    }
  }

 private:
  std::deque<EncodeTask*> tasks_;
  std::vector<EncodeTask*> working_;
  FrameEncoder encoder_;
};

class FakeViewer final : public PictureWaiter {
 public:
  explicit FakeViewer(Rendition rendition = {}, int fps = 60) : PictureWaiter(rendition, Pacer(fps)) {}
  void picture_ready(const std::shared_ptr<const JpegPicture>& picture) override {
    pictures.push_back(picture);
    numbers.push_back(picture->info.number);
    begun.push_back(picture->encode_begin_ns);
  }
  void picture_failed(const std::string& reason) override { failures.push_back(reason); }
  std::vector<std::shared_ptr<const JpegPicture>> pictures;
  std::vector<std::uint64_t> numbers;
  std::vector<std::uint64_t> begun;  // when each of them was
  std::vector<std::string> failures;
};

inline Rendition asked(int quality) { return {.quality = quality, .is_quality_asked = true}; }

/// A segment with a writer, read by hand, in front of a store.
struct Staged {
  explicit Staged(FrameInfo frame_info = packed_frame_info(PixelFormat::gray8, 64, 48),
                  std::uint32_t slots = 6)
      : info(frame_info) {
    WriterOptions options;
    options.slots = slots;
    options.slot_capacity_bytes = 64 * 1024;
    writer = Writer::create(name, options);
    reader = Reader::attach(name);
    fake_now_ns = 1'000'000'000;
  }

  /// Publishes a frame and feeds it to the store, `later_ns` after the one before.
  void next_frame(std::uint64_t later_ns = 33'333'333) {
    fake_now_ns += later_ns;
    REQUIRE(writer->publish(info, payload(info)) == PublishStatus::published);
    auto frame = std::make_shared<Frame>();
    REQUIRE(reader->next(*frame, 1s) == ReadStatus::frame);
    store.feed({frame, ++serial, fake_now_ns});
  }

  std::vector<std::byte> payload(const FrameInfo& of) const {
    if (!bytes.empty()) return bytes;
    return std::vector<std::byte>(of.payload_bytes, std::byte{128});
  }

  std::shared_ptr<FakeViewer> waiting_viewer(Rendition rendition = {}, int fps = 60) {
    auto viewer = std::make_shared<FakeViewer>(rendition, fps);
    store.wait(viewer);
    return viewer;
  }

  shmvideo_test::TempPlace place;
  SegmentName name{"store"};
  FrameInfo info;
  std::vector<std::byte> bytes;
  std::unique_ptr<Writer> writer;
  std::unique_ptr<Reader> reader;
  ManualRunner runner;
  ServingCounters counters;
  std::optional<std::uint64_t> check_at;
  RenditionStore store{runner, counters, &fake_clock, [this](std::uint64_t at) { check_at = at; }};
  std::uint64_t serial = 0;
};

inline FrameInfo coded_info(std::uint32_t fourcc, std::size_t bytes) {
  FrameInfo info;
  info.fourcc = fourcc;
  info.width = 64;
  info.height = 48;
  info.payload_bytes = bytes;
  return info;
}

inline std::vector<std::byte> some_jpeg() {
  const auto info = packed_frame_info(PixelFormat::gray8, 64, 48);
  std::vector<std::byte> raw(info.payload_bytes);
  for (std::size_t i = 0; i < raw.size(); ++i) raw[i] = static_cast<std::byte>(i * i >> 5);
  codec::JpegEncoder encoder;
  codec::JpegBuffer buffer;
  REQUIRE(encoder.encode(*as_picture(info, std::span(raw)), 50, buffer));
  return {buffer.bytes().begin(), buffer.bytes().end()};
}

}  // namespace shmvideo_test
