// SPDX-License-Identifier: Apache-2.0
#include "picture/picture_file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <png.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <cerrno>
#include <cstring>
#include <string>
#include <vector>

#include "codec/jpeg_encoder.hpp"
#include "shmvideo/error.hpp"

namespace shmvideo::inspect {
namespace {

namespace fs = std::filesystem;

constexpr int kJpegQuality = 90;

[[noreturn]] void fail(const fs::path& file, int reason) {
  throw Error(ErrorCode::system, fmt::format("cannot write '{}': {}", file.string(), std::strerror(reason)),
              reason);
}

void write_all(const fs::path& path, const fs::path& shown, std::span<const std::byte> bytes) {
  const int descriptor = ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
  if (descriptor < 0) fail(shown, errno);
  while (!bytes.empty()) {
    const ssize_t written = ::write(descriptor, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) {
      const int reason = errno;
      ::close(descriptor);
      fail(shown, reason);
    }
    bytes = bytes.subspan(static_cast<std::size_t>(written));
  }
  if (::close(descriptor) != 0) fail(shown, errno);
}

/// Through a neighbour and a rename, so that who looks at the file sees the old picture or the new.
/// A device or a pipe is written to as it is.
void write_file(const fs::path& file, std::span<const std::byte> bytes) {
  struct stat status {};
  if (::stat(file.c_str(), &status) == 0 && !S_ISREG(status.st_mode)) {
    write_all(file, file, bytes);
    return;
  }
  fs::path neighbour = file;
  neighbour += fmt::format(".{}.part", ::getpid());
  try {
    write_all(neighbour, file, bytes);
    if (::rename(neighbour.c_str(), file.c_str()) != 0) fail(file, errno);
  } catch (...) {
    ::unlink(neighbour.c_str());
    throw;
  }
}

std::vector<std::byte> encode_png(const RgbPicture& rgb) {
  png_image image{};
  image.version = PNG_IMAGE_VERSION;
  image.width = rgb.width;
  image.height = rgb.height;
  image.format = PNG_FORMAT_RGB;
  image.flags = PNG_IMAGE_FLAG_FAST;  // half the time for a few percent more bytes
  std::vector<std::byte> file(PNG_IMAGE_PNG_SIZE_MAX(image));
  png_alloc_size_t size = file.size();
  if (!png_image_write_to_memory(&image, file.data(), &size, 0, rgb.samples.data(), 0, nullptr)) {
    throw Error(ErrorCode::codec_failed, fmt::format("cannot encode the picture as PNG: {}", image.message));
  }
  file.resize(size);
  return file;
}

}  // namespace

std::optional<PictureFileKind> picture_file_kind(const fs::path& file) {
  std::string ending = file.extension().string();
  std::transform(ending.begin(), ending.end(), ending.begin(),
                 [](unsigned char c) { return std::tolower(c); });
  if (ending == ".png") return PictureFileKind::png;
  if (ending == ".jpg" || ending == ".jpeg") return PictureFileKind::jpeg;
  return std::nullopt;
}

void save_picture(const NewestFrame& frame, const fs::path& file) {
  if (picture_file_kind(file) == PictureFileKind::png) {
    write_file(file, encode_png(to_rgb(frame)));
    return;
  }
  if (pixel_format_from_fourcc(frame.info.fourcc) == PixelFormat::jpeg) {
    write_file(file, frame.bytes);
    return;
  }
  codec::JpegEncoder encoder;
  codec::JpegBuffer jpeg;
  if (!encoder.encode(planes_of(frame), kJpegQuality, jpeg)) {
    throw Error(ErrorCode::codec_failed,
                fmt::format("cannot encode the picture as JPEG: {}", encoder.message()));
  }
  write_file(file, jpeg.bytes());
}

}  // namespace shmvideo::inspect
