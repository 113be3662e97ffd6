// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <vector>

namespace shmvideo_bench {

inline constexpr unsigned kPhotoWidth = 1920;
inline constexpr unsigned kPhotoHeight = 1080;

/// Packed BGR24 that is to JPEG what a photograph with some sensor noise is: about 200 KB at quality 85.
/// Each `index` gives another view of the same scene.
std::vector<std::byte> make_photo(unsigned index);

}  // namespace shmvideo_bench
