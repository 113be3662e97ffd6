// SPDX-License-Identifier: Apache-2.0
// Stands in for terminal_picture.cpp in builds without chafa.
#include "picture/terminal_picture.hpp"
#include "shmvideo/error.hpp"

namespace shmvideo::inspect {

bool can_show_pictures() { return false; }

std::string picture_as_text(const RgbPicture&, const toolkit::TerminalSize&) {
  throw Error(ErrorCode::codec_failed,
              "this shm-inspect was built without chafa; use --save FILE.png instead");
}

}  // namespace shmvideo::inspect
