// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "shmvideo/frame_info.hpp"
#include "sink/mjpeg/pictures/rendition.hpp"

namespace shmvideo::sink {

/// The ETag (with its quotes) of a frame in one form: no other frame and no other form has it. A strong one:
/// what is made of a frame in a form is the same bytes each time.
std::string frame_tag(const FrameInfo& frame, std::string_view form);
/// The same for a JPEG picture.
std::string frame_tag(const FrameInfo& frame, const PictureForm& form);

}  // namespace shmvideo::sink
