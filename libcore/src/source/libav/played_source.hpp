// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>

#include "shmvideo/error.hpp"
#include "source/frame_source.hpp"
#include "source/libav/location.hpp"
#include "source/libav/media_source.hpp"
#include "source/libav/playback.hpp"
#include "source/stopwatch.hpp"

namespace shmvideo::source::media {

/// What decoding a medium and passing it on have in common: when its frames are announced.
/// An `Item` is what becomes a frame; it has `stamps`.
template <typename Item>
class PlayedSource : public FrameSource {
 public:
  const SourceDescription& description() const noexcept override { return description_; }
  WaitStatus wait() noexcept override;
  std::optional<std::uint64_t> read_ns() const noexcept override { return current_.stamps.read_ns; }
  std::string loss() const override { return loss_; }
  std::uint64_t skipped() const noexcept override { return playback_.skipped(); }
  void interrupt() noexcept override { playback_.interrupt(); }

 protected:
  /// wait() says `again` at least once a second.
  static constexpr std::int64_t kWaitNs = 500'000'000;

  explicit PlayedSource(const MediaOptions& options) : options_(options), playback_(options) {}

  /// The next item (`frame`), or why there is none.
  virtual WaitStatus fetch(Item& into, std::int64_t deadline_ns) noexcept = 0;
  /// Whether the current item may be left out to keep pace.
  virtual bool is_dispensable() const noexcept { return true; }

  /// For open(): fetches the first item that `suits`. Those before it are left out, `left_out_max` at most.
  /// Throws Error: "sends no `what`", "has no `what`".
  template <typename Suits>
  void find_first(const std::string& what, std::uint64_t left_out_max, Suits suits);
  /// An error sentence about the medium, whoever found it.
  [[noreturn]] void refuse(const std::string& what) const {
    throw Error(ErrorCode::source_failed, "'" + shown_location(options_.location) + "' " + what);
  }

  const MediaOptions options_;
  Playback playback_;
  SourceDescription description_;
  std::string loss_;
  Stopwatch reading_;
  Item current_;  // the one that is next, or that was announced
  Item ahead_;    // the one after it; after find_first() the first
  bool is_last_ = false;
  bool begins_pass_ = false;  // the next one that is fetched

 private:
  WaitStatus advance(std::int64_t deadline_ns) noexcept;

  bool has_current_ = false;
  bool has_ahead_ = false;
  bool is_late_ = false;  // the current one
};

template <typename Item>
template <typename Suits>
void PlayedSource<Item>::find_first(const std::string& what, std::uint64_t left_out_max, Suits suits) {
  std::uint64_t left_out = 0;
  while (left_out < left_out_max) {
    switch (fetch(ahead_, playback_.now_ns() + kWaitNs)) {
      case WaitStatus::again:
        continue;
      case WaitStatus::interrupted:
        throw Error(ErrorCode::cancelled, "interrupted while the source was opened");
      case WaitStatus::lost:
        refuse("sends no " + what + ": " + loss_);
      case WaitStatus::end:
        left_out = left_out_max;
        continue;
      case WaitStatus::frame:
        break;
    }
    left_out += ahead_.stamps.dropped_before;
    if (suits(ahead_)) {
      ahead_.stamps.dropped_before = left_out;
      has_ahead_ = true;
      return;
    }
    ++left_out;
  }
  refuse("has no " + what);
}

/// Goes to the next item. What is recorded is fetched one item ahead: it is ready when its time comes, and
/// the last one is known to be the last.
template <typename Item>
WaitStatus PlayedSource<Item>::advance(std::int64_t deadline_ns) noexcept {
  if (std::exchange(has_ahead_, false)) {
    std::swap(current_, ahead_);
  } else if (const WaitStatus status = fetch(current_, deadline_ns); status != WaitStatus::frame) {
    return status;
  }
  is_late_ = playback_.next(current_.stamps) && is_dispensable();
  is_last_ = false;
  if (playback_.facts().is_recorded) {
    const WaitStatus status = fetch(ahead_, deadline_ns);
    has_ahead_ = status == WaitStatus::frame;
    is_last_ = status == WaitStatus::end;
  }
  return WaitStatus::frame;
}

template <typename Item>
WaitStatus PlayedSource<Item>::wait() noexcept {
  const std::int64_t deadline_ns = playback_.now_ns() + kWaitNs;
  while (!has_current_ || (is_late_ && !is_last_)) {
    if (std::exchange(has_current_, false)) playback_.skip();
    if (const WaitStatus status = advance(deadline_ns); status != WaitStatus::frame) return status;
    has_current_ = true;
    if (is_late_ && playback_.now_ns() > deadline_ns) return WaitStatus::again;
  }
  switch (playback_.sleep(deadline_ns)) {
    case Pacing::Sleep::again:
      return WaitStatus::again;
    case Pacing::Sleep::interrupted:
      return WaitStatus::interrupted;
    case Pacing::Sleep::due:
      break;
  }
  has_current_ = false;
  return WaitStatus::frame;
}

}  // namespace shmvideo::source::media
