// SPDX-License-Identifier: Apache-2.0
#include "reader_pass.hpp"

#include <cstdio>
#include <cstdlib>
#include <memory>
#include <vector>

#include "reader_scene.hpp"
#include "shmvideo/picture.hpp"
#include "shmvideo/reader.hpp"
#include "shmvideo/report.hpp"

namespace shmvideo_test {
namespace {

using namespace shmvideo;

constexpr int kCallsMax = 64;
constexpr int kSleepsMax = 2;  // of a millisecond each

void demand(bool is_so, const char* what) {
  if (is_so) return;
  std::fprintf(stderr, "not so: %s\n", what);
  std::abort();
}

const SegmentName& name() {
  static const SegmentName once("fuzz");
  return once;
}

/// Somewhere to put what was read, or nothing would have to be read.
volatile std::uint64_t sink;

void look_at(const FrameInfo& info, std::span<const std::byte> bytes) {
  std::uint64_t sum = 0;
  demand(bytes.size() == info.payload_bytes, "a frame has the bytes that its description says");
  for (const std::byte byte : bytes) sum += static_cast<std::uint64_t>(byte);
  if (const auto picture = as_picture(info, bytes)) {
    demand(picture->plane[0] >= bytes.data() && picture->plane[0] < bytes.data() + bytes.size(),
           "a plane lies in its frame");
    sum += static_cast<std::uint64_t>(*picture->plane[0]);
  }
  sink = sum;
}

ReaderOptions chosen_options(Choices& choices) {
  const std::uint8_t first = choices.byte();
  const std::uint8_t second = choices.byte();
  ReaderOptions options;
  options.grade = static_cast<Grade>(1 + first % 3);
  options.order = first & 4 ? Order::in_order : Order::newest;
  options.start = static_cast<Start>(first / 8 % 4);
  options.present = (first & 32) == 0;
  options.follow = (first & 64) == 0;
  options.program = std::string(second % 40, 'x');
  return options;
}

/// One reader's life.
class Life {
 public:
  Life(Choices& choices, ReaderScene& scene) : choices_(choices), scene_(scene) {
    for (std::uint32_t i = choices.below(4); i > 0; --i) scene.spoil_readers_file();
    const ReaderOptions options = chosen_options(choices);
    scene.lie_in_wait();
    reader_ = Reader::attach(name(), options);
    scene.end_call();
  }

  void one_call() {
    const std::uint8_t what = choices_.byte();
    if (what & 0x80) scene_.lie_in_wait();
    call(what & 0x7f);
    scene_.end_call();
  }

  std::size_t frames() const { return frames_; }

 private:
  void call(std::uint8_t what) {
    switch (what % 12) {
      case 0:
      case 1:
        return next(std::chrono::nanoseconds(0));
      case 2:
        if (sleeps_++ < kSleepsMax) next(std::chrono::milliseconds(1));
        return;
      case 3:
        return read_copy();
      case 4:
        demand(reader_->extradata().size() <= SHMV_EXTRADATA_CAPACITY_BYTES, "parameters fit their place");
        return;
      case 5:
        return ask();
      case 6:
        return look_from_outside();
      case 7:
        return check_kept();
      case 8:
        return scene_.publish();
      case 9:
        return scene_.change_fate();
      case 10:
        return what > 60 ? scene_.replace() : scene_.spoil_readers_file();
      default:
        return scene_.spoil();
    }
  }

  void next(std::chrono::nanoseconds timeout) {
    if (reader_->next(frame_, timeout) != ReadStatus::frame) return;
    ++frames_;
    demand(frame_.info().number != 0 && frame_.info().number <= SHMV_FRAME_NUMBER_MAX,
           "a frame has a number");
    look_at(frame_.info(), frame_.bytes());
    sink = frame_.valid();
    if (choices_.below(4) == 0) kept_ = std::move(frame_);  // outlives generations
  }

  void read_copy() {
    FrameInfo info;
    if (reader_->read_copy(copy_, info, std::chrono::nanoseconds(0)) != ReadStatus::frame) return;
    ++frames_;
    look_at(info, copy_);
  }

  void ask() {
    sink = static_cast<std::uint64_t>(reader_->state()) + reader_->source_state() + reader_->generation() +
           reader_->statistics().missed + reader_->stream().width + reader_->request_key();
    reader_->interrupt();
  }

  void look_from_outside() {
    try {
      const SegmentReport seen = report(name());
      demand(seen.slots.size() <= SHMV_INDEX_MAX, "there are no more frames than the index has room for");
      for (const auto& slot : seen.slots)
        demand(slot.info.number <= seen.latest, "no frame is newer than the newest");
    } catch (const Error&) {
      // What was wrong with it does not matter here.
    }
  }

  void check_kept() {
    if (!kept_) return;
    look_at(kept_.info(), kept_.bytes());
    sink = kept_.valid();
    if (choices_.below(2)) kept_.release();
  }

  Choices& choices_;
  ReaderScene& scene_;
  std::unique_ptr<Reader> reader_;
  Frame frame_;
  Frame kept_;
  std::vector<std::byte> copy_;
  std::size_t frames_ = 0;
  int sleeps_ = 0;
};

}  // namespace

std::size_t reader_pass(std::span<const std::uint8_t> bytes) {
  Choices choices(bytes);
  ReaderScene scene(choices);
  try {
    Life life(choices, scene);
    for (int call = 0; call < kCallsMax && !choices.is_used_up(); ++call) life.one_call();
    return life.frames();
  } catch (const Error&) {
    return 0;  // a segment that could not be attached to
  }
}

}  // namespace shmvideo_test
