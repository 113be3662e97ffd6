// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <opencv2/core.hpp>
#include <opencv2/videoio.hpp>
#include <optional>

#include "codec/convert.hpp"
#include "shmvideo/error.hpp"
#include "source/is_number.hpp"
#include "source/module/module_interface.hpp"
#include "source/pacer.hpp"
#include "source/stopwatch.hpp"

namespace shmvideo::source {
namespace {

/// Runs what OpenCV may throw from; `fallback` if it does.
template <typename Result, typename Work>
Result guarded(Result fallback, Work work) noexcept {
  try {
    return work();
  } catch (const std::exception&) {  // cv::Exception and what the libraries below let through
    return fallback;
  }
}

constexpr std::size_t kCameraDigitsMax = 3;

/// Whatever OpenCV's videoio opens: beside cameras, files and URLs also image sequences ("img-%03d.png"),
/// IEEE 1394, GigE and depth cameras, and what else its build has.
///
/// OpenCV decides itself how long a call takes (30 s when a server falls silent) and cannot be interrupted:
/// whoever uses this must be ready to leave a thread behind. It does not tell an error from the end either.
class OpenCvSource final : public FrameSource {
 public:
  explicit OpenCvSource(const ModuleOptions& options) : options_(options) {}

  void open() override;
  const SourceDescription& description() const noexcept override { return description_; }
  WaitStatus wait() noexcept override;
  FillStatus fill(std::span<std::byte> slot, FrameInfo& info) noexcept override;
  std::optional<std::uint64_t> read_ns() const noexcept override {
    // Of what comes by itself OpenCV's reading is mostly waiting.
    return pacer_ ? std::optional(read_ns_) : std::nullopt;
  }
  std::string loss() const override { return "OpenCV gets no more frames from it"; }
  void interrupt() noexcept override { clock_.interrupt(); }

 private:
  bool open_capture();
  void ask_for_mode();
  bool fetch() noexcept;
  std::optional<Picture> picture() const noexcept;
  FrameInfo wished_layout(const Picture& picture) const noexcept;
  void describe(const FrameInfo& layout);
  double property(int id) const noexcept;

  const ModuleOptions options_;
  cv::VideoCapture capture_;
  cv::Mat mat_;
  codec::PictureConverter converter_;
  SourceDescription description_;
  FrameInfo layout_;
  SteadyPaceClock clock_;
  std::optional<Pacer> pacer_;  // of what has an end, and so no pace of its own
  bool is_fetched_ahead_ = false;
  std::uint64_t number_ = 0;
  std::uint64_t capture_ns_ = 0;
  Stopwatch reading_;
  std::uint64_t read_ns_ = 0;  // of the frame that was fetched last
};

bool OpenCvSource::open_capture() {
  return guarded(false, [this] {
    const bool is_camera = is_number(options_.location) && options_.location.size() <= kCameraDigitsMax;
    return is_camera ? capture_.open(std::stoi(options_.location), cv::CAP_ANY)
                     : capture_.open(options_.location, cv::CAP_ANY);
  });
}

/// Cameras come near to it, others do not listen.
void OpenCvSource::ask_for_mode() {
  guarded(0, [this] {
    if (options_.wish.width > 0) {
      capture_.set(cv::CAP_PROP_FRAME_WIDTH, options_.wish.width);
      capture_.set(cv::CAP_PROP_FRAME_HEIGHT, options_.wish.height);
    }
    if (options_.rate.numerator > 0)
      capture_.set(cv::CAP_PROP_FPS,
                   static_cast<double>(options_.rate.numerator) / options_.rate.denominator);
    if (options_.buffers > 0) capture_.set(cv::CAP_PROP_BUFFERSIZE, options_.buffers);
    return 0;
  });
}

void OpenCvSource::open() {
  if (!open_capture()) {
    throw Error(ErrorCode::source_failed,
                fmt::format("OpenCV cannot open '{}'; another --backend may say why", options_.location));
  }
  const bool has_end = property(cv::CAP_PROP_FRAME_COUNT) > 0;
  if (!has_end) ask_for_mode();
  if (!fetch() || !picture()) {
    throw Error(ErrorCode::source_failed, fmt::format("OpenCV gets no picture from '{}'", options_.location));
  }
  is_fetched_ahead_ = true;
  describe(wished_layout(*picture()));
  const StreamInfo& stream = description_.stream;
  if (has_end && stream.fps_numerator > 0)
    pacer_.emplace(FrameRate{stream.fps_numerator, stream.fps_denominator}, clock_);
}

double OpenCvSource::property(int id) const noexcept {
  return guarded(0.0, [&] { return capture_.get(id); });
}

/// One picture of OpenCV's into memory of its own: it decodes nowhere else.
bool OpenCvSource::fetch() noexcept {
  const bool is_fetched =
      reading_.time([this] { return guarded(false, [this] { return capture_.read(mat_); }); });
  read_ns_ = reading_.take();
  return is_fetched;
}

std::optional<Picture> OpenCvSource::picture() const noexcept {
  const bool is_gray = mat_.type() == CV_8UC1;
  if (mat_.empty() || mat_.dims != 2 || (!is_gray && mat_.type() != CV_8UC3)) return std::nullopt;
  FrameInfo info =
      packed_frame_info(is_gray ? PixelFormat::gray8 : PixelFormat::bgr24,
                        static_cast<std::uint32_t>(mat_.cols), static_cast<std::uint32_t>(mat_.rows));
  info.plane_stride[0] = static_cast<std::uint32_t>(mat_.step[0]);
  const std::size_t bytes = mat_.step[0] * static_cast<std::size_t>(mat_.rows);
  return as_picture(info, std::span(reinterpret_cast<const std::byte*>(mat_.data), bytes));
}

FrameInfo OpenCvSource::wished_layout(const Picture& picture) const noexcept {
  const FrameWish& wish = options_.wish;
  return packed_frame_info(wish.format, wish.width > 0 ? wish.width : picture.width,
                           wish.height > 0 ? wish.height : picture.height);
}

void OpenCvSource::describe(const FrameInfo& layout) {
  layout_ = layout;
  const FrameRate own = rate_from_double(property(cv::CAP_PROP_FPS));
  const FrameRate rate = options_.rate.numerator > 0 ? options_.rate : own;
  description_.stream = {SHMV_KIND_RAW,  layout_.fourcc, layout_.width,
                         layout_.height, rate.numerator, rate.denominator};
  description_.payload_bytes = layout_.payload_bytes;
  description_.name = options_.location;
  const std::string library =
      guarded(std::string("?"), [this] { return std::string(capture_.getBackendName()); });
  description_.notes = {fmt::format("OpenCV opened it through {}", library)};
}

WaitStatus OpenCvSource::wait() noexcept {
  if (!clock_.sleep_until_ns(0)) return WaitStatus::interrupted;
  if (pacer_) {
    const Pacer::Turn turn = pacer_->next();
    if (turn.is_interrupted) return WaitStatus::interrupted;
  }
  if (!is_fetched_ahead_ && !fetch()) {
    if (!clock_.sleep_until_ns(0)) return WaitStatus::interrupted;
    return pacer_ ? WaitStatus::end : WaitStatus::lost;
  }
  is_fetched_ahead_ = false;
  ++number_;
  capture_ns_ = static_cast<std::uint64_t>(clock_.now_ns());
  return clock_.sleep_until_ns(0) ? WaitStatus::frame : WaitStatus::interrupted;
}

FillStatus OpenCvSource::fill(std::span<std::byte> slot, FrameInfo& info) noexcept {
  const auto from = picture();
  if (!from) return FillStatus::corrupt;
  const FrameInfo layout = wished_layout(*from);
  if (layout.width != layout_.width || layout.height != layout_.height) {
    describe(layout);
    return FillStatus::format_changed;
  }
  const auto to = as_picture(layout_, slot);
  // OpenCV hands out BGR in memory of its own; from there it is one way into the slot.
  if (!to || !converter_.convert(*from, *to)) return FillStatus::corrupt;
  const std::uint64_t number = info.number;
  info = layout_;
  info.number = number;
  info.source_number = number_;
  info.capture_monotonic_ns = capture_ns_;
  return FillStatus::filled;
}

}  // namespace

std::unique_ptr<FrameSource> make_source(const ModuleOptions& options) {
  return std::make_unique<OpenCvSource>(options);
}

}  // namespace shmvideo::source
