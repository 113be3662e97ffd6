// SPDX-License-Identifier: Apache-2.0
#include "mjpeg/photo.hpp"

#include <algorithm>
#include <cmath>
#include <random>

namespace shmvideo_bench {

std::vector<std::byte> make_photo(unsigned index) {
  std::vector<std::byte> pixels(std::size_t{kPhotoWidth} * kPhotoHeight * 3);
  std::minstd_rand random(index + 1);
  std::normal_distribution<double> noise(0, 3);
  std::byte* pixel = pixels.data();
  for (unsigned y = 0; y < kPhotoHeight; ++y) {
    for (unsigned x = 0; x < kPhotoWidth; ++x, pixel += 3) {
      const double u = x + 8.0 * index;
      const double v = y;
      // Large soft shapes, and finer ones in a third of the picture, as foliage would be.
      double light = 110 + 60 * std::sin(u / 310) * std::cos(v / 170) + 25 * std::sin((u + v) / 47);
      if (std::fmod(u / 640, 3) < 1) light += 18 * std::sin(u / 5.3) * std::sin(v / 4.1);
      const double grain = noise(random);
      for (int channel = 0; channel < 3; ++channel) {
        const double tint = 20 * std::sin((u + 200 * channel) / 400);
        pixel[channel] = static_cast<std::byte>(std::clamp(light + tint + grain, 0.0, 255.0));
      }
    }
  }
  return pixels;
}

}  // namespace shmvideo_bench
