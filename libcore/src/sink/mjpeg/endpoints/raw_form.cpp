// SPDX-License-Identifier: Apache-2.0
#include "sink/mjpeg/endpoints/raw_form.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <memory>
#include <new>
#include <string_view>

#include "codec/convert.hpp"
#include "codec/jpeg_decoder.hpp"
#include "shmvideo/picture.hpp"
#include "sink/mjpeg/pictures/rendition.hpp"

namespace shmvideo::sink {
namespace {

constexpr std::uint8_t kFullRange = 2;

std::string_view name_of(std::optional<PixelFormat> format) {
  return format ? info_of(*format).name : std::string_view("unknown");
}

bool is_raw(std::optional<PixelFormat> format) noexcept { return format && !is_coded(*format); }

/// Of the formats with luma and chroma, which come in two ranges.
bool has_range(PixelFormat format) noexcept {
  return format != PixelFormat::bgr24 && format != PixelFormat::rgb24 && format != PixelFormat::gray8;
}

/// `frame` with another layout: the same picture at the same time.
FrameInfo with_layout(const FrameInfo& frame, PixelFormat format, std::uint32_t width, std::uint32_t height) {
  const FrameInfo packed = packed_frame_info(format, width, height);
  FrameInfo form = frame;
  form.fourcc = packed.fourcc;
  form.width = packed.width;
  form.height = packed.height;
  form.plane_count = packed.plane_count;
  form.plane_offset = packed.plane_offset;
  form.plane_stride = packed.plane_stride;
  form.payload_bytes = packed.payload_bytes;
  const auto from = pixel_format_from_fourcc(frame.fourcc);
  // A range stays what it is, so that no sample is changed for it; a JPEG picture's is the full one.
  if (has_range(format) && from == PixelFormat::jpeg) {
    form.colour_range = kFullRange;
  } else if (!(has_range(format) && is_raw(from) && has_range(*from))) {
    form.colour_range = packed.colour_range;
  }
  return form;
}

bool is_same_layout(const FrameInfo& a, const FrameInfo& b) noexcept {
  return a.fourcc == b.fourcc && a.width == b.width && a.height == b.height &&
         a.payload_bytes == b.payload_bytes && a.plane_count == b.plane_count &&
         a.plane_offset == b.plane_offset && a.plane_stride == b.plane_stride;
}

/// Why a frame does not come in the form that is asked for; empty: it does.
std::string obstacle(std::optional<PixelFormat> from, const RawWish& wish) {
  const bool is_as_is = !wish.format || wish.format == from;
  const bool has_size = wish.width > 0 || wish.height > 0;
  if (!is_raw(from) && is_as_is && !has_size) return {};
  if (wish.format && is_coded(*wish.format) && wish.format != from) {
    return fmt::format("cannot make {} of {} frames{}", name_of(wish.format), name_of(from),
                       wish.format == PixelFormat::jpeg ? "; /stream/video/frame is a JPEG picture" : "");
  }
  if (is_raw(from)) return {};
  if (from != PixelFormat::jpeg) {
    return fmt::format("cannot convert {} frames; without format, width and height they come as they are",
                       name_of(from));
  }
  if (is_as_is) return "JPEG frames get another size only in a raw format: add format=BGR24, or another";
  return {};
}

/// "1920,960,960": one for each plane.
std::string list(const FrameInfo& form, const auto& values) {
  std::string text;
  for (std::uint32_t i = 0; i < form.plane_count; ++i)
    text.append(i > 0 ? "," : "").append(std::to_string(values[i]));
  return text;
}

/// Decodes into `to`, which has the frame's size.
bool decode(std::span<const std::byte> jpeg, const FrameInfo& frame, const MutablePicture& to,
            std::string& reason) {
  codec::JpegDecoder decoder;
  const auto header = decoder.probe(jpeg);
  // A picture that is larger than its frame says might ask for more memory than there is.
  if (!header || header->width != frame.width || header->height != frame.height) {
    reason = header ? "the JPEG picture is not as large as its frame says"
                    : "the frame says that it is JPEG but cannot be decoded";
    return false;
  }
  // A damaged picture is still a picture: the client sees what the camera sent.
  if (decoder.decode(jpeg, to) != codec::JpegStatus::failed) return true;
  reason = decoder.message();
  return false;
}

bool convert(const std::optional<Picture>& from, const MutablePicture& to) {
  return from && codec::PictureConverter().convert(*from, to);
}

/// For JPEG frames that become smaller: decoding comes first.
bool decode_and_scale(std::span<const std::byte> jpeg, const FrameInfo& frame, const MutablePicture& to,
                      std::string& reason) {
  const FrameInfo layout = packed_frame_info(to.format, frame.width, frame.height);
  const std::unique_ptr<std::byte[]> memory(new (std::nothrow) std::byte[layout.payload_bytes]);
  auto whole = as_picture(layout, std::span(memory.get(), memory ? layout.payload_bytes : 0));
  if (!whole) {
    reason = "out of memory for the decoded frame";
    return false;
  }
  whole->is_full_range = to.is_full_range;
  return decode(jpeg, frame, *whole, reason) && convert(Picture(*whole), to);
}

}  // namespace

std::optional<FrameInfo> raw_form(const FrameInfo& frame, const RawWish& wish, std::string& reason) {
  const auto from = pixel_format_from_fourcc(frame.fourcc);
  reason = obstacle(from, wish);
  if (!reason.empty()) return std::nullopt;
  if (!is_raw(wish.format ? wish.format : from)) return frame;
  const PictureForm size = form_of(Rendition{.width = wish.width, .height = wish.height}, frame);
  const FrameInfo form =
      with_layout(frame, wish.format.value_or(*from), size.width > 0 ? size.width : frame.width,
                  size.height > 0 ? size.height : frame.height);
  if (form.payload_bytes == 0) {
    reason = "the frame has no size";
    return std::nullopt;
  }
  return form;
}

std::string raw_form_name(const FrameInfo& form) {
  return fmt::format("{}-{}x{}", name_of(pixel_format_from_fourcc(form.fourcc)), form.width, form.height);
}

std::string raw_headers(const FrameInfo& form) {
  std::string text = fmt::format("X-Format: {}\r\nX-Width: {}\r\nX-Height: {}\r\n",
                                 name_of(pixel_format_from_fourcc(form.fourcc)), form.width, form.height);
  if (form.plane_count == 0) return text;
  static constexpr std::array kRanges{"unknown", "limited", "full"};
  return text + fmt::format("X-Strides: {}\r\nX-Offsets: {}\r\nX-Color-Range: {}\r\n",
                            list(form, form.plane_stride), list(form, form.plane_offset),
                            kRanges[form.colour_range < kRanges.size() ? form.colour_range : 0]);
}

bool make_raw(const FrameInfo& frame, std::span<const std::byte> payload, const FrameInfo& form,
              std::span<std::byte> to, std::string& reason) {
  if (is_same_layout(frame, form)) {
    // See RawRequest for why the bytes are not sent from where they are.
    std::memcpy(to.data(), payload.data(), std::min(payload.size(), to.size()));
    return true;
  }
  const auto picture = as_picture(form, to);
  reason = "cannot convert " + raw_form_name(frame) + " frames to " + raw_form_name(form);
  if (!picture) return false;
  if (pixel_format_from_fourcc(frame.fourcc) != PixelFormat::jpeg) {
    return convert(as_picture(frame, payload), *picture);
  }
  const bool is_same_size = frame.width == form.width && frame.height == form.height;
  return is_same_size ? decode(payload, frame, *picture, reason)
                      : decode_and_scale(payload, frame, *picture, reason);
}

}  // namespace shmvideo::sink
