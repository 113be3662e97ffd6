// SPDX-License-Identifier: Apache-2.0
#include "codec/jpeg_decoder.hpp"

#include <turbojpeg.h>

#include <new>
#include <utility>

#include "codec/convert.hpp"
#include "shmvideo/error.hpp"

namespace shmvideo::codec {
namespace {

// A progressive picture of a few bytes can ask for hours of work; TurboJPEG stops after 500 scans.
constexpr int kFlags = TJFLAG_ACCURATEDCT | TJFLAG_LIMITSCANS;

struct Header {
  int width = 0;
  int height = 0;
  int subsampling = 0;
  int colour_space = 0;
};

const unsigned char* u8(std::span<const std::byte> bytes) {
  return reinterpret_cast<const unsigned char*>(bytes.data());
}
unsigned char* u8(std::byte* bytes) { return reinterpret_cast<unsigned char*>(bytes); }

std::optional<int> turbo_format(PixelFormat format) {
  switch (format) {
    case PixelFormat::bgr24:
      return TJPF_BGR;
    case PixelFormat::rgb24:
      return TJPF_RGB;
    case PixelFormat::gray8:
      return TJPF_GRAY;
    default:
      return std::nullopt;
  }
}

/// The smallest size that TurboJPEG decodes to fast and that has room for width x height: halves, quarters
/// and eighths. It knows seven eighths and the like too, but has no SIMD code for them: to 7/8 of 1920x1080
/// it takes three times as long as decoding the whole, and to 3/8 longer than to a half and scaling that.
std::pair<std::uint32_t, std::uint32_t> smallest_size(const Header& header, std::uint32_t width,
                                                      std::uint32_t height) noexcept {
  int count = 0;
  const tjscalingfactor* factors = tjGetScalingFactors(&count);
  std::pair best{static_cast<std::uint32_t>(header.width), static_cast<std::uint32_t>(header.height)};
  for (int i = 0; i < count; ++i) {
    const std::pair size{static_cast<std::uint32_t>(TJSCALED(header.width, factors[i])),
                         static_cast<std::uint32_t>(TJSCALED(header.height, factors[i]))};
    if (factors[i].num == 1 && size.first >= width && size.second >= height && size < best) best = size;
  }
  return best;
}

/// For odd sizes TurboJPEG writes luma up to the next even size, beyond what I420 has room for.
bool takes_planes(const MutablePicture& to) {
  return to.format == PixelFormat::i420 && to.is_full_range && to.width % 2 == 0 && to.height % 2 == 0;
}

}  // namespace

struct JpegDecoder::Impl {
  tjhandle handle = tjInitDecompress();
  PictureConverter converter;
  std::unique_ptr<std::byte[]> scratch;
  std::size_t scratch_bytes = 0;

  Impl() = default;
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;
  ~Impl() {
    if (handle != nullptr) tjDestroy(handle);
  }

  /// TurboJPEG 2.1 keeps something of a picture that it gave up on: good ones then fail too.
  void start_afresh() noexcept {
    if (handle != nullptr) tjDestroy(handle);
    handle = tjInitDecompress();
  }

  std::optional<Header> read_header(std::span<const std::byte> jpeg) noexcept {
    Header header;
    if (handle == nullptr || jpeg.empty() ||
        tjDecompressHeader3(handle, u8(jpeg), jpeg.size(), &header.width, &header.height, &header.subsampling,
                            &header.colour_space) != 0) {
      return std::nullopt;
    }
    const bool is_possible = header.width > 0 && header.height > 0 && header.width <= SHMV_DIMENSION_MAX &&
                             header.height <= SHMV_DIMENSION_MAX;
    return is_possible ? std::optional(header) : std::nullopt;
  }

  /// 0 or TurboJPEG's -1. The format is one that TurboJPEG writes by itself; the size is the picture's, or
  /// one that it can decode to.
  int decode_directly(std::span<const std::byte> jpeg, const MutablePicture& to) noexcept {
    const int width = static_cast<int>(to.width);
    const int height = static_cast<int>(to.height);
    if (const auto format = turbo_format(to.format)) {
      return tjDecompress2(handle, u8(jpeg), jpeg.size(), u8(to.plane[0]), width,
                           static_cast<int>(to.stride[0]), height, *format, kFlags);
    }
    unsigned char* planes[3] = {u8(to.plane[0]), u8(to.plane[1]), u8(to.plane[2])};
    int strides[3] = {static_cast<int>(to.stride[0]), static_cast<int>(to.stride[1]),
                      static_cast<int>(to.stride[2])};
    return tjDecompressToYUVPlanes(handle, u8(jpeg), jpeg.size(), planes, width, strides, height, kFlags);
  }

  /// The picture to decode to before converting: planes where they are cheap, else BGR24.
  std::optional<MutablePicture> intermediate(std::uint32_t width, std::uint32_t height,
                                             int subsampling) noexcept {
    const bool is_planar = subsampling == TJSAMP_420 && width % 2 == 0 && height % 2 == 0;
    const FrameInfo info =
        packed_frame_info(is_planar ? PixelFormat::i420 : PixelFormat::bgr24, width, height);
    if (info.payload_bytes > scratch_bytes) {
      scratch.reset(new (std::nothrow) std::byte[info.payload_bytes]);
      scratch_bytes = scratch ? info.payload_bytes : 0;
    }
    auto picture = as_picture(info, std::span(scratch.get(), scratch_bytes));
    if (picture) picture->is_full_range = true;
    return picture;
  }
};

JpegDecoder::JpegDecoder() : impl_(std::make_unique<Impl>()) {
  if (impl_->handle == nullptr) throw Error(ErrorCode::codec_failed, "cannot start a JPEG decoder");
}
JpegDecoder::~JpegDecoder() = default;
JpegDecoder::JpegDecoder(JpegDecoder&&) noexcept = default;
JpegDecoder& JpegDecoder::operator=(JpegDecoder&&) noexcept = default;

JpegStatus JpegDecoder::fail(std::string_view message) noexcept {
  message_ = message;
  impl_->start_afresh();
  return JpegStatus::failed;
}

std::optional<JpegHeader> JpegDecoder::probe(std::span<const std::byte> jpeg) noexcept {
  const auto header = impl_->read_header(jpeg);
  if (!header) {
    fail("this is no JPEG picture");
    return std::nullopt;
  }
  return JpegHeader{static_cast<std::uint32_t>(header->width), static_cast<std::uint32_t>(header->height),
                    header->subsampling == TJSAMP_GRAY};
}

JpegStatus JpegDecoder::decode(std::span<const std::byte> jpeg, const MutablePicture& to) noexcept {
  const auto header = impl_->read_header(jpeg);
  if (!header) return fail("this is no JPEG picture");
  if (static_cast<std::uint32_t>(header->width) != to.width ||
      static_cast<std::uint32_t>(header->height) != to.height) {
    return fail("the picture has another size");
  }
  return decode_as(jpeg, to, to.width, to.height, header->subsampling);
}

JpegStatus JpegDecoder::decode_scaled(std::span<const std::byte> jpeg, const MutablePicture& to) noexcept {
  const auto header = impl_->read_header(jpeg);
  if (!header) return fail("this is no JPEG picture");
  const auto& [width, height] = smallest_size(*header, to.width, to.height);
  return decode_as(jpeg, to, width, height, header->subsampling);
}

/// Decodes to `width` x `height`, and converts and scales to what `to` is.
JpegStatus JpegDecoder::decode_as(std::span<const std::byte> jpeg, const MutablePicture& to,
                                  std::uint32_t width, std::uint32_t height, int subsampling) noexcept {
  const bool is_direct =
      to.width == width && to.height == height &&
      (turbo_format(to.format).has_value() || (takes_planes(to) && subsampling == TJSAMP_420));
  const std::optional<MutablePicture> target =
      is_direct ? to : impl_->intermediate(width, height, subsampling);
  if (!target) return fail("out of memory");
  const int outcome = impl_->decode_directly(jpeg, *target);
  const bool is_damaged = outcome != 0 && tjGetErrorCode(impl_->handle) == TJERR_WARNING;
  if (outcome != 0 && !is_damaged) return fail("the JPEG data make no picture");
  if (!is_direct && !impl_->converter.convert(*target, to)) return fail("the picture cannot be converted");
  message_ = is_damaged ? "the JPEG data are cut short or damaged" : "";
  return is_damaged ? JpegStatus::damaged : JpegStatus::ok;
}

}  // namespace shmvideo::codec
