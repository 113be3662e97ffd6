// SPDX-License-Identifier: Apache-2.0
#include "source/gstreamer/pipeline.hpp"

#include <fmt/format.h>
#include <gst/app/gstappsink.h>
#include <gst/gst.h>
#include <gst/video/video.h>

#include <array>
#include <filesystem>
#include <optional>
#include <utility>

#include "shmvideo/error.hpp"

namespace shmvideo::source {
namespace {

/// What GStreamer calls the formats that we have.
constexpr std::array<std::pair<GstVideoFormat, PixelFormat>, 7> kFormats{
    {{GST_VIDEO_FORMAT_BGR, PixelFormat::bgr24},
     {GST_VIDEO_FORMAT_RGB, PixelFormat::rgb24},
     {GST_VIDEO_FORMAT_GRAY8, PixelFormat::gray8},
     {GST_VIDEO_FORMAT_YUY2, PixelFormat::yuyv},
     {GST_VIDEO_FORMAT_UYVY, PixelFormat::uyvy},
     {GST_VIDEO_FORMAT_NV12, PixelFormat::nv12},
     {GST_VIDEO_FORMAT_I420, PixelFormat::i420}}};
constexpr const char* kCaps = "video/x-raw,format=(string){I420,NV12,YUY2,UYVY,BGR,RGB,GRAY8}";
/// Pictures that wait for us; more would only make them old.
constexpr guint kQueued = 2;

std::optional<PixelFormat> format_of(GstVideoFormat format) {
  for (const auto& [theirs, ours] : kFormats) {
    if (theirs == format) return ours;
  }
  return std::nullopt;
}

struct Unref {
  void operator()(GstElement* element) const { gst_object_unref(element); }
  void operator()(GstBus* bus) const { gst_object_unref(bus); }
  void operator()(GstSample* sample) const { gst_sample_unref(sample); }
  void operator()(GstCaps* caps) const { gst_caps_unref(caps); }
  void operator()(GstMessage* message) const { gst_message_unref(message); }
  void operator()(GstIterator* iterator) const { gst_iterator_free(iterator); }
  void operator()(GError* error) const { g_error_free(error); }
  void operator()(gchar* text) const { g_free(text); }
};
template <typename T>
using Owned = std::unique_ptr<T, Unref>;

Error failed(std::string why) { return Error(ErrorCode::source_failed, "GStreamer: " + std::move(why)); }

/// The first appsink in the pipeline, as a reference of its own.
Owned<GstElement> find_sink(GstElement* pipeline) {
  if (GST_IS_APP_SINK(pipeline)) return Owned<GstElement>(GST_ELEMENT(gst_object_ref(pipeline)));
  if (!GST_IS_BIN(pipeline)) return nullptr;
  const Owned<GstIterator> elements(gst_bin_iterate_recurse(GST_BIN(pipeline)));
  GValue found = G_VALUE_INIT;
  const auto is_other = [](gconstpointer item, gconstpointer) -> gint {
    return GST_IS_APP_SINK(g_value_get_object(static_cast<const GValue*>(item))) ? 0 : 1;
  };
  if (!gst_iterator_find_custom(elements.get(), is_other, &found, nullptr)) return nullptr;
  Owned<GstElement> sink(GST_ELEMENT(g_value_dup_object(&found)));
  g_value_unset(&found);
  return sink;
}

/// MJPEG over HTTP is one stream; where that is not said, decodebin waits for others until its queues are
/// full, which takes small pictures half a minute.
void expect_one_stream(GstBin*, GstBin*, GstElement* fresh, gpointer) {
  GstElementFactory* const factory = gst_element_get_factory(fresh);
  if (factory && g_strcmp0(GST_OBJECT_NAME(factory), "multipartdemux") == 0) {
    g_object_set(fresh, "single-stream", TRUE, nullptr);
  }
}

}  // namespace

struct Pipeline::Impl {
  Owned<GstElement> pipeline;
  Owned<GstElement> sink;
  Owned<GstSample> sample;
  GstVideoInfo info{};

  GstAppSink* app_sink() const { return GST_APP_SINK(sink.get()); }
};

Pipeline::Pipeline() : impl_(std::make_unique<Impl>()) {}

Pipeline::~Pipeline() {
  impl_->sample.reset();
  if (impl_->pipeline) gst_element_set_state(impl_->pipeline.get(), GST_STATE_NULL);
}

void Pipeline::start(const std::string& text) {
  GError* complaint = nullptr;
  if (!gst_init_check(nullptr, nullptr, &complaint)) {
    throw failed(Owned<GError>(complaint)->message);
  }
  impl_->pipeline.reset(gst_parse_launch(text.c_str(), &complaint));
  const Owned<GError> error(complaint);  // also of a pipeline that was made in part
  if (impl_->pipeline) gst_object_ref_sink(impl_->pipeline.get());
  if (error || !impl_->pipeline) throw failed(error ? error->message : "no pipeline");
  impl_->sink = find_sink(impl_->pipeline.get());
  if (!impl_->sink) throw failed("there is no appsink in '" + text + "'");
  if (GST_IS_BIN(impl_->pipeline.get())) {
    g_signal_connect(impl_->pipeline.get(), "deep-element-added", G_CALLBACK(expect_one_stream), nullptr);
  }
  const Owned<GstCaps> caps(gst_caps_from_string(kCaps));
  gst_app_sink_set_caps(impl_->app_sink(), caps.get());
  if (gst_app_sink_get_max_buffers(impl_->app_sink()) == 0) {
    gst_app_sink_set_max_buffers(impl_->app_sink(), kQueued);
  }
  const GstStateChangeReturn change = gst_element_set_state(impl_->pipeline.get(), GST_STATE_PLAYING);
  if (change == GST_STATE_CHANGE_NO_PREROLL) {
    gst_app_sink_set_drop(impl_->app_sink(), TRUE);  // what comes live does not wait for us
  } else if (change == GST_STATE_CHANGE_FAILURE) {
    look_at_bus();
    throw failed(failure_.empty() ? "the pipeline does not start" : failure_);
  }
}

void Pipeline::look_at_bus() noexcept {
  if (!failure_.empty()) return;
  const Owned<GstBus> bus(gst_element_get_bus(impl_->pipeline.get()));
  const Owned<GstMessage> message(gst_bus_pop_filtered(bus.get(), GST_MESSAGE_ERROR));
  if (!message) return;
  GError* error = nullptr;
  gst_message_parse_error(message.get(), &error, nullptr);
  const Owned<GError> owned(error);
  const Owned<gchar> element(gst_object_get_name(GST_MESSAGE_SRC(message.get())));
  failure_ = fmt::format("{}: {}", element.get(), owned->message);
  while (!failure_.empty() && failure_.back() == '.') failure_.pop_back();
}

Pipeline::Pull Pipeline::pull(std::chrono::nanoseconds patience) noexcept {
  impl_->sample.reset(
      gst_app_sink_try_pull_sample(impl_->app_sink(), static_cast<GstClockTime>(patience.count())));
  if (!impl_->sample) {
    look_at_bus();
    if (!failure_.empty()) return Pull::failed;
    return gst_app_sink_is_eos(impl_->app_sink()) ? Pull::end : Pull::nothing_yet;
  }
  GstCaps* const caps = gst_sample_get_caps(impl_->sample.get());
  if (caps && gst_video_info_from_caps(&impl_->info, caps)) return Pull::picture;
  failure_ = "what it delivers is no picture";
  return Pull::failed;
}

bool Pipeline::with_picture(const std::function<bool(const Picture&)>& use) const noexcept {
  GstBuffer* const buffer = impl_->sample ? gst_sample_get_buffer(impl_->sample.get()) : nullptr;
  const auto format = format_of(GST_VIDEO_INFO_FORMAT(&impl_->info));
  GstVideoFrame frame;
  if (!buffer || !format || !gst_video_frame_map(&frame, &impl_->info, buffer, GST_MAP_READ)) return false;
  Picture picture;
  picture.format = *format;
  picture.width = width();
  picture.height = height();
  picture.is_full_range = GST_VIDEO_INFO_COLORIMETRY(&impl_->info).range == GST_VIDEO_COLOR_RANGE_0_255;
  for (guint i = 0; i < GST_VIDEO_FRAME_N_PLANES(&frame) && i < picture.plane.size(); ++i) {
    picture.plane[i] = static_cast<const std::byte*>(GST_VIDEO_FRAME_PLANE_DATA(&frame, i));
    picture.stride[i] = static_cast<std::uint32_t>(GST_VIDEO_FRAME_PLANE_STRIDE(&frame, i));
  }
  const bool is_used = use(picture);
  gst_video_frame_unmap(&frame);
  return is_used;
}

std::uint32_t Pipeline::width() const noexcept {
  return static_cast<std::uint32_t>(GST_VIDEO_INFO_WIDTH(&impl_->info));
}

std::uint32_t Pipeline::height() const noexcept {
  return static_cast<std::uint32_t>(GST_VIDEO_INFO_HEIGHT(&impl_->info));
}

FrameRate Pipeline::rate() const noexcept {
  const int numerator = GST_VIDEO_INFO_FPS_N(&impl_->info);
  const int denominator = GST_VIDEO_INFO_FPS_D(&impl_->info);
  if (numerator <= 0 || denominator <= 0) return {0, 1};
  return {static_cast<std::uint32_t>(numerator), static_cast<std::uint32_t>(denominator)};
}

std::int64_t Pipeline::pts_ns() const noexcept {
  GstBuffer* const buffer = impl_->sample ? gst_sample_get_buffer(impl_->sample.get()) : nullptr;
  if (!buffer || !GST_BUFFER_PTS_IS_VALID(buffer)) return -1;
  return static_cast<std::int64_t>(GST_BUFFER_PTS(buffer));
}

bool Pipeline::has_duration() const noexcept {
  gint64 duration = 0;
  return gst_element_query_duration(impl_->pipeline.get(), GST_FORMAT_TIME, &duration) && duration > 0;
}

std::string Pipeline::uri_of_file(const std::string& path) {
  std::error_code ignored;
  if (!std::filesystem::is_regular_file(path, ignored)) return {};
  const Owned<gchar> uri(gst_filename_to_uri(path.c_str(), nullptr));
  return uri ? uri.get() : "";
}

}  // namespace shmvideo::source
