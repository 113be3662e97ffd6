// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <optional>
#include <span>
#include <string_view>

namespace shmvideo::sink {

/// What recorded frames are put into.
enum class Container {
  matroska,
  mp4,
  avi,
  y4m,
  raw,    ///< the bytes of the frames, one after the other
  mjpeg,  ///< JPEG pictures, one after the other
  jpeg_files,
  png_files,
};

/// What raw frames become in a container that leaves the choice.
enum class Codec { h264, mjpeg };

struct ContainerInfo {
  Container container;
  std::string_view name;     ///< as options spell it ("mkv")
  std::string_view endings;  ///< of files, blank-separated, lower case (".mkv .mka")
  std::string_view muxer;    ///< what libavformat calls it; empty: a file for each picture
  bool is_streamable;        ///< can be written to a pipe
  bool has_choice;           ///< of codec, for raw frames
  bool is_by_number;         ///< a file for each picture
  std::string_view what;
};

std::span<const ContainerInfo> containers() noexcept;
const ContainerInfo& info_of(Container container) noexcept;
/// By the name's ending, case aside; nothing for others.
std::optional<Container> container_of(const std::filesystem::path& file);

}  // namespace shmvideo::sink
