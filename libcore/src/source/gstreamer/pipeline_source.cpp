// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <atomic>
#include <chrono>
#include <optional>

#include "codec/convert.hpp"
#include "shmvideo/error.hpp"
#include "source/gstreamer/pipeline.hpp"
#include "source/gstreamer/pipeline_text.hpp"
#include "source/module/module_interface.hpp"

namespace shmvideo::source {
namespace {

using namespace std::chrono_literals;
using Pull = Pipeline::Pull;

/// How long an interruption may go unnoticed: GStreamer cannot be woken.
constexpr auto kSlice = 50ms;
constexpr int kSlicesOfWait = 10;

class PipelineSource final : public FrameSource {
 public:
  explicit PipelineSource(const ModuleOptions& options) : options_(options) {}

  void open() override;
  const SourceDescription& description() const noexcept override { return description_; }
  WaitStatus wait() noexcept override;
  FillStatus fill(std::span<std::byte> slot, FrameInfo& info) noexcept override;
  std::string loss() const override {
    return pipeline_.failure().empty() ? "the server ended the stream" : pipeline_.failure();
  }
  void interrupt() noexcept override { is_interrupted_ = true; }

 private:
  FrameInfo wished_layout() const noexcept;
  void describe();

  const ModuleOptions options_;
  Pipeline pipeline_;
  codec::PictureConverter converter_;
  SourceDescription description_;
  FrameInfo layout_;
  bool is_pulled_ahead_ = false;
  bool can_end_ = true;
  std::uint64_t number_ = 0;
  std::uint64_t capture_ns_ = 0;
  std::atomic<bool> is_interrupted_{false};
};

void PipelineSource::open() {
  const std::string uri = Pipeline::uri_of_file(options_.location);
  pipeline_.start(pipeline_text(options_, uri));
  for (;;) {
    if (is_interrupted_) throw Error(ErrorCode::cancelled, "interrupted");
    const Pull pull = pipeline_.pull(kSlice);
    if (pull == Pull::picture) break;
    if (pull == Pull::nothing_yet) continue;
    throw Error(ErrorCode::source_failed,
                "GStreamer: " + (pull == Pull::end ? "the pipeline has no picture" : pipeline_.failure()));
  }
  is_pulled_ahead_ = true;
  // Who wrote a pipeline knows whether it ends; a stream that comes live breaks off.
  can_end_ = !is_url(options_.location) || pipeline_.has_duration();
  describe();
}

FrameInfo PipelineSource::wished_layout() const noexcept {
  const FrameWish& wish = options_.wish;
  return packed_frame_info(wish.format, wish.width > 0 ? wish.width : pipeline_.width(),
                           wish.height > 0 ? wish.height : pipeline_.height());
}

void PipelineSource::describe() {
  layout_ = wished_layout();
  const FrameRate rate = pipeline_.rate();
  description_.stream = {SHMV_KIND_RAW,  layout_.fourcc, layout_.width,
                         layout_.height, rate.numerator, rate.denominator};
  description_.payload_bytes = layout_.payload_bytes;
  description_.name = options_.location;
}

WaitStatus PipelineSource::wait() noexcept {
  for (int slice = 0; slice < kSlicesOfWait; ++slice) {
    if (is_interrupted_) return WaitStatus::interrupted;
    const Pull pull = is_pulled_ahead_ ? Pull::picture : pipeline_.pull(kSlice);
    is_pulled_ahead_ = false;
    switch (pull) {
      case Pull::picture:
        ++number_;
        capture_ns_ = static_cast<std::uint64_t>(std::chrono::steady_clock::now().time_since_epoch().count());
        return WaitStatus::frame;
      case Pull::nothing_yet:
        break;
      case Pull::end:
        return can_end_ ? WaitStatus::end : WaitStatus::lost;
      case Pull::failed:
        return WaitStatus::lost;
    }
  }
  return WaitStatus::again;
}

FillStatus PipelineSource::fill(std::span<std::byte> slot, FrameInfo& info) noexcept {
  const FrameInfo layout = wished_layout();
  if (layout.width != layout_.width || layout.height != layout_.height) {
    describe();
    return FillStatus::format_changed;
  }
  const auto target = as_picture(layout_, slot);
  // A copy, or a conversion, from memory of GStreamer's, which it lends out for a picture's time only.
  const bool is_filled = target && pipeline_.with_picture([&](const Picture& picture) {
    return converter_.convert(picture, *target);
  });
  if (!is_filled) return FillStatus::corrupt;
  const std::uint64_t number = info.number;
  info = layout_;
  info.number = number;
  info.source_number = number_;
  info.capture_monotonic_ns = capture_ns_;
  if (const std::int64_t pts_ns = pipeline_.pts_ns(); pts_ns >= 0) {
    info.pts = pts_ns / 1000;
    info.timebase_numerator = 1;
    info.timebase_denominator = 1'000'000;
  }
  return FillStatus::filled;
}

}  // namespace

std::unique_ptr<FrameSource> make_source(const ModuleOptions& options) {
  return std::make_unique<PipelineSource>(options);
}

}  // namespace shmvideo::source
