// SPDX-License-Identifier: Apache-2.0
#include "sink/mjpeg/pictures/frame_feed.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <utility>

#include "segment/clock.hpp"
#include "sink/live_writer.hpp"

namespace shmvideo::sink {
namespace {

using namespace std::chrono_literals;

/// How often a name that is not there is looked for.
constexpr auto kRetryInterval = 250ms;
/// How long to stay attached when the last viewer has gone: they come in bursts and reload pages.
constexpr auto kLinger = 5s;
/// How often to look whether a writer that lives has become quiet, and to show for how long.
constexpr auto kLookInterval = 500ms;
constexpr auto kStillInterval = 1s;
constexpr std::uint64_t kOldestCredibleNs = 1'000'000'000;

/// The capture time, if it can be: it comes from another process, and viewers are paced by it.
std::uint64_t credible_capture_ns(const FrameInfo& info) noexcept {
  const std::uint64_t now = monotonic_ns();
  return std::clamp(info.capture_monotonic_ns, now - std::min(now, kOldestCredibleNs), now);
}

}  // namespace

FrameFeed::Demand::Demand(FrameFeed& feed) : feed_(&feed) {
  if (feed_->demands_++ == 0) feed_->begin();
}

FrameFeed::Demand& FrameFeed::Demand::operator=(Demand&& other) noexcept {
  std::swap(feed_, other.feed_);
  return *this;
}

FrameFeed::Demand::~Demand() {
  if (feed_ && --feed_->demands_ == 0) feed_->end_if_unwanted();
}

FrameFeed::FrameFeed(boost::asio::io_context& loop, TaskRunner& runner, Options options, EventLog log,
                     OnFrame on_frame)
    : options_(std::move(options)),
      log_(std::move(log)),
      on_frame_(std::move(on_frame)),
      event_(loop),
      retry_(loop),
      linger_(loop),
      quiet_(loop),
      still_maker_(runner, [this](std::shared_ptr<const KeptFrame> kept) {
        release_unused();
        // Frames may have come meanwhile.
        if (!loss_) return;
        kept_ = std::move(kept);
        kept_ ? show_still() : show_nothing();
        await_quiet();  // the next still comes a whole second after this one
        let_go();
      }) {}

void FrameFeed::begin() {
  linger_.cancel();
  if (options_.on_wanted && !is_stopped_) options_.on_wanted(true);
  if (!reader_ && !is_stopped_) attach();
}

void FrameFeed::end_if_unwanted() {
  if (is_stopped_) return;
  linger_.expires_after(kLinger);
  linger_.async_wait([this](const boost::system::error_code& error) {
    if (!error && demands_ == 0) detach();
  });
}

void FrameFeed::attach() {
  ReaderOptions reader_options;
  reader_options.program = options_.program;
  reader_options.guard = options_.guard;
  try {
    reader_ = Reader::attach(options_.name, reader_options);
    const int duplicate = ::fcntl(reader_->event_fd(), F_DUPFD_CLOEXEC, 0);
    if (duplicate < 0) throw Error(ErrorCode::system, "cannot duplicate a descriptor", errno);
    event_.assign(duplicate);
  } catch (const Error& error) {
    reader_.reset();
    // Once for each reason, not four times a second.
    if (attach_error_ != error.what())
      log_(EventLevel::info, std::string("waiting for frames: ") + error.what());
    attach_error_ = error.what();
    return retry_later();
  }
  attach_error_.clear();
  log_(EventLevel::info, "reading " + options_.name.str());
  await_event();
  await_quiet();
  drain();
}

void FrameFeed::retry_later() {
  retry_.expires_after(kRetryInterval);
  retry_.async_wait([this](const boost::system::error_code& error) {
    if (!error && demands_ > 0 && !reader_ && !is_stopped_) attach();
  });
}

void FrameFeed::detach() {
  retry_.cancel();
  quiet_.cancel();
  event_.close();
  still_maker_.forget();
  loss_.reset();
  kept_.reset();
  last_frame_ns_ = 0;
  newest_.drop();
  frames_.clear();
  on_frame_(newest_);
  if (reader_) log_(EventLevel::info, "nobody is watching " + options_.name.str());
  reader_.reset();
  if (options_.on_wanted) options_.on_wanted(false);
}

void FrameFeed::stop() {
  is_stopped_ = true;
  linger_.cancel();
  detach();
}

void FrameFeed::await_event() {
  event_.async_wait(
      boost::asio::posix::stream_descriptor::wait_read, [this](const boost::system::error_code& error) {
        if (error || !reader_) return;
        std::uint64_t count = 0;
        [[maybe_unused]] const auto ignored = ::read(event_.native_handle(), &count, sizeof count);
        drain();
        if (reader_) await_event();
      });
}

void FrameFeed::drain() {
  bool has_new_frame = false;
  ReadStatus status = ReadStatus::frame;
  while (status == ReadStatus::frame) {
    auto frame = free_frame();
    status = reader_->next(*frame, 0ns);
    if (status != ReadStatus::frame) break;
    newest_ = {frame, ++serial_, credible_capture_ns(frame->info()), nullptr};
    has_new_frame = true;
  }
  if (has_new_frame) {
    last_info_ = newest_.frame->info();
    last_frame_ns_ = monotonic_ns();
    if (std::exchange(loss_, std::nullopt)) log_(EventLevel::info, options_.name.str() + " has frames again");
    still_maker_.forget();
    kept_.reset();
    on_frame_(newest_);
  }
  release_unused();
  if (status == ReadStatus::writer_gone || status == ReadStatus::closed) look_for_loss();
}

void FrameFeed::await_quiet() {
  quiet_.expires_after(loss_ ? kStillInterval : kLookInterval);
  quiet_.async_wait([this](const boost::system::error_code& error) {
    if (error) return;
    if (reader_) drain();  // one who was replaced looks like one who stopped, until its successor is found
    if (reader_) look_for_loss();
    if (loss_ && kept_) show_still();
    await_quiet();
  });
}

void FrameFeed::look_for_loss() {
  if (last_frame_ns_ == 0) return;  // what never was is not lost
  const auto reason =
      reason_of_loss(reader_->state(), reader_->source_state(), age_ns(monotonic_ns(), last_frame_ns_));
  if (reason && (!loss_ || loss_->reason != *reason)) lose(*reason);
}

void FrameFeed::lose(std::string_view reason) {
  log_(EventLevel::warn,
       fmt::format("no frames of {}: {}; waiting for the next", options_.name.str(), reason));
  const bool was_lost = loss_.has_value();
  loss_ = Loss{last_info_.capture_realtime_ns, last_frame_ns_, reason};
  if (was_lost && newest_.still) return;  // the next one tells the new reason
  if (shows_stills_ && newest_.frame) return still_maker_.make(newest_.frame);
  if (!has_writer()) show_nothing();
}

void FrameFeed::show_still() {
  auto still = std::make_shared<Still>(Still{kept_, words_of(*loss_, monotonic_ns())});
  newest_ = {nullptr, ++serial_, monotonic_ns(), std::move(still)};
  on_frame_(newest_);
  release_unused();
}

/// The frame may not be shown as the newest any more, and a dead segment's memory would stay in use for it.
void FrameFeed::show_nothing() {
  if (!newest_.is_there()) return;
  newest_.drop();
  on_frame_(newest_);
  release_unused();
  let_go();
}

/// The memory of a segment that its writer has removed is there for its last reader alone: that is given
/// back, and the next segment looked for under the name.
void FrameFeed::let_go() {
  if (!reader_ || reader_->state() != SegmentState::closed) return;
  event_.close();
  frames_.clear();
  reader_.reset();
  attach_error_ = fmt::format("the writer of '{}' has stopped", options_.name.str());
  retry_later();
}

/// A frame object that no task works on. There are as many as frames are looked at at the same time.
std::shared_ptr<Frame> FrameFeed::free_frame() {
  const auto found = std::ranges::find_if(frames_, [](const auto& frame) { return frame.use_count() == 1; });
  return found != frames_.end() ? *found : frames_.emplace_back(std::make_shared<Frame>());
}

/// Ends the holds on older frames. One that is being encoded is held until the next frame comes.
void FrameFeed::release_unused() {
  for (const auto& frame : frames_) {
    if (frame.use_count() == 1) frame->release();
  }
}

bool FrameFeed::has_writer() const noexcept {
  return reader_ && sink::has_writer(reader_->state());
}

std::string FrameFeed::why_no_writer() const {
  if (!reader_) return attach_error_;
  return reader_->state() == SegmentState::closed ? "the writer of '" + options_.name.str() + "' has stopped"
                                                  : "the writer of '" + options_.name.str() + "' died";
}

}  // namespace shmvideo::sink
