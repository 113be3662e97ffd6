// SPDX-License-Identifier: Apache-2.0
#include "source/libav/playback.hpp"

#include <fmt/format.h>

extern "C" {
#include <libavutil/mathematics.h>
}

namespace shmvideo::source::media {
namespace {

constexpr std::int64_t kSecondNs = 1'000'000'000;
constexpr std::int64_t kMicrosecondNs = 1000;
constexpr FrameRate kRateWhenUnknown{25, 1};

PaceRule rule_for(const MediaOptions& options, const MediaFacts& facts) {
  if (options.is_fast || facts.is_live) return PaceRule::none;
  if (facts.is_recorded) return PaceRule::play;
  // A pipe: as it comes, or held back to what was asked for.
  return options.rate.numerator > 0 ? PaceRule::not_before : PaceRule::none;
}

}  // namespace

Playback::Playback(const MediaOptions& options) : options_(options), reader_(options) {}

void Playback::open() {
  reader_.open();
  FrameRate rate = is_fixed_rate() ? options_.rate : facts().rate;
  if (rate.numerator == 0) rate = kRateWhenUnknown;
  timeline_.emplace(rate, is_fixed_rate());
  pacing_.emplace(rule_for(options_, facts()), timeline_->interval_ns(), clock_);
}

FrameRate Playback::described_rate() const noexcept {
  if (options_.is_fast) return {0, 1};
  if (is_fixed_rate()) return options_.rate;
  return facts().rate.numerator == 0 && facts().is_recorded ? kRateWhenUnknown : facts().rate;
}

std::vector<std::string> Playback::notes() const {
  std::vector<std::string> notes;
  if (facts().is_live && options_.rate.numerator > 0) {
    notes.emplace_back("it comes live and sets its own pace: the rate that was asked for is not used");
  }
  if (options_.is_looping && !facts().can_rewind) {
    notes.emplace_back("it cannot be started over at its end");
  }
  if (facts().rotation_degrees != 0) {
    notes.push_back(fmt::format("it asks to be turned by {} degrees, and is published as it is stored",
                                facts().rotation_degrees));
  }
  return notes;
}

/// Guessed ones say less than the arrival, where there is one that means anything.
bool Playback::uses_stamps() const noexcept {
  return !is_fixed_rate() && first_stamp_ && (facts().has_own_times || facts().is_recorded);
}

std::optional<std::int64_t> Playback::stamp_ns(const Stamps& stamps) const noexcept {
  if (!uses_stamps()) return facts().is_recorded ? std::nullopt : std::optional(stamps.arrival_ns);
  if (!stamps.due) return std::nullopt;
  return av_rescale(*stamps.due, facts().timebase_numerator * kSecondNs, facts().timebase_denominator);
}

bool Playback::next(const Stamps& stamps) noexcept {
  if (number_ == 0) first_stamp_ = stamps.due;
  current_ = stamps;
  number_ += 1 + stamps.dropped_before;
  skipped_ += stamps.dropped_before;
  media_ns_ = timeline_->advance(stamp_ns(stamps), stamps.is_first_of_pass);
  is_cut_ = timeline_->is_discontinuous() || stamps.dropped_before > 0;
  return pacing_->next(media_ns_);
}

/// Where frames get another rate than their own, they are shown as many frames later as before.
std::int64_t Playback::frames_until_shown() const noexcept {
  const FrameRate rate = facts().rate;
  if (rate.numerator == 0 || current_.until_shown == 0) return 0;
  return av_rescale(current_.until_shown, std::int64_t{facts().timebase_numerator} * rate.numerator,
                    std::int64_t{facts().timebase_denominator} * rate.denominator);
}

void Playback::describe(FrameInfo& info) noexcept {
  const bool has_time_to_come = facts().is_recorded && !options_.is_fast;
  const std::int64_t captured_ns =
      facts().is_recorded ? (has_time_to_come ? pacing_->due_ns() : clock_.now_ns()) : current_.arrival_ns;
  info.capture_monotonic_ns = static_cast<std::uint64_t>(captured_ns);
  info.source_number = number_;
  if (is_cut_) info.flags |= SHMV_FRAME_DISCONTINUITY;
  if (uses_stamps()) {
    info.timebase_numerator = facts().timebase_numerator;
    info.timebase_denominator = facts().timebase_denominator;
    const std::int64_t tick_ns = info.timebase_numerator * kSecondNs;
    info.dts = *first_stamp_ + av_rescale(media_ns_, info.timebase_denominator, tick_ns);
    info.duration = current_.duration > 0
                        ? current_.duration
                        : av_rescale(timeline_->interval_ns(), info.timebase_denominator, tick_ns);
    info.pts = info.dts + current_.until_shown;
  } else {
    info.timebase_numerator = 1;
    info.timebase_denominator = 1'000'000;
    info.dts = media_ns_ / kMicrosecondNs;
    info.duration = timeline_->interval_ns() / kMicrosecondNs;
    info.pts = info.dts + av_rescale(frames_until_shown(), timeline_->interval_ns(), kMicrosecondNs);
  }
}

void Playback::interrupt() noexcept {
  reader_.interrupt();
  clock_.interrupt();
}

}  // namespace shmvideo::source::media
