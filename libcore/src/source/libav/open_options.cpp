// SPDX-License-Identifier: Apache-2.0
#include "source/libav/open_options.hpp"

#include <fmt/format.h>

#include <cerrno>

#include "codec/libav/formats.hpp"
#include "source/libav/location.hpp"

extern "C" {
#include <libavutil/error.h>
#include <libavutil/pixdesc.h>
}

namespace shmvideo::source::media {

namespace av = codec::libav;

void set_open_options(const MediaOptions& media, av::Options& options) {
  const std::string scheme = scheme_of(media.location);
  if (scheme == "rtsp" || scheme == "rtsps") {
    // Over UDP the first lost datagram damages pictures, and most firewalls keep it out.
    if (scheme == "rtsp") options.set("rtsp_transport", "tcp");
    // Sound would be waited for when the stream is looked at.
    options.set("allowed_media_types", "video");
  }
  // A list of files (m3u8, concat) may name files, as it may for libavformat's own file protocol, and
  // nothing that makes us call somebody.
  if (scheme.empty()) options.set("protocol_whitelist", "file,crypto,data");
  if (media.raw) {
    const auto format = static_cast<AVPixelFormat>(av::pixel_format_of(media.raw->format));
    const char* name = av_get_pix_fmt_name(format);
    options.set("pixel_format", name != nullptr ? name : "");
    options.set("video_size", fmt::format("{}x{}", media.raw->width, media.raw->height));
    const FrameRate rate = media.rate.numerator > 0 ? media.rate : FrameRate{25, 1};
    options.set("framerate", fmt::format("{}/{}", rate.numerator, rate.denominator));
  }
}

std::string explain_failure(const MediaOptions& media, int error_code) {
  const std::string shown = shown_location(media.location);
  const LocationKind kind = kind_of(media.location);
  switch (error_code) {
    case AVERROR_PROTOCOL_NOT_FOUND:
      return fmt::format(
          "cannot open '{}': FFmpeg knows no protocol '{}' here ('ffmpeg -protocols' lists them)", shown,
          scheme_of(media.location));
    case AVERROR_STREAM_NOT_FOUND:
      return fmt::format("'{}' has no video in it", shown);
    case AVERROR_INVALIDDATA:
    case AVERROR_EOF:
      if (kind == LocationKind::path) return fmt::format("'{}' is no video file that can be read", shown);
      if (kind == LocationKind::url) {
        return fmt::format("'{}' answers, but sends no video that can be read", shown);
      }
      return "standard input is no video that can be read: it takes YUV4MPEG2, MJPEG or a container that can "
             "be streamed, or raw frames whose size and format are given";
    case AVERROR(ECONNREFUSED):
      return fmt::format(
          "cannot open '{}': nobody listens there (connection refused); is the server running?", shown);
    case AVERROR(EIO):
      // What libavformat says of a host that nobody knows.
      if (kind != LocationKind::url) break;
      return fmt::format("cannot open '{}': there is no such host, or the connection broke", shown);
    default:
      break;
  }
  return fmt::format("cannot open '{}': {}", shown, av::error_text(error_code));
}

}  // namespace shmvideo::source::media
