// SPDX-License-Identifier: Apache-2.0
#include "source/v4l2/signal.hpp"

#include <fmt/format.h>
#include <linux/v4l2-dv-timings.h>
#include <linux/videodev2.h>

#include <cerrno>
#include <cstring>
#include <optional>

#include "shmvideo/error.hpp"
#include "source/v4l2/device.hpp"

namespace shmvideo::source {
namespace {

constexpr std::uint32_t kNoSignal = V4L2_IN_ST_NO_POWER | V4L2_IN_ST_NO_SIGNAL;
constexpr std::uint32_t kNoLock = V4L2_IN_ST_NO_H_LOCK | V4L2_IN_ST_NO_SYNC | V4L2_IN_ST_NO_CARRIER;

std::optional<v4l2_input> present_input(const Device& device) {
  int index = 0;
  v4l2_input input{};
  if (device.call(VIDIOC_G_INPUT, &index) != 0) return std::nullopt;
  input.index = static_cast<std::uint32_t>(index);
  if (device.call(VIDIOC_ENUMINPUT, &input) != 0) return std::nullopt;
  return input;
}

bool has_timings(const Device& device) {
  const auto input = present_input(device);
  return input && (input->capabilities & V4L2_IN_CAP_DV_TIMINGS);
}

bool is_same(const v4l2_bt_timings& a, const v4l2_bt_timings& b) {
  return a.width == b.width && a.height == b.height && a.interlaced == b.interlaced &&
         a.pixelclock == b.pixelclock && V4L2_DV_BT_FRAME_WIDTH(&a) == V4L2_DV_BT_FRAME_WIDTH(&b) &&
         V4L2_DV_BT_FRAME_HEIGHT(&a) == V4L2_DV_BT_FRAME_HEIGHT(&b);
}

FrameRate rate_of(const v4l2_bt_timings& bt) {
  const double pixels = static_cast<double>(V4L2_DV_BT_FRAME_WIDTH(&bt)) * V4L2_DV_BT_FRAME_HEIGHT(&bt);
  return pixels > 0 ? rate_from_double(static_cast<double>(bt.pixelclock) / pixels) : FrameRate{0, 1};
}

std::string words_of(const v4l2_bt_timings& bt) {
  return fmt::format("{}x{}{} at {:.4g}/s", bt.width, bt.height, bt.interlaced ? " interlaced" : "",
                     per_second(rate_of(bt)));
}

}  // namespace

struct Signal::Timings {
  v4l2_dv_timings value{};
};

Signal::Signal(const Device& device) : device_(device) {}
Signal::~Signal() = default;

std::string Signal::input_name() const {
  const auto input = present_input(device_);
  return input ? kernel_text(input->name) : "";
}

/// Why nothing comes in, as a clause; empty if something does.
std::string Signal::missing() const {
  const auto input = present_input(device_);
  if (!input) return {};
  const std::string name = kernel_text(input->name);
  if (input->status & kNoSignal) return fmt::format("no signal on input {}", name);
  if (input->status & kNoLock) return fmt::format("no stable signal on input {}", name);
  return {};
}

void Signal::fail(const std::string& what, int number) const {
  throw Error(ErrorCode::source_failed, fmt::format("camera {} delivers nothing: {}", device_.path(), what),
              number);
}

/// What a refusal to tell the timings means, as a clause; empty if the driver cannot tell.
std::string Signal::fault(int number) const {
  if (number == ENOLINK) return fmt::format("no signal on input {}", input_name());
  if (number == ENOLCK) return fmt::format("no stable signal on input {}", input_name());
  if (number == ERANGE)
    return fmt::format("the signal on input {} is beyond what it can capture", input_name());
  return {};
}

void Signal::lock_timings() {
  auto found = std::make_unique<Timings>();
  const int number = device_.call(VIDIOC_QUERY_DV_TIMINGS, &found->value);
  const std::string wrong = fault(number);
  if (!wrong.empty()) fail(wrong, number);
  v4l2_dv_timings set{};
  const bool has_set = device_.call(VIDIOC_G_DV_TIMINGS, &set) == 0;
  if (number != 0 && !has_set) return;
  if (number != 0) found->value = set;  // it cannot look, and captures what it is set to
  const v4l2_bt_timings& bt = found->value.bt;
  if (!has_set || !is_same(set.bt, bt)) {
    set = found->value;
    const int refusal = device_.call(VIDIOC_S_DV_TIMINGS, &set);
    if (refusal == EBUSY) fail_device(device_.path(), "cannot set", refusal);
    if (refusal != 0) {
      fail(fmt::format("it cannot be set to the signal on input {} ({}): {}", input_name(), words_of(bt),
                       std::strerror(refusal)),
           refusal);
    }
  }
  rate_ = rate_of(bt);
  size_ = {bt.width, bt.height};
  timings_ = std::move(found);
}

void Signal::lock() {
  if (has_timings(device_)) lock_timings();
  const std::string nothing = missing();
  if (!nothing.empty()) fail(nothing, 0);
  int index = 0;
  if (device_.call(VIDIOC_G_INPUT, &index) != 0) return;
  v4l2_event_subscription changes{};
  changes.type = V4L2_EVENT_SOURCE_CHANGE;
  changes.id = static_cast<std::uint32_t>(index);
  static_cast<void>(device_.call(VIDIOC_SUBSCRIBE_EVENT, &changes));  // most cameras have no such event
}

bool Signal::take_events() noexcept {
  constexpr int kEventsMax = 64;
  bool has_any = false;
  v4l2_event event{};
  for (int i = 0; i < kEventsMax && device_.call(VIDIOC_DQEVENT, &event) == 0; ++i) has_any = true;
  return has_any;
}

std::string Signal::loss() const {
  if (timings_) {
    v4l2_dv_timings now{};
    const int number = device_.call(VIDIOC_QUERY_DV_TIMINGS, &now);
    std::string wrong = fault(number);
    if (!wrong.empty()) return wrong;
    if (number == 0 && !is_same(now.bt, timings_->value.bt)) {
      return fmt::format("the signal on input {} is {} now", input_name(), words_of(now.bt));
    }
  }
  return missing();
}

}  // namespace shmvideo::source
