// SPDX-License-Identifier: Apache-2.0
#include "source/opencv/opencv_file.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <cmath>
#include <cstring>
#include <filesystem>
#include <system_error>
#include <utility>

#include "shmvideo/error.hpp"

namespace shmvideo::source {
namespace {

constexpr std::int64_t kSecondNs = 1'000'000'000;
constexpr std::int64_t kMicrosecondNs = 1000;
constexpr FrameRate kRateWhenUnknown{25, 1};
/// Whoever is further behind than this does not catch up any more: the file then plays from there.
constexpr std::int64_t kCatchUpNs = kSecondNs;
/// A gap between time stamps beyond this is no pause that anybody wants to sit through.
constexpr std::int64_t kGapMaxNs = 10 * kSecondNs;

class FileSource final : public FrameSource {
 public:
  explicit FileSource(const FileOptions& options) : options_(options), capture_(options.wish) {}

  void open() override;
  const SourceDescription& description() const noexcept override { return description_; }
  WaitStatus wait() noexcept override;
  FillStatus fill(std::span<std::byte> slot, FrameInfo& info) noexcept override;
  std::uint64_t skipped() const noexcept override { return skipped_; }
  void interrupt() noexcept override { clock_.interrupt(); }

 private:
  void describe();
  bool grab_next() noexcept;
  bool start_over() noexcept;
  void take_time() noexcept;
  bool is_presumed_last() const noexcept;
  bool is_obsolete() noexcept;
  std::int64_t interval_ns() const noexcept { return time_of_frame_ns(rate_, 1); }

  FileOptions options_;
  OpenCvCapture capture_;
  SteadyPaceClock clock_;
  SourceDescription description_;
  FrameRate rate_;

  bool is_grabbed_ahead_ = false;  // grab() was called for the frame that the next wait() announces
  std::uint64_t index_in_pass_ = 0;
  std::uint64_t number_ = 0;  // of the frame that was grabbed last, 1, 2, ... over all passes
  std::uint64_t skipped_ = 0;
  std::int64_t media_ns_ = 0;  // when the grabbed frame is due, from the first one on
  std::int64_t pass_ns_ = 0;   // when the first frame of this pass was due
  std::int64_t start_ns_ = 0;  // on the clock
};

void FileSource::open() {
  // FFmpeg's own words for these are not for everybody.
  std::error_code problem;
  const auto status = std::filesystem::status(options_.path, problem);
  if (!std::filesystem::exists(status)) {
    throw Error(ErrorCode::source_failed, fmt::format("cannot open '{}': {}", options_.path,
                                                      problem ? problem.message() : std::strerror(ENOENT)));
  }
  if (std::filesystem::is_directory(status)) {
    throw Error(ErrorCode::source_failed, fmt::format("cannot open '{}': it is a folder", options_.path));
  }
  if (!capture_.open_file(options_.path)) {
    throw Error(ErrorCode::source_failed,
                fmt::format("'{}' is no video file that can be read", options_.path));
  }
  if (!capture_.grab() || !capture_.examine()) {
    throw Error(ErrorCode::source_failed,
                fmt::format("'{}' has no picture that can be decoded", options_.path));
  }
  is_grabbed_ahead_ = true;
  rate_ = options_.rate.numerator > 0 ? options_.rate : rate_from_double(capture_.rate());
  if (rate_.numerator == 0) rate_ = kRateWhenUnknown;
  describe();
}

void FileSource::describe() {
  const FrameInfo& layout = capture_.layout();
  description_.stream = {SHMV_KIND_RAW, layout.fourcc,   layout.width,
                         layout.height, rate_.numerator, rate_.denominator};
  if (options_.is_fast) description_.stream.fps_numerator = 0;
  description_.payload_bytes = layout.payload_bytes;
  description_.name = options_.path;
}

bool FileSource::start_over() noexcept {
  if (!options_.is_looping || index_in_pass_ == 0) return false;  // an empty pass would go on for ever
  pass_ns_ = media_ns_ + interval_ns();
  index_in_pass_ = 0;
  if (capture_.rewind() && capture_.grab()) return true;
  // Some files cannot be wound back; all can be opened again.
  capture_.close();
  return capture_.open_file(options_.path) && capture_.grab();
}

bool FileSource::grab_next() noexcept {
  if (!std::exchange(is_grabbed_ahead_, false) && !capture_.grab() && !start_over()) return false;
  ++number_;
  take_time();
  ++index_in_pass_;
  return true;
}

/// When the grabbed frame is due. FFmpeg's time stamps where they go forward: at the end of a file
/// OpenCV gives 0 for the frames that were still in the decoder.
void FileSource::take_time() noexcept {
  const std::int64_t previous_ns = media_ns_;
  const std::int64_t stamped_ns = pass_ns_ + std::llround(capture_.time_ms() * 1e6);
  const bool is_first = number_ == 1;
  const bool is_paced_by_stamps = options_.rate.numerator == 0 && index_in_pass_ > 0 &&
                                  stamped_ns > previous_ns && stamped_ns - previous_ns < kGapMaxNs;
  if (index_in_pass_ == 0) {
    media_ns_ = is_first ? 0 : pass_ns_;
  } else if (is_paced_by_stamps) {
    media_ns_ = stamped_ns;
  } else {
    media_ns_ = std::max(previous_ns + 1, pass_ns_ + time_of_frame_ns(rate_, index_in_pass_));
  }
}

/// The library's count may be an estimate, so that this is only a reason to look one frame ahead.
bool FileSource::is_presumed_last() const noexcept {
  return !options_.is_looping && static_cast<double>(index_in_pass_) == capture_.frame_count();
}

/// True if the next frame is due already, so that this one would only delay it.
bool FileSource::is_obsolete() noexcept {
  const std::int64_t late_ns = clock_.now_ns() - (start_ns_ + media_ns_);
  if (late_ns > kCatchUpNs) {
    start_ns_ += late_ns;
    return false;
  }
  return late_ns > interval_ns() && !is_presumed_last();
}

WaitStatus FileSource::wait() noexcept {
  if (!grab_next()) return WaitStatus::end;
  if (options_.is_fast) return clock_.sleep_until_ns(0) ? WaitStatus::frame : WaitStatus::interrupted;
  if (number_ == 1) start_ns_ = clock_.now_ns();
  while (is_obsolete()) {
    ++skipped_;
    if (!grab_next()) return WaitStatus::end;
    if (!clock_.sleep_until_ns(0)) return WaitStatus::interrupted;
  }
  return clock_.sleep_until_ns(start_ns_ + media_ns_) ? WaitStatus::frame : WaitStatus::interrupted;
}

FillStatus FileSource::fill(std::span<std::byte> slot, FrameInfo& info) noexcept {
  const auto capture_ns = static_cast<std::uint64_t>(clock_.now_ns());
  const FillStatus status = capture_.fill(slot, info);
  if (status == FillStatus::format_changed) describe();
  if (status != FillStatus::filled) return status;
  info.capture_monotonic_ns = capture_ns;
  info.source_number = number_;
  info.pts = media_ns_ / kMicrosecondNs;
  info.duration = interval_ns() / kMicrosecondNs;
  info.timebase_numerator = 1;
  info.timebase_denominator = 1'000'000;
  if (is_presumed_last()) {
    is_grabbed_ahead_ = capture_.grab();
    if (!is_grabbed_ahead_) info.flags |= SHMV_FRAME_END_OF_STREAM;
  }
  return status;
}

}  // namespace

std::unique_ptr<FrameSource> make_file_source(const FileOptions& options) {
  return std::make_unique<FileSource>(options);
}

}  // namespace shmvideo::source
