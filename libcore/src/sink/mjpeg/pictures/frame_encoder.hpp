// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>

#include "codec/convert.hpp"
#include "codec/jpeg_decoder.hpp"
#include "codec/jpeg_encoder.hpp"
#include "shmvideo/reader.hpp"
#include "sink/mjpeg/pictures/fed_frame.hpp"
#include "sink/mjpeg/pictures/jpeg_picture.hpp"
#include "sink/mjpeg/pictures/rendition.hpp"

namespace shmvideo::sink {

enum class EncodeStatus {
  ok,
  revoked,  ///< The writer took the frame back meanwhile: there is a newer one,
            ///< or none for now.
  failed,   ///< No picture can be made of this frame.
};

/// Takes a JPEG frame's bytes as they are. Sets picture.bytes; `reason` on failure.
EncodeStatus copy_jpeg(const Frame& frame, JpegPicture& picture, std::string& reason);

/// Makes JPEG pictures of frames, reading them in place, and of stills. One to a thread.
class FrameEncoder {
 public:
  /// Encodes `source` in `form`, which is not as_is, into `picture` and sets picture.bytes; `reason` on
  /// failure.
  EncodeStatus encode(const FedFrame& source, const PictureForm& form, JpegPicture& picture,
                      std::string& reason);
  /// What is to be shown of `frame` when no other comes. Null: no picture can be made of it, or it was taken
  /// back.
  std::shared_ptr<const KeptFrame> keep(const Frame& frame);

 private:
  struct Memory {
    std::unique_ptr<std::byte[]> bytes;
    std::size_t capacity = 0;
  };
  static std::optional<MutablePicture> picture_in(Memory& memory, PixelFormat format, std::uint32_t width,
                                                  std::uint32_t height);
  std::optional<Picture> picture_of(const FedFrame& source, const PictureForm& form, std::string& reason);
  std::optional<Picture> captioned(const FedFrame& source, const PictureForm& form, std::string& reason);
  std::optional<Picture> scaled(const Picture& picture, const PictureForm& form, std::string& reason);
  std::optional<Picture> decoded(const Frame& frame, const PictureForm& form, std::string& reason);

  codec::JpegEncoder encoder_;
  codec::PictureConverter converter_;
  std::unique_ptr<codec::JpegDecoder> decoder_;  // made when the first JPEG frame is encoded anew
  Memory made_;                                  // what is encoded, where it is not the frame itself
};

}  // namespace shmvideo::sink
