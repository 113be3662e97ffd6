// SPDX-License-Identifier: Apache-2.0
#include "sink/recording/container.hpp"

#include <algorithm>
#include <cctype>
#include <string>

namespace shmvideo::sink {
namespace {

constexpr ContainerInfo kContainers[] = {
    {Container::matroska, "mkv", ".mkv", "matroska", true, true, false, "Matroska: H.264 or JPEG"},
    {Container::mp4, "mp4", ".mp4 .m4v", "mp4", true, true, false, "MP4, in fragments: H.264 or JPEG"},
    {Container::avi, "avi", ".avi", "avi", false, false, false, "AVI: JPEG, at a fixed rate"},
    {Container::y4m, "y4m", ".y4m", "yuv4mpegpipe", true, false, false, "YUV4MPEG2: not compressed"},
    {Container::raw, "raw", ".raw .yuv .rgb .h264 .h265 .hevc", "rawvideo", true, false, false,
     "the frames' bytes, one after the other"},
    {Container::mjpeg, "mjpeg", ".mjpeg .mjpg", "mjpeg", true, false, false,
     "JPEG pictures, one after the other"},
    {Container::jpeg_files, "jpg", ".jpg .jpeg", "", false, false, true, "a JPEG file for each frame"},
    {Container::png_files, "png", ".png", "", false, false, true, "a PNG file for each frame"},
};

}  // namespace

std::span<const ContainerInfo> containers() noexcept { return kContainers; }

const ContainerInfo& info_of(Container container) noexcept {
  return *std::ranges::find(kContainers, container, &ContainerInfo::container);
}

std::optional<Container> container_of(const std::filesystem::path& file) {
  std::string ending = file.extension().string();
  std::ranges::transform(ending, ending.begin(), [](unsigned char c) { return std::tolower(c); });
  if (ending.size() < 2) return std::nullopt;
  for (const ContainerInfo& info : kContainers) {
    std::string_view rest = info.endings;
    while (!rest.empty()) {
      const std::size_t end = std::min(rest.find(' '), rest.size());
      if (rest.substr(0, end) == ending) return info.container;
      rest.remove_prefix(std::min(end + 1, rest.size()));
    }
  }
  return std::nullopt;
}

}  // namespace shmvideo::sink
