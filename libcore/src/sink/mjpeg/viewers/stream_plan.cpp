// SPDX-License-Identifier: Apache-2.0
#include "sink/mjpeg/viewers/stream_plan.hpp"

#include <algorithm>

namespace shmvideo::sink {

StreamPlan::StreamPlan(const StreamWishes& wishes, const ServingDefaults& defaults)
    : wishes_(wishes), adaptation_(defaults.fps, defaults.quality) {
  take_defaults(defaults);
}

void StreamPlan::take_defaults(const ServingDefaults& defaults) {
  wished_ = {.quality = wishes_.quality.value_or(defaults.quality),
             .is_quality_asked = wishes_.quality.has_value(),
             .width = wishes_.width.value_or(defaults.width),
             .height = wishes_.height.value_or(defaults.height)};
  fps_ = wishes_.fps.value_or(defaults.fps);
  adaptation_.set_wish(fps_, wished_.quality);
  is_adaptive_ = wishes_.adaptive.value_or(defaults.is_adaptive);
  if (is_adaptive_) return;
  adaptation_.reset();
  pressure_ = 0;
}

bool StreamPlan::observe(std::uint64_t now_ns, unsigned sent, unsigned missed) {
  return is_adaptive_ && adaptation_.observe(now_ns, sent, missed);
}

bool StreamPlan::set_pressure(int steps) noexcept {
  const StreamStep before = step();
  pressure_ = is_adaptive_ ? std::clamp(steps, 0, adaptation_.deepest()) : 0;
  return step() != before;
}

Rendition StreamPlan::rendition(const FrameInfo& frame) const noexcept {
  Rendition given = wished_;
  const StreamStep& now = step();
  if (now.quality < given.quality) {
    given.quality = now.quality;
    given.is_quality_asked = true;  // a JPEG segment's own pictures are too much, too
  }
  if (now.eighths < 8 && frame.width > 0) {
    const PictureForm whole = form_of(wished_, frame);
    const std::uint32_t width = whole.width > 0 ? whole.width : frame.width;
    given.width = std::max<std::uint32_t>(width * static_cast<std::uint32_t>(now.eighths) / 8, 2);
  }
  return given;
}

}  // namespace shmvideo::sink
