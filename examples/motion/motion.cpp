// SPDX-License-Identifier: Apache-2.0
// Tells when and where something moves in a segment, from the pictures in shared memory, without a copy.
//
//   motion NAME [CHANGE] [FRAMES]
//
// CHANGE is by how much the brightness (0 to 255) of a cell has to differ from what was usual there: 12.
#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <optional>
#include <shmvideo/picture.hpp>
#include <shmvideo/reader.hpp>
#include <vector>

namespace {

constexpr std::uint32_t kCell = 16;  // pixels; the picture is looked at in squares of this size
constexpr std::uint32_t kStep = 4;   // every fourth pixel of every fourth row tells enough
constexpr float kForget = 0.05F;     // how fast what is usual follows what is seen

/// Where brightness stands in the first plane: bytes from pixel to pixel, and to the first. Green is as good.
struct Luma {
  std::uint32_t bytes_per_pixel, offset;
};
Luma luma_of(shmvideo::PixelFormat format) {
  switch (format) {
    case shmvideo::PixelFormat::bgr24:
    case shmvideo::PixelFormat::rgb24:
      return {3, 1};
    case shmvideo::PixelFormat::yuyv:
      return {2, 0};
    case shmvideo::PixelFormat::uyvy:
      return {2, 1};
    default:
      return {1, 0};
  }
}

struct Area {
  std::uint32_t left, top, right, bottom;  // pixels; right and bottom are outside
  std::size_t cells;
};

class Detector {
 public:
  explicit Detector(float change) : change_(change) {}

  /// The part of the picture that differs from what was usual; nothing for the first picture of its size.
  std::optional<Area> look(const shmvideo::Picture& picture) {
    const std::uint32_t columns = (picture.width + kCell - 1) / kCell;
    const std::uint32_t rows = (picture.height + kCell - 1) / kCell;
    const bool is_first = columns != columns_ || usual_.size() != std::size_t{columns} * rows;
    if (is_first) usual_.assign(std::size_t{columns} * rows, 0);
    columns_ = columns;
    std::optional<Area> area;
    for (std::uint32_t row = 0; row < rows; ++row)
      for (std::uint32_t column = 0; column < columns; ++column) {
        float& usual = usual_[std::size_t{row} * columns + column];
        const float now = mean(picture, column * kCell, row * kCell);
        if (!is_first && std::abs(now - usual) > change_) add(area, picture, column * kCell, row * kCell);
        usual += is_first ? now : (now - usual) * kForget;
      }
    return area;
  }
  std::size_t cells() const { return usual_.size(); }

 private:
  static float mean(const shmvideo::Picture& picture, std::uint32_t left, std::uint32_t top) {
    const auto [bytes_per_pixel, offset] = luma_of(picture.format);
    std::uint32_t sum = 0, count = 0;
    for (std::uint32_t y = top; y < std::min(top + kCell, picture.height); y += kStep)
      for (std::uint32_t x = left; x < std::min(left + kCell, picture.width); x += kStep, ++count)
        sum += static_cast<std::uint8_t>(
            picture.plane[0][std::size_t{y} * picture.stride[0] + std::size_t{x} * bytes_per_pixel + offset]);
    return static_cast<float>(sum) / static_cast<float>(count);
  }

  static void add(std::optional<Area>& area, const shmvideo::Picture& picture, std::uint32_t left,
                  std::uint32_t top) {
    if (!area) area = Area{left, top, 0, 0, 0};
    area->left = std::min(area->left, left);
    area->top = std::min(area->top, top);
    area->right = std::max(area->right, std::min(left + kCell, picture.width));
    area->bottom = std::max(area->bottom, std::min(top + kCell, picture.height));
    ++area->cells;
  }

  float change_;
  std::vector<float> usual_;  // brightness by cell
  std::uint32_t columns_ = 0;
};

void print(double seconds, const shmvideo::FrameInfo& info, const Area& area, std::size_t cells) {
  std::printf("%8.3f s  frame %llu  motion at %u,%u %ux%u (%.1f %%)\n", seconds,
              static_cast<unsigned long long>(info.number), area.left, area.top, area.right - area.left,
              area.bottom - area.top, 100.0 * static_cast<double>(area.cells) / static_cast<double>(cells));
  std::fflush(stdout);
}

}  // namespace

int main(int argc, char** argv) try {
  if (argc < 2) return std::fprintf(stderr, "usage: motion NAME [CHANGE] [FRAMES]\n"), 2;
  shmvideo::ReaderOptions options;
  options.program = "motion";
  options.attach_timeout = std::chrono::seconds(10);
  const auto reader = shmvideo::Reader::attach(shmvideo::SegmentName(argv[1]), options);
  Detector detector(argc > 2 ? std::strtof(argv[2], nullptr) : 12.0F);
  long left = argc > 3 ? std::atol(argv[3]) : -1;
  std::uint64_t start_ns = 0, looked_at = 0, moving = 0;
  shmvideo::Frame frame;
  while (left != 0) {
    const auto status = reader->next(frame, std::chrono::seconds(1));
    if (status == shmvideo::ReadStatus::closed || status == shmvideo::ReadStatus::writer_gone) break;
    const auto picture = as_picture(frame.info(), frame.bytes());
    if (status == shmvideo::ReadStatus::frame && !picture)
      return std::fprintf(stderr, "motion: %s has no raw pictures\n", argv[1]), 1;
    if (status != shmvideo::ReadStatus::frame) continue;
    const auto area = detector.look(*picture);
    // The writer goes round a held frame while it can. Where it could not, what we saw means nothing.
    if (!frame.valid()) continue;
    if (left > 0) --left;
    ++looked_at;
    if (!start_ns) start_ns = frame.info().capture_monotonic_ns;
    if (!area) continue;
    ++moving;
    print(static_cast<double>(frame.info().capture_monotonic_ns - start_ns) / 1e9, frame.info(), *area,
          detector.cells());
  }
  std::printf("%llu frames looked at, motion in %llu\n", static_cast<unsigned long long>(looked_at),
              static_cast<unsigned long long>(moving));
} catch (const shmvideo::Error& error) {
  return std::fprintf(stderr, "motion: %s\n", error.what()), 1;
}
