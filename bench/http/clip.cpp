// SPDX-License-Identifier: Apache-2.0
#include "http/clip.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <fstream>
#include <random>
#include <span>
#include <stdexcept>
#include <type_traits>

#include "codec/convert.hpp"
#include "codec/jpeg_encoder.hpp"
#include "shmvideo/picture.hpp"
#include "shmvideo/reader.hpp"

namespace shmvideo_bench {
namespace {

using namespace std::chrono_literals;
static_assert(std::is_trivially_copyable_v<shmvideo::FrameInfo>);

template <typename Stream>
Stream open(const std::string& path) {
  Stream stream(path, std::ios::binary);
  if (!stream) throw std::runtime_error("cannot open " + path);
  stream.exceptions(std::ios::badbit);
  return stream;
}

}  // namespace

void Clip::save(const std::string& file) const {
  auto bytes = open<std::ofstream>(file);
  auto sizes = open<std::ofstream>(file + ".sizes");
  auto about = open<std::ofstream>(file + ".info");
  about.write(reinterpret_cast<const char*>(&info), sizeof info);
  for (const auto& frame : frames) {
    bytes.write(reinterpret_cast<const char*>(frame.data()), static_cast<std::streamsize>(frame.size()));
    sizes << frame.size() << '\n';
  }
}

Clip Clip::load(const std::string& file) {
  Clip clip;
  auto bytes = open<std::ifstream>(file);
  auto sizes = open<std::ifstream>(file + ".sizes");
  auto about = open<std::ifstream>(file + ".info");
  about.read(reinterpret_cast<char*>(&clip.info), sizeof clip.info);
  for (std::size_t size = 0; sizes >> size;) {
    auto& frame = clip.frames.emplace_back(size);
    bytes.read(reinterpret_cast<char*>(frame.data()), static_cast<std::streamsize>(size));
  }
  if (!bytes || !about || clip.frames.empty()) throw std::runtime_error(file + " is no whole clip");
  return clip;
}

Clip take_clip(const std::string& segment, unsigned frames) {
  shmvideo::ReaderOptions options;
  options.order = shmvideo::Order::in_order;
  const auto reader = shmvideo::Reader::attach(shmvideo::SegmentName(segment), options);
  Clip clip;
  shmvideo::Frame frame;
  while (clip.frames.size() < frames) {
    const auto status = reader->next(frame, 10s);
    if (status != shmvideo::ReadStatus::frame) throw std::runtime_error(shmvideo::to_string(status));
    std::vector<std::byte> copy(frame.bytes().begin(), frame.bytes().end());
    if (!frame.valid()) continue;
    clip.info = frame.info();
    clip.frames.push_back(std::move(copy));
  }
  return clip;
}

void add_noise(Clip& clip) {
  std::minstd_rand random(1);
  std::normal_distribution<float> noise(0, 3);
  std::vector<int> table(65'537);  // drawn once: a clip has a hundred million samples
  for (int& each : table) each = static_cast<int>(std::lround(noise(random)));
  std::size_t at = 0;
  for (auto& frame : clip.frames) {
    for (std::byte& sample : frame) {
      if (++at >= table.size()) at = random() % 1000;  // so that no frame has another's noise
      sample = static_cast<std::byte>(std::clamp(std::to_integer<int>(sample) + table[at], 0, 255));
    }
  }
}

Clip convert(const Clip& clip, shmvideo::PixelFormat format, int quality) {
  Clip converted{.info = shmvideo::packed_frame_info(format, clip.info.width, clip.info.height),
                 .frames = {}};
  shmvideo::codec::PictureConverter converter;
  shmvideo::codec::JpegEncoder encoder;
  shmvideo::codec::JpegBuffer jpeg;
  for (const auto& frame : clip.frames) {
    const auto from = shmvideo::as_picture(clip.info, std::span<const std::byte>(frame));
    if (!from) throw std::runtime_error("the clip is not raw");
    if (format == shmvideo::PixelFormat::jpeg) {
      if (!encoder.encode(*from, quality, jpeg)) throw std::runtime_error(std::string(encoder.message()));
      converted.frames.emplace_back(jpeg.bytes().begin(), jpeg.bytes().end());
      continue;
    }
    auto& bytes = converted.frames.emplace_back(converted.info.payload_bytes);
    const auto to = shmvideo::as_picture(converted.info, std::span<std::byte>(bytes));
    if (!to || !converter.convert(*from, *to)) throw std::runtime_error("no such conversion");
  }
  return converted;
}

}  // namespace shmvideo_bench
