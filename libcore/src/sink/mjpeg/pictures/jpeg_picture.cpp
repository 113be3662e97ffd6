// SPDX-License-Identifier: Apache-2.0
#include "sink/mjpeg/pictures/jpeg_picture.hpp"

#include <algorithm>

namespace shmvideo::sink {

std::shared_ptr<JpegPicture> PicturePool::take() {
  const auto is_free = [](const std::shared_ptr<JpegPicture>& picture) { return picture.use_count() == 1; };
  if (std::ranges::count_if(pictures_, is_free) > static_cast<std::ptrdiff_t>(kSpare)) {
    pictures_.erase(std::ranges::find_if(pictures_, is_free));
  }
  const auto found = std::ranges::find_if(pictures_, is_free);
  if (found != pictures_.end()) return *found;
  return pictures_.emplace_back(std::make_shared<JpegPicture>());
}

}  // namespace shmvideo::sink
