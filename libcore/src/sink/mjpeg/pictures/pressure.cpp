// SPDX-License-Identifier: Apache-2.0
#include "sink/mjpeg/pictures/pressure.hpp"

#include <algorithm>

#include "segment/clock.hpp"

namespace shmvideo::sink {
namespace {

constexpr std::uint64_t kWindowNs = 1'000'000'000;
/// A picture waits so long for a thread, or for the loop, when work comes faster than it is done: half a
/// frame's time at 60 a second. Waking a thread on a machine that has time takes a hundredth of it.
constexpr std::uint64_t kLateNs = 8'000'000;
constexpr std::uint64_t kInTimeNs = 3'000'000;
/// Shares of the threads' time. Below the first, a step up of all streams (about a quarter more work) has
/// room.
constexpr double kBusyCalm = 0.65;
constexpr double kBusyMuch = 0.7;

}  // namespace

void Pressure::add(std::uint64_t wanted_ns, std::uint64_t begun_ns, std::uint64_t made_ns,
                   std::uint64_t back_ns) noexcept {
  close_windows(back_ns);
  ++count_;
  const std::uint64_t begun_late_ns = age_ns(begun_ns, wanted_ns);
  const std::uint64_t back_late_ns = age_ns(back_ns, made_ns);
  if (begun_late_ns > kLateNs) ++begun_late_;
  if (back_late_ns > kLateNs) ++back_late_;
  if (begun_late_ns + back_late_ns > kInTimeNs) ++not_in_time_;
  busy_ns_ += age_ns(made_ns, begun_ns);
}

void Pressure::close_windows(std::uint64_t now_ns) noexcept {
  if (window_start_ns_ == 0) window_start_ns_ = now_ns;
  const std::uint64_t elapsed_ns = age_ns(now_ns, window_start_ns_);
  if (elapsed_ns < kWindowNs) return;
  const double busy = static_cast<double>(busy_ns_) / (static_cast<double>(elapsed_ns) * threads_);
  // Most of them, as one long hitch may lie in two windows. Many sizes of one frame wait for each other too,
  // on threads that have little to do otherwise.
  const bool is_bad = (begun_late_ * 2 > count_ && busy > kBusyMuch) || back_late_ * 2 > count_;
  judge(is_bad, not_in_time_ * 10 <= count_ && busy < kBusyCalm);
  // Windows in which nothing was made are good ones. The first was judged with what stood in it.
  for (std::uint64_t quiet = std::min<std::uint64_t>(elapsed_ns / kWindowNs - 1, kPatienceMax * kLevelMax);
       quiet > 0; --quiet) {
    judge(false, true);
  }
  window_start_ns_ = now_ns;
  count_ = begun_late_ = back_late_ = not_in_time_ = busy_ns_ = 0;
}

void Pressure::judge(bool is_bad, bool is_good) noexcept {
  bad_windows_ = is_bad ? bad_windows_ + 1 : 0;
  good_windows_ = is_good ? good_windows_ + 1 : 0;
  windows_since_down_ = std::min(windows_since_down_ + 1, kPatienceMax);
  if (bad_windows_ >= 2 && level_ < kLevelMax) {
    ++level_;
    bad_windows_ = 0;
    const bool was_mistake = windows_since_down_ <= kMistakeWindows;
    if (was_mistake) patience_ = std::min(patience_ * 2, kPatienceMax);
  } else if (good_windows_ >= patience_ && level_ > 0) {
    --level_;
    good_windows_ = 0;
    windows_since_down_ = 0;
  } else if (level_ == 0 && good_windows_ >= kPatienceMax) {
    patience_ = kPatienceMin;  // what was short is there again, and that for long
  }
}

}  // namespace shmvideo::sink
