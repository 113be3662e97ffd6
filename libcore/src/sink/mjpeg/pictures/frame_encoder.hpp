// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <memory>
#include <string>

#include "codec/jpeg_decoder.hpp"
#include "codec/jpeg_encoder.hpp"
#include "shmvideo/reader.hpp"
#include "sink/mjpeg/pictures/jpeg_picture.hpp"
#include "sink/mjpeg/pictures/rendition.hpp"

namespace shmvideo::sink {

enum class EncodeStatus {
  ok,
  revoked,  ///< The writer took the frame back meanwhile: there is a newer one, or none for now.
  failed,   ///< No picture can be made of this frame.
};

/// Takes a JPEG frame's bytes as they are. Sets picture.bytes; `reason` on failure.
EncodeStatus copy_jpeg(const Frame& frame, JpegPicture& picture, std::string& reason);

/// Makes JPEG pictures of frames, reading them in place. One to a thread.
class FrameEncoder {
 public:
  /// Encodes `frame` in `form`, which is not as_is, into `picture` and sets picture.bytes; `reason` on
  /// failure.
  EncodeStatus encode(const Frame& frame, const PictureForm& form, JpegPicture& picture, std::string& reason);

 private:
  bool decode(const Frame& frame, std::string& reason);

  codec::JpegEncoder encoder_;
  std::unique_ptr<codec::JpegDecoder> decoder_;  // made when the first JPEG frame is encoded anew
  std::unique_ptr<std::byte[]> decoded_bytes_;
  std::size_t decoded_capacity_ = 0;
  Picture decoded_;
};

}  // namespace shmvideo::sink
