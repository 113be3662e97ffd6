// SPDX-License-Identifier: Apache-2.0
#include "source/pattern/pattern_source.hpp"

#include <fmt/format.h>

#include <array>
#include <cstdio>
#include <ctime>
#include <string_view>

#include "shmvideo/error.hpp"
#include "source/pattern/pattern_picture.hpp"

namespace shmvideo::source {
namespace {

/// Larger than any camera's picture, and small enough that drawing it takes no machine down.
constexpr std::uint32_t kPatternSideMax = 16384;

class PatternSource final : public FrameSource {
 public:
  explicit PatternSource(const PatternOptions& options)
      : options_(options),
        picture_(options.format, options.width, options.height),
        pacer_(options.rate, clock_) {
    const FrameInfo& layout = picture_.layout();
    description_.stream = {SHMV_KIND_RAW,
                           layout.fourcc,
                           layout.width,
                           layout.height,
                           options.is_fast ? 0 : options.rate.numerator,
                           options.rate.denominator};
    description_.payload_bytes = layout.payload_bytes;
    description_.name = "pattern";
  }

  void open() override {}
  const SourceDescription& description() const noexcept override { return description_; }

  WaitStatus wait() noexcept override {
    if (options_.is_fast) {
      ++index_;
      return clock_.sleep_until_ns(0) ? WaitStatus::frame : WaitStatus::interrupted;
    }
    const Pacer::Turn turn = pacer_.next();
    index_ = turn.index + 1;
    skipped_ += turn.skipped;
    return turn.is_interrupted ? WaitStatus::interrupted : WaitStatus::frame;
  }

  FillStatus fill(std::span<std::byte> slot, FrameInfo& info) noexcept override {
    const std::uint64_t number = info.number != 0 ? info.number : index_;
    const auto capture_ns = static_cast<std::uint64_t>(clock_.now_ns());
    if (!picture_.draw(slot, number, time_of_day())) return FillStatus::corrupt;
    info = picture_.layout();
    info.number = number;
    info.source_number = index_;
    info.capture_monotonic_ns = capture_ns;
    if (!options_.is_fast) {
      info.pts = static_cast<std::int64_t>(index_ - 1);
      info.duration = 1;
      info.timebase_numerator = options_.rate.denominator;
      info.timebase_denominator = options_.rate.numerator;
    }
    return FillStatus::filled;
  }

  std::uint64_t skipped() const noexcept override { return skipped_; }
  void interrupt() noexcept override { clock_.interrupt(); }

 private:
  std::string_view time_of_day() noexcept {
    timespec now{};
    clock_gettime(CLOCK_REALTIME, &now);
    tm local{};
    localtime_r(&now.tv_sec, &local);
    const int length =
        std::snprintf(time_text_.data(), time_text_.size(), "%02d:%02d:%02d.%03d", local.tm_hour,
                      local.tm_min, local.tm_sec, static_cast<int>(now.tv_nsec / 1'000'000));
    return {time_text_.data(), static_cast<std::size_t>(length)};
  }

  PatternOptions options_;
  PatternPicture picture_;
  SteadyPaceClock clock_;
  Pacer pacer_;
  SourceDescription description_;
  std::array<char, 64> time_text_{};
  std::uint64_t index_ = 0;
  std::uint64_t skipped_ = 0;
};

}  // namespace

std::unique_ptr<FrameSource> make_pattern_source(const PatternOptions& options) {
  if (options.width > kPatternSideMax || options.height > kPatternSideMax) {
    throw Error(ErrorCode::invalid_argument, fmt::format("the pattern is drawn up to {0}x{0}, not {1}x{2}",
                                                         kPatternSideMax, options.width, options.height));
  }
  return std::make_unique<PatternSource>(options);
}

}  // namespace shmvideo::source
