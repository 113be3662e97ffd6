// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <memory>
#include <span>
#include <string>

#include "maker/image.hpp"
#include "shmvideo/frame_info.hpp"
#include "shmvideo/writer.hpp"

namespace golden {

/// What the scenes work with: a real writer of the library, in a place of its own, and a folder that the
/// segments are put into. One thread.
class Workshop {
 public:
  Workshop(std::filesystem::path place, std::filesystem::path output)
      : place_(std::move(place)), output_(std::move(output)) {}

  std::filesystem::path path_of(const std::string& name) const { return place_ / name; }
  Image image_of(const std::string& name) const { return Image::of(path_of(name)); }
  /// Settles the image and puts it into the set.
  void keep(const std::string& name, Image image);
  /// Settles it, so that it can be changed afterwards and put away by keep_as_it_is().
  Image settled(const std::string& name, Image image);
  void keep_as_it_is(const std::string& name, const Image& image);

 private:
  std::filesystem::path place_;
  std::filesystem::path output_;
};

/// A writer for a few small frames.
shmvideo::WriterOptions small_options(const shmvideo::StreamInfo& stream, std::uint32_t slots);
/// A picture of that format, tightly packed in one plane, for a stream of 30000/1001 frames a second.
shmvideo::StreamInfo stream_of(std::uint32_t fourcc, std::uint32_t width, std::uint32_t height);
shmvideo::FrameInfo packed_frame(const shmvideo::StreamInfo& stream, std::uint32_t bytes_per_pixel);
/// Publishes it as the writer's next frame, with bytes and times that follow from its number.
void publish(shmvideo::Writer& writer, shmvideo::FrameInfo info);
void fill(std::span<std::byte> bytes, std::uint64_t number);

/// In the order of their names in the set; each puts one segment there.
void make_raw_scenes(Workshop& workshop);
void make_coded_scenes(Workshop& workshop);
void make_restart_scenes(Workshop& workshop);
void make_version_scenes(Workshop& workshop);
void make_refused_scenes(Workshop& workshop);

}  // namespace golden
