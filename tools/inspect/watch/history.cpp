// SPDX-License-Identifier: Apache-2.0
#include "watch/history.hpp"

#include <algorithm>

namespace shmvideo::inspect {
namespace {

constexpr std::size_t kLooksKept = 512;  // more than any terminal is wide

}  // namespace

void History::add(const SegmentReport& report, std::uint64_t now_ns) {
  previous_ = std::move(report_);
  report_ = report;
  seconds_ = static_cast<double>(now_ns - last_look_ns_) / 1e9;
  last_look_ns_ = now_ns;
  rate_.reset();
  // Numbers go on across restarts; where they do not, it is another stream, and a rate means nothing.
  if (previous_ && seconds_ > 0 && report.latest >= previous_->latest) {
    rate_ = static_cast<double>(report.latest - previous_->latest) / seconds_;
  }
  append(rate_.value_or(rates_.empty() ? report.fps : 0),
         static_cast<double>(report.last_frame_age_ns) / 1e6);
}

void History::add_absent(std::uint64_t now_ns) {
  if (report_ || absent_since_ns_ == 0) absent_since_ns_ = now_ns;
  report_.reset();
  previous_.reset();
  rate_.reset();
  last_look_ns_ = now_ns;
  append(0, 0);
}

void History::append(double rate, double age_ms) {
  rates_.push_back(rate);
  ages_.push_back(age_ms);
  if (rates_.size() > kLooksKept) rates_.pop_front();
  if (ages_.size() > kLooksKept) ages_.pop_front();
}

std::optional<ReaderActivity> History::activity(const ReaderReport& reader) const {
  if (!previous_ || !report_ || seconds_ <= 0) return std::nullopt;
  const auto& before = previous_->readers;
  const auto same = std::find_if(before.begin(), before.end(), [&](const ReaderReport& other) {
    return other.entry == reader.entry && other.pid == reader.pid && other.seen <= reader.seen;
  });
  if (same == before.end()) return std::nullopt;
  const auto seen = static_cast<double>(reader.seen - same->seen);
  const auto missed = reader.missed > same->missed ? static_cast<double>(reader.missed - same->missed) : 0;
  const bool has_news = report_->latest > previous_->latest && report_->latest > reader.last_number + 1;
  return ReaderActivity{.frames_per_second = seen / seconds_,
                        .missed_share = seen + missed > 0 ? missed / (seen + missed) : 0,
                        .is_stuck = seen == 0 && has_news};
}

}  // namespace shmvideo::inspect
