// SPDX-License-Identifier: Apache-2.0
// Films for tests of the media source: picture i says i in 16 squares. Made by the ffmpeg program.
#pragma once

#include <stdlib.h>

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "codec/libav/messages.hpp"
#include "source/frame_source.hpp"
#include "source/libav/media_source.hpp"
#include "source/pattern/number_squares.hpp"
#include "support/catch.hpp"

namespace shmvideo_test {

/// A folder that goes with everything in it.
class Scratch {
 public:
  Scratch() {
    std::string pattern = "/tmp/shmvideo-media-XXXXXX";
    path_ = ::mkdtemp(pattern.data());
  }
  ~Scratch() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;
  std::string file(const std::string& name) const { return path_ / name; }

 private:
  std::filesystem::path path_;
};

/// What FFmpeg's libraries have to say about damaged films is not said.
inline const bool is_silent = (shmvideo::codec::libav::route_messages_of_process({}), true);

inline bool has_ffmpeg() {
  static const bool has = std::system("command -v ffmpeg >/dev/null") == 0;
  if (!has) WARN("the ffmpeg program is not installed: this is not tested");
  return has;
}

inline bool run_ffmpeg(const std::string& arguments) {
  return std::system(("ffmpeg -v error -nostdin -y " + arguments).c_str()) == 0;
}

/// A YUV4MPEG2 file; needs nobody.
inline void write_y4m(const std::string& path, int frames, int fps = 25, int width = 320, int height = 240,
                      int first = 0) {
  std::ofstream file(path, std::ios::binary);
  file << "YUV4MPEG2 W" << width << " H" << height << " F" << fps << ":1 Ip A1:1 C420jpeg\n";
  const auto side = static_cast<int>(
      shmvideo::source::square_side(static_cast<std::uint32_t>(width), static_cast<std::uint32_t>(height)));
  for (int number = first; number < first + frames; ++number) {
    std::string luma(static_cast<std::size_t>(width * height), '\x5a');
    for (int row = 16; row < 16 + side; ++row) {
      for (int k = 0; k < 16; ++k) {
        const char grey = (number >> k & 1) != 0 ? '\xeb' : '\x10';
        std::fill_n(luma.begin() + row * width + 16 + k * side, side, grey);
      }
    }
    file << "FRAME\n" << luma << std::string(static_cast<std::size_t>(width * height / 2), '\x80');
  }
}

inline std::string bytes_of_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

/// A source and the slot it fills, as a capture uses them.
class Player {
 public:
  explicit Player(const shmvideo::source::MediaOptions& options)
      : source(shmvideo::source::make_media_source(options)) {}
  explicit Player(const std::string& path, bool is_looping = false) : Player(fast(path, is_looping)) {}

  static shmvideo::source::MediaOptions fast(const std::string& path, bool is_looping = false) {
    shmvideo::source::MediaOptions options;
    options.location = path;
    options.is_fast = true;
    options.is_looping = is_looping;
    return options;
  }

  void open() {
    source->open();
    slot.resize(source->description().payload_bytes);
  }

  /// The next status but `again`.
  shmvideo::source::WaitStatus wait() {
    auto status = source->wait();
    while (status == shmvideo::source::WaitStatus::again) status = source->wait();
    return status;
  }

  /// Fetches what wait() announced, following changes of the format.
  shmvideo::source::FillStatus fill() {
    for (;;) {
      info = {};
      const auto status = source->fill(slot, info);
      if (status != shmvideo::source::FillStatus::format_changed) return status;
      ++changes;
      slot.resize(source->description().payload_bytes);
    }
  }

  /// True if there is a frame, which is then in the slot.
  bool next() {
    return wait() == shmvideo::source::WaitStatus::frame && fill() == shmvideo::source::FillStatus::filled;
  }

  std::span<const std::byte> payload() const { return std::span(slot).first(info.payload_bytes); }
  /// What the squares say; -1 without.
  int number() const {
    const auto picture = shmvideo::as_picture(info, std::span<const std::byte>(slot));
    const auto read = picture ? shmvideo::source::read_number(*picture) : std::nullopt;
    return read ? *read : -1;
  }

  std::unique_ptr<shmvideo::source::FrameSource> source;
  std::vector<std::byte> slot;
  shmvideo::FrameInfo info;
  int changes = 0;
};

}  // namespace shmvideo_test
