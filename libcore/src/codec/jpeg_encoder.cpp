// SPDX-License-Identifier: Apache-2.0
#include "codec/jpeg_encoder.hpp"

#include <sys/mman.h>
#include <turbojpeg.h>

#include <algorithm>
#include <csetjmp>
#include <cstdio>
#include <utility>

// Uses FILE without having declared it.
#include <jpeglib.h>

#include "codec/jpeg_strip.hpp"
#include "shmvideo/error.hpp"

namespace shmvideo::codec {
namespace {

constexpr std::uint32_t kJpegDimensionMax = JPEG_MAX_DIMENSION;

/// More than the picture can become at any quality: libjpeg-turbo's own rule (tjBufSize()), for 4:2:0 and
/// less.
std::size_t largest_bytes(const Picture& picture) noexcept {
  return tjBufSize(static_cast<int>(picture.width), static_cast<int>(picture.height), TJSAMP_420);
}

/// libjpeg, writing to memory. It ends a call that fails by a jump out of it: over its own frames, and over
/// those of JpegStrip that have nothing to be destroyed.
class Compressor {
 public:
  Compressor() noexcept {
    jpeg_.err = jpeg_std_error(&errors_);
    errors_.error_exit = [](j_common_ptr info) {
      auto& self = *static_cast<Compressor*>(info->client_data);
      char text[JMSG_LENGTH_MAX];
      self.errors_.format_message(info, text);
      self.give_up(text);
    };
    errors_.output_message = [](j_common_ptr) {};  // warnings: there are none about raw pictures
    jpeg_.client_data = this;
    if (setjmp(on_error_) != 0) return;
    jpeg_create_compress(&jpeg_);
    destination_.init_destination = [](j_compress_ptr) {};
    destination_.empty_output_buffer = [](j_compress_ptr info) -> boolean {
      static_cast<Compressor*>(info->client_data)->give_up("the picture became larger than it can be");
    };
    destination_.term_destination = [](j_compress_ptr) {};
    jpeg_.dest = &destination_;
    is_ready_ = true;
  }
  ~Compressor() { jpeg_destroy_compress(&jpeg_); }
  Compressor(const Compressor&) = delete;
  Compressor& operator=(const Compressor&) = delete;

  bool is_ready() const noexcept { return is_ready_; }
  std::string_view message() const noexcept { return message_; }

  /// The size of what stands in `to` now; 0: it failed, and message() says why.
  std::size_t compress(const Picture& picture, JpegStrip& strip, int quality,
                       std::span<std::byte> to) noexcept {
    destination_.next_output_byte = reinterpret_cast<JOCTET*>(to.data());
    destination_.free_in_buffer = to.size();
    if (setjmp(on_error_) != 0) {
      jpeg_abort_compress(&jpeg_);
      return 0;
    }
    describe(picture, strip.components(), quality);
    jpeg_start_compress(&jpeg_, TRUE);
    write_rows(strip);
    jpeg_finish_compress(&jpeg_);
    return to.size() - destination_.free_in_buffer;
  }

 private:
  [[noreturn]] void give_up(const char* why) noexcept {
    std::snprintf(message_, sizeof message_, "%s", why);
    std::longjmp(on_error_, 1);
  }

  void describe(const Picture& picture, unsigned components, int quality) {
    jpeg_.image_width = picture.width;
    jpeg_.image_height = picture.height;
    jpeg_.input_components = static_cast<int>(components);
    jpeg_.in_color_space = components == 1 ? JCS_GRAYSCALE : JCS_YCbCr;
    jpeg_set_defaults(&jpeg_);  // JFIF, and 4:2:0 where there is chroma
    jpeg_set_quality(&jpeg_, quality, TRUE);
    jpeg_.raw_data_in = TRUE;
    jpeg_.dct_method = JDCT_ISLOW;  // costs no more than the fast one where both have SIMD code
  }

  void write_rows(JpegStrip& strip) {
    // Luma alone goes block row by block row.
    const unsigned step = jpeg_.num_components == 1 ? DCTSIZE : kStripRows;
    while (jpeg_.next_scanline < jpeg_.image_height) {
      const std::uint32_t offset = jpeg_.next_scanline % kStripRows;
      if (offset == 0) rows_ = strip.rows(jpeg_.next_scanline);
      if (rows_ == nullptr) give_up("the picture cannot be converted for JPEG");
      JSAMPARRAY rest[] = {rows_[0] + offset, rows_[1], rows_[2]};
      jpeg_write_raw_data(&jpeg_, rest, step);
    }
  }

  jpeg_compress_struct jpeg_{};
  jpeg_error_mgr errors_{};
  jpeg_destination_mgr destination_{};
  std::jmp_buf on_error_;
  JSAMPIMAGE rows_ = nullptr;
  char message_[JMSG_LENGTH_MAX] = {};
  bool is_ready_ = false;
};

}  // namespace

JpegBuffer::~JpegBuffer() {
  if (memory_ != nullptr) ::munmap(memory_, capacity_);
}

bool JpegBuffer::reserve(std::size_t bytes) noexcept {
  size_ = 0;
  if (bytes <= capacity_) return true;
  if (memory_ != nullptr) ::munmap(std::exchange(memory_, nullptr), std::exchange(capacity_, 0));
  void* mapped =
      ::mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (mapped == MAP_FAILED) return false;
  ::madvise(mapped, bytes, MADV_NOHUGEPAGE);  // where there are none, this fails and need not succeed
  memory_ = static_cast<std::byte*>(mapped);
  capacity_ = bytes;
  return true;
}

struct JpegEncoder::Impl {
  Compressor jpeg;
  JpegStrip strip;
};

JpegEncoder::JpegEncoder() : impl_(std::make_unique<Impl>()) {
  if (!impl_->jpeg.is_ready()) throw Error(ErrorCode::codec_failed, "cannot start a JPEG encoder");
}
JpegEncoder::~JpegEncoder() = default;
JpegEncoder::JpegEncoder(JpegEncoder&&) noexcept = default;
JpegEncoder& JpegEncoder::operator=(JpegEncoder&&) noexcept = default;

bool JpegEncoder::fail(std::string_view message) noexcept {
  message_ = message;
  return false;
}

bool JpegEncoder::encode(const Picture& picture, int quality, JpegBuffer& to) noexcept {
  to.size_ = 0;
  if (is_coded(picture.format)) return fail("the picture is coded already");
  const auto [smaller, larger] = std::minmax(picture.width, picture.height);
  if (smaller == 0 || larger > kJpegDimensionMax) return fail("the picture's size is beyond JPEG's limits");
  if (!impl_->strip.begin(picture)) return fail("out of memory");
  if (!to.reserve(largest_bytes(picture))) return fail("out of memory");

  quality = std::clamp(quality, kJpegQualityMin, kJpegQualityMax);
  to.size_ = impl_->jpeg.compress(picture, impl_->strip, quality, {to.memory_, to.capacity_});
  if (to.size_ == 0) return fail(impl_->jpeg.message());
  message_ = {};
  return true;
}

}  // namespace shmvideo::codec
