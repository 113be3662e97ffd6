// SPDX-License-Identifier: Apache-2.0
// Sources that do what a test tells them, and a session that is fed by them.
#pragma once

#include <condition_variable>
#include <cstring>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include "session/session.hpp"
#include "shmvideo/error.hpp"
#include "shmvideo/picture.hpp"
#include "shmvideo/reader.hpp"
#include "shmvideo/report.hpp"
#include "support/catch.hpp"
#include "support/temp_place.hpp"

namespace shmvideo_test {

using namespace shmvideo;
using namespace shmvideo::capture;
using namespace std::chrono_literals;
using source::FillStatus;
using source::WaitStatus;

/// What one wait() or the fill() after it does. Without a step a source waits for one.
enum class Step {
  frame,
  corrupt,
  larger,     // the frame is 640x480 from now on
  skip,       // three frames are left out before this one
  extradata,  // codec parameters come with this one
  end,
  lost,
  silent,     // `again` until it is interrupted, and after
  hang,       // wait() returns when the script lets it go
  hang_fill,  // the same of fill(), which writes to the slot then
};

/// How a source opens. Slow ends when it is interrupted, hang when the script lets it go.
enum class Opening { well, fail, slow, hang };

struct Life {
  std::deque<Step> steps;
  Opening opening = Opening::well;
  std::uint32_t width = 64;
};

/// Shared with the test, because the session owns the sources.
struct Script {
  std::mutex mutex;
  std::condition_variable changed;
  std::deque<Life> lives;  // of the sources to come; none left: opening fails
  std::deque<Step> steps;  // of the source that there is
  int made = 0;
  bool is_let_go = false;

  void add(Life life) {
    const std::lock_guard lock(mutex);
    lives.push_back(std::move(life));
  }
  void add_steps(const std::deque<Step>& more) {
    const std::lock_guard lock(mutex);
    steps.insert(steps.end(), more.begin(), more.end());
    changed.notify_all();
  }
  void let_go() {
    const std::lock_guard lock(mutex);
    is_let_go = true;
    changed.notify_all();
  }
};

class ScriptedSource final : public source::FrameSource {
 public:
  explicit ScriptedSource(Script& script) : script_(script) {
    const std::lock_guard lock(script_.mutex);
    ++script_.made;
    Life life;
    life.opening = Opening::fail;
    if (!script_.lives.empty()) {
      life = std::move(script_.lives.front());
      script_.lives.pop_front();
    }
    opening_ = life.opening;
    script_.steps = std::move(life.steps);
    describe(life.width, life.width * 3 / 4);
  }

  void open() override {
    std::unique_lock lock(script_.mutex);
    if (opening_ == Opening::fail) throw Error(ErrorCode::source_failed, "there is no script");
    if (opening_ == Opening::slow) script_.changed.wait(lock, [&] { return is_interrupted_; });
    if (opening_ == Opening::hang) script_.changed.wait(lock, [&] { return script_.is_let_go; });
    if (is_interrupted_) throw Error(ErrorCode::cancelled, "interrupted");
  }
  const source::SourceDescription& description() const noexcept override { return description_; }

  WaitStatus wait() noexcept override {
    std::unique_lock lock(script_.mutex);
    script_.changed.wait(lock, [&] { return is_interrupted_ || !script_.steps.empty(); });
    if (is_interrupted_) return WaitStatus::interrupted;
    step_ = script_.steps.front();
    if (step_ == Step::silent) {
      script_.changed.wait_for(lock, 5ms);
      return WaitStatus::again;
    }
    script_.steps.pop_front();
    switch (step_) {
      case Step::end:
        return WaitStatus::end;
      case Step::lost:
        return WaitStatus::lost;
      case Step::hang:
        script_.changed.wait(lock, [&] { return script_.is_let_go; });
        return is_interrupted_ ? WaitStatus::interrupted : WaitStatus::frame;
      case Step::skip:
        number_ += 3;
        skipped_ += 3;
        [[fallthrough]];
      default:
        ++number_;
        return WaitStatus::frame;
    }
  }

  FillStatus fill(std::span<std::byte> slot, FrameInfo& info) noexcept override {
    if (step_ == Step::corrupt) return FillStatus::corrupt;
    if (step_ == Step::larger || step_ == Step::extradata) {
      if (step_ == Step::larger) describe(640, 480);
      if (step_ == Step::extradata) description_.extradata = {std::byte{1}, std::byte{2}};
      step_ = Step::frame;
      return FillStatus::format_changed;
    }
    if (step_ == Step::hang_fill) {
      std::unique_lock lock(script_.mutex);
      script_.changed.wait(lock, [&] { return script_.is_let_go; });
    }
    const std::uint64_t number = info.number;
    info = packed_frame_info(PixelFormat::gray8, description_.stream.width, description_.stream.height);
    info.source_number = number_;
    std::memset(slot.data(), static_cast<int>(number), info.payload_bytes);
    return FillStatus::filled;
  }

  std::string loss() const override { return "the script says so"; }
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
  Opening opening_ = Opening::well;
  source::SourceDescription description_;
  Step step_ = Step::frame;
  std::uint64_t number_ = 0;
  std::uint64_t skipped_ = 0;
  bool is_interrupted_ = false;  // guarded by the script's mutex
};

inline bool eventually(const std::function<bool()>& condition) {
  const auto deadline = std::chrono::steady_clock::now() + 20s;
  while (!condition()) {
    if (std::chrono::steady_clock::now() > deadline) return false;
    std::this_thread::sleep_for(2ms);
  }
  return true;
}

/// Live and to be reopened, with pauses that no test need wait for and no stalls but those it asks for.
inline Supervision live(std::chrono::nanoseconds stall_timeout = 0ns) {
  Supervision how;
  how.device = "script";
  how.is_live = true;
  how.can_reopen = true;
  how.stall_timeout = stall_timeout;
  how.open_timeout = 2 * stall_timeout;
  how.pauses = {2ms, 20ms};
  return how;
}

struct Run {
  TempPlace place;
  SegmentName name{"session"};
  Script script;
  toolkit::Log log{"test", {.level = toolkit::LogLevel::error}};
  std::mutex mutex;
  std::condition_variable ended;
  int ends = 0;
  std::unique_ptr<CaptureSession> session;

  explicit Run(std::deque<Life> lives, const Supervision& supervision = {},
               std::optional<std::uint64_t> count = {}) {
    script.lives = std::move(lives);
    session = std::make_unique<CaptureSession>([this] { return std::make_unique<ScriptedSource>(script); },
                                               SessionConfig{name, {}, count, supervision}, log,
                                               [this] {
                                                 const std::lock_guard lock(mutex);
                                                 ++ends;
                                                 ended.notify_all();
                                               });
    session->start();
  }
  ~Run() { script.let_go(); }  // so that the session's thread can be joined

  void wait_for_end() {
    std::unique_lock lock(mutex);
    REQUIRE(ended.wait_for(lock, 20s, [this] { return ends > 0; }));
  }
  std::uint64_t published() const { return session->progress().writer.published; }
  bool has_published(std::uint64_t frames) const {
    return eventually([&] { return published() >= frames; });
  }
  bool has_segment() const { return !list_segments().empty(); }
  SegmentReport look() const { return report(list_segments().at(0)); }
  bool has_source_state(SourceState state) const {
    return eventually([&] { return has_segment() && look().source_state == state; });
  }
  std::unique_ptr<Reader> reader() const {
    ReaderOptions options;
    options.order = Order::in_order;
    options.start = Start::oldest;
    options.attach_timeout = 20s;
    return Reader::attach(name, options);
  }
  /// What ended the session badly.
  std::string failure() const {
    try {
      session->outcome();
      return "";
    } catch (const std::exception& error) {
      return error.what();
    }
  }
};

}  // namespace shmvideo_test
