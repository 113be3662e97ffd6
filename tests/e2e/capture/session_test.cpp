// SPDX-License-Identifier: Apache-2.0
// The session of shm-capture with a source that does what it is told.
#include "session.hpp"

#include <condition_variable>
#include <cstring>
#include <deque>
#include <filesystem>
#include <mutex>

#include "shmvideo/picture.hpp"
#include "shmvideo/reader.hpp"
#include "shmvideo/report.hpp"
#include "support/catch.hpp"
#include "support/temp_place.hpp"

using namespace shmvideo;
using namespace shmvideo::capture;
using namespace std::chrono_literals;
using source::FillStatus;
using source::WaitStatus;

namespace {

enum class Step { frame, corrupt, larger, skip, end, lost, hang };

/// Shared with the test, because the session owns the source.
struct Script {
  std::mutex mutex;
  std::condition_variable changed;
  std::deque<Step> steps;
  bool is_let_go = false;  // the hanging call returns
};

class ScriptedSource final : public source::FrameSource {
 public:
  explicit ScriptedSource(Script& script) : script_(script) { describe(64, 48); }
  void open() override {}
  const source::SourceDescription& description() const noexcept override { return description_; }

  WaitStatus wait() noexcept override {
    std::unique_lock lock(script_.mutex);
    script_.changed.wait(lock, [&] { return is_interrupted_ || !script_.steps.empty(); });
    if (script_.steps.empty()) return WaitStatus::interrupted;
    step_ = script_.steps.front();
    script_.steps.pop_front();
    switch (step_) {
      case Step::end:
        return WaitStatus::end;
      case Step::lost:
        return WaitStatus::lost;
      case Step::hang:
        script_.changed.wait(lock, [&] { return script_.is_let_go; });
        return WaitStatus::frame;
      case Step::skip:
        skipped_ += 3;
        [[fallthrough]];
      default:
        return WaitStatus::frame;
    }
  }

  FillStatus fill(std::span<std::byte> slot, FrameInfo& info) noexcept override {
    if (step_ == Step::corrupt) return FillStatus::corrupt;
    if (step_ == Step::larger) {
      step_ = Step::frame;
      describe(640, 480);
      return FillStatus::format_changed;
    }
    const std::uint64_t number = info.number;
    info = packed_frame_info(PixelFormat::gray8, description_.stream.width, description_.stream.height);
    std::memset(slot.data(), static_cast<int>(number), info.payload_bytes);
    return FillStatus::filled;
  }

  std::uint64_t skipped() const noexcept override { return skipped_; }
  void interrupt() noexcept override {
    const std::lock_guard lock(script_.mutex);
    is_interrupted_ = true;
    script_.changed.notify_all();
  }

 private:
  void describe(std::uint32_t width, std::uint32_t height) {
    const FrameInfo info = packed_frame_info(PixelFormat::gray8, width, height);
    description_.stream = {SHMV_KIND_RAW, info.fourcc, width, height, 0, 1};
    description_.payload_bytes = info.payload_bytes;
    description_.name = "script";
  }

  Script& script_;
  source::SourceDescription description_;
  Step step_ = Step::frame;
  std::uint64_t skipped_ = 0;
  bool is_interrupted_ = false;
};

struct Run {
  shmvideo_test::TempPlace place;
  SegmentName name{"session"};
  Script script;
  toolkit::Log log{"test", {.level = toolkit::LogLevel::error}};
  std::mutex mutex;
  std::condition_variable ended;
  bool is_over = false;
  std::unique_ptr<CaptureSession> session;

  explicit Run(std::deque<Step> steps, std::optional<std::uint64_t> count = {}) {
    script.steps = std::move(steps);
    session = std::make_unique<CaptureSession>(std::make_unique<ScriptedSource>(script),
                                               SessionConfig{name, {}, count}, log, [this] {
                                                 const std::lock_guard lock(mutex);
                                                 is_over = true;
                                                 ended.notify_all();
                                               });
    session->start();
  }
  void wait_for_end() {
    std::unique_lock lock(mutex);
    REQUIRE(ended.wait_for(lock, 20s, [this] { return is_over; }));
  }
  bool has_segment() const { return !list_segments().empty(); }
};

bool eventually(const std::function<bool()>& condition) {
  const auto deadline = std::chrono::steady_clock::now() + 20s;
  while (!condition()) {
    if (std::chrono::steady_clock::now() > deadline) return false;
    std::this_thread::sleep_for(2ms);
  }
  return true;
}

}  // namespace

TEST_CASE("a session counts what is published, corrupt and skipped") {
  Run run({Step::frame, Step::corrupt, Step::skip, Step::frame, Step::end});
  run.wait_for_end();
  CHECK(run.session->stop());
  CHECK(run.session->outcome() == Outcome::ended);
  const Progress progress = run.session->progress();
  CHECK(progress.captured == 7);
  CHECK(progress.writer.published == 3);
  CHECK(progress.writer.dropped[SHMV_DROP_CORRUPT] == 1);
  CHECK(progress.writer.dropped[SHMV_DROP_LATE] == 3);
  CHECK(describe(progress, {}, 1s) == "captured 7 (7.0/s), published 3, dropped 4 (corrupt 1, late 3)");
  CHECK_FALSE(run.has_segment());
}

TEST_CASE("a frame of another size comes in a new generation, under the next number") {
  Run run({Step::frame, Step::frame});
  ReaderOptions options;
  options.order = Order::in_order;
  options.start = Start::oldest;
  options.attach_timeout = 20s;
  const auto reader = Reader::attach(run.name, options);
  Frame frame;
  for (std::uint64_t number = 1; number <= 2; ++number) {
    REQUIRE(reader->next(frame, 20s) == ReadStatus::frame);
    CHECK(frame.info().number == number);
    CHECK(frame.info().width == 64);
  }
  {
    const std::lock_guard lock(run.script.mutex);
    run.script.steps = {Step::larger, Step::frame};
    run.script.changed.notify_all();
  }
  for (std::uint64_t number = 3; number <= 4; ++number) {
    REQUIRE(reader->next(frame, 20s) == ReadStatus::frame);
    CHECK(frame.info().number == number);
    CHECK(frame.info().width == 640);
    CHECK(frame.bytes()[0] == static_cast<std::byte>(number));
  }
  CHECK(frame.info().generation == 2);
  frame.release();
  CHECK(run.session->stop());
  CHECK(run.session->outcome() == Outcome::stopped);
}

TEST_CASE("a session ends by itself after its count, and when its source is lost") {
  Run counted({Step::frame, Step::frame, Step::frame}, 2);
  counted.wait_for_end();
  CHECK(counted.session->stop());
  CHECK(counted.session->outcome() == Outcome::counted);
  CHECK(counted.session->progress().writer.published == 2);
  Run lost({Step::frame, Step::lost});
  lost.wait_for_end();
  CHECK(lost.session->stop());
  CHECK(lost.session->outcome() == Outcome::lost);
}

TEST_CASE("what ends a session badly is thrown to whoever asks") {
  Run first({Step::frame});
  REQUIRE(eventually([&] { return first.session->started_at().has_value(); }));
  std::optional<CaptureSession> second;
  Script script;
  second.emplace(std::make_unique<ScriptedSource>(script), SessionConfig{first.name, {}, {}}, first.log,
                 [] {});
  second->start();
  REQUIRE(eventually([&] {
    try {
      second->outcome();
      return false;
    } catch (const Error& error) {
      return error.code() == ErrorCode::writer_exists;
    }
  }));
  CHECK(second->stop());
  CHECK(first.session->stop());
}

TEST_CASE("a source that hangs keeps neither the segment nor the one who stops") {
  Run run({Step::frame, Step::hang});
  REQUIRE(eventually([&] { return run.session->progress().writer.published == 1; }));
  CHECK(run.has_segment());
  CHECK_FALSE(run.session->stop());
  CHECK_FALSE(run.has_segment());
  {
    const std::lock_guard lock(run.script.mutex);
    run.script.is_let_go = true;
    run.script.changed.notify_all();
  }
  run.wait_for_end();  // what comes late finds the gate shut
  CHECK(run.session->progress().writer.published == 1);
}
