// SPDX-License-Identifier: Apache-2.0
#include "source/opencv/opencv_capture.hpp"

#include <cmath>
#include <opencv2/core.hpp>
#include <opencv2/core/utils/logger.hpp>
#include <opencv2/videoio.hpp>
#include <utility>

#include "codec/convert.hpp"

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

/// Camera formats that can be passed on as they are. Others OpenCV converts to BGR24.
bool can_pass_raw(PixelFormat format) {
  return format == PixelFormat::yuyv || format == PixelFormat::uyvy || format == PixelFormat::nv12 ||
         format == PixelFormat::i420 || format == PixelFormat::gray8;
}

/// What a camera should do at least where no rate is asked for.
constexpr double kFluentRate = 15;

int mat_type(PixelFormat format) {
  return format == PixelFormat::bgr24 ? CV_8UC3 : format == PixelFormat::gray8 ? CV_8UC1 : -1;
}

}  // namespace

struct OpenCvCapture::Impl {
  cv::VideoCapture capture;
  cv::Mat pending;  // a frame that was retrieved and not yet delivered
  bool has_pending = false;
  std::optional<PixelFormat> raw;  // frames come as the camera has them
  codec::PictureConverter converter;

  std::optional<Picture> pending_picture() const;
  bool choose_format(std::uint32_t fourcc);
  void choose_mode(std::uint32_t width, std::uint32_t height, double rate);
  bool is_short_of(std::uint32_t width, std::uint32_t height, double rate) const;
  void try_jpeg(std::uint32_t width, std::uint32_t height, double rate);
};

/// The functions for cameras may throw what OpenCV throws.
bool OpenCvCapture::Impl::choose_format(std::uint32_t fourcc) {
  return capture.set(cv::CAP_PROP_FOURCC, fourcc) &&
         capture.get(cv::CAP_PROP_FOURCC) == static_cast<double>(fourcc);
}

void OpenCvCapture::Impl::choose_mode(std::uint32_t width, std::uint32_t height, double rate) {
  if (width > 0) {
    capture.set(cv::CAP_PROP_FRAME_WIDTH, width);
    capture.set(cv::CAP_PROP_FRAME_HEIGHT, height);
  }
  if (rate > 0) capture.set(cv::CAP_PROP_FPS, rate);
}

bool OpenCvCapture::Impl::is_short_of(std::uint32_t width, std::uint32_t height, double rate) const {
  const bool has_size = width == 0 || (capture.get(cv::CAP_PROP_FRAME_WIDTH) == width &&
                                       capture.get(cv::CAP_PROP_FRAME_HEIGHT) == height);
  return !has_size || capture.get(cv::CAP_PROP_FPS) < (rate > 0 ? 0.99 * rate : kFluentRate);
}

/// A USB camera often has its large sizes, or more than a few frames a second of them, as JPEG only.
void OpenCvCapture::Impl::try_jpeg(std::uint32_t width, std::uint32_t height, double rate) {
  const auto before = static_cast<std::uint32_t>(capture.get(cv::CAP_PROP_FOURCC));
  // The nearer size is better, and of equal ones the higher rate.
  const auto merit = [&] {
    const double pixels = capture.get(cv::CAP_PROP_FRAME_WIDTH) * capture.get(cv::CAP_PROP_FRAME_HEIGHT);
    const double wanted = width > 0 ? static_cast<double>(width) * height : pixels;
    return std::pair(-std::abs(pixels - wanted), capture.get(cv::CAP_PROP_FPS));
  };
  const auto merit_before = merit();
  const bool is_jpeg = choose_format(info_of(PixelFormat::jpeg).fourcc);
  choose_mode(width, height, rate);
  if (is_jpeg && merit() > merit_before) return;
  choose_format(before);
  choose_mode(width, height, rate);
}

/// What OpenCV delivered, seen as a picture; nothing if it is of no kind that we know.
std::optional<Picture> OpenCvCapture::Impl::pending_picture() const {
  if (pending.empty() || pending.dims != 2) return std::nullopt;
  const auto width = static_cast<std::uint32_t>(pending.cols);
  auto height = static_cast<std::uint32_t>(pending.rows);
  PixelFormat format = PixelFormat::bgr24;
  if (pending.type() == CV_8UC3) {
    format = PixelFormat::bgr24;
  } else if (raw && (*raw == PixelFormat::nv12 || *raw == PixelFormat::i420)) {
    format = *raw;
    height = height * 2 / 3;
  } else if (raw && pending.type() == CV_8UC2) {
    format = *raw;
  } else if (pending.type() == CV_8UC1) {
    format = PixelFormat::gray8;
  } else {
    return std::nullopt;
  }
  FrameInfo info = packed_frame_info(format, width, height);
  if (info.plane_count == 1) {
    info.plane_stride[0] = static_cast<std::uint32_t>(pending.step[0]);
  } else if (!pending.isContinuous()) {
    return std::nullopt;
  }
  const std::size_t bytes = pending.step[0] * static_cast<std::size_t>(pending.rows);
  return as_picture(info, std::span(reinterpret_cast<const std::byte*>(pending.data), bytes));
}

OpenCvCapture::OpenCvCapture(const FrameWish& wish) : wish_(wish), impl_(std::make_unique<Impl>()) {}
OpenCvCapture::~OpenCvCapture() = default;

bool OpenCvCapture::open_file(const std::string& path) noexcept {
  return guarded(false, [&] { return impl_->capture.open(path, cv::CAP_FFMPEG); });
}

bool OpenCvCapture::open_camera(const std::string& device, std::uint32_t width, std::uint32_t height,
                                FrameRate rate) noexcept {
  const double wanted_rate = rate.numerator > 0 ? static_cast<double>(rate.numerator) / rate.denominator : 0;
  return guarded(false, [&] {
    if (!impl_->capture.open(device, cv::CAP_V4L2)) return false;
    const bool is_raw = can_pass_raw(wish_.format) && impl_->choose_format(info_of(wish_.format).fourcc) &&
                        impl_->capture.set(cv::CAP_PROP_CONVERT_RGB, 0);
    if (is_raw) impl_->raw = wish_.format;
    impl_->choose_mode(width, height, wanted_rate);
    if (!is_raw && impl_->is_short_of(width, height, wanted_rate)) {
      impl_->try_jpeg(width, height, wanted_rate);
    }
    return true;
  });
}

void OpenCvCapture::close() noexcept {
  guarded(0, [&] {
    impl_->capture.release();
    return 0;
  });
}

bool OpenCvCapture::grab() noexcept {
  impl_->has_pending = false;
  return guarded(false, [&] { return impl_->capture.grab(); });
}

bool OpenCvCapture::retrieve_pending() noexcept {
  impl_->has_pending = guarded(false, [&] { return impl_->capture.retrieve(impl_->pending); });
  return impl_->has_pending;
}

/// True if the layout of what fill() gives has changed by it.
bool OpenCvCapture::note_native(const Picture& picture) noexcept {
  native_ = {picture.format, picture.width, picture.height};
  const FrameInfo layout = packed_frame_info(wish_.format, wish_.width > 0 ? wish_.width : picture.width,
                                             wish_.height > 0 ? wish_.height : picture.height);
  const bool is_changed = layout.width != layout_.width || layout.height != layout_.height;
  layout_ = layout;
  return is_changed;
}

bool OpenCvCapture::examine() noexcept {
  if (!retrieve_pending()) return false;
  const auto picture = impl_->pending_picture();
  if (picture) note_native(*picture);
  return picture.has_value();
}

FillStatus OpenCvCapture::convert_pending(const MutablePicture& to) noexcept {
  const auto picture = impl_->pending_picture();
  impl_->has_pending = false;
  return picture && impl_->converter.convert(*picture, to) ? FillStatus::filled : FillStatus::corrupt;
}

FillStatus OpenCvCapture::fill(std::span<std::byte> slot, FrameInfo& info) noexcept {
  const std::uint64_t number = info.number;
  const auto target = as_picture(layout_, slot);
  if (!target) return FillStatus::corrupt;
  const bool is_as_wished = native_.format == wish_.format && native_.width == target->width &&
                            native_.height == target->height && mat_type(wish_.format) >= 0;
  info = layout_;
  info.number = number;
  if (!impl_->has_pending && is_as_wished) {
    // A header over the slot: retrieve() copies into it as long as size and type are the same.
    impl_->pending = cv::Mat(static_cast<int>(target->height), static_cast<int>(target->width),
                             mat_type(wish_.format), target->plane[0], target->stride[0]);
    const bool is_retrieved = retrieve_pending();
    const bool is_in_place = impl_->pending.data == reinterpret_cast<unsigned char*>(target->plane[0]);
    if (is_in_place) {
      impl_->has_pending = false;
      impl_->pending = cv::Mat();  // it must not outlive the loan
      return is_retrieved ? FillStatus::filled : FillStatus::corrupt;
    }
    if (!is_retrieved) return FillStatus::corrupt;
  } else if (!impl_->has_pending && !retrieve_pending()) {
    return FillStatus::corrupt;
  }
  const auto picture = impl_->pending_picture();
  if (!picture) return FillStatus::corrupt;
  // Kept until the next call, which finds room for the new size.
  if (note_native(*picture)) return FillStatus::format_changed;
  return convert_pending(*target);
}

bool OpenCvCapture::rewind() noexcept {
  return guarded(false, [&] { return impl_->capture.set(cv::CAP_PROP_POS_FRAMES, 0); });
}
double OpenCvCapture::rate() const noexcept {
  return guarded(0.0, [&] { return impl_->capture.get(cv::CAP_PROP_FPS); });
}
double OpenCvCapture::frame_count() const noexcept {
  return guarded(0.0, [&] { return impl_->capture.get(cv::CAP_PROP_FRAME_COUNT); });
}
double OpenCvCapture::time_ms() const noexcept {
  return guarded(0.0, [&] { return impl_->capture.get(cv::CAP_PROP_POS_MSEC); });
}

std::string OpenCvCapture::native_format() const {
  const auto fourcc =
      static_cast<std::uint32_t>(guarded(0.0, [&] { return impl_->capture.get(cv::CAP_PROP_FOURCC); }));
  std::string text;
  for (unsigned shift = 0; shift < 32; shift += 8) {
    const char c = static_cast<char>(fourcc >> shift & 0xff);
    if (c > ' ' && c < 127) text += c;
  }
  return text;
}

void prepare_opencv_for_process() noexcept {
  guarded(0, [] {
    cv::utils::logging::setLogLevel(cv::utils::logging::LOG_LEVEL_SILENT);
    cv::setNumThreads(1);
    return 0;
  });
}

}  // namespace shmvideo::source
