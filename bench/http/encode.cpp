// SPDX-License-Identifier: Apache-2.0
#include <time.h>
#include <turbojpeg.h>

#include <array>
#include <chrono>
#include <memory>
#include <stdexcept>
#include <vector>

#include "http/roles.hpp"
#include "shmvideo/picture.hpp"
#include "shmvideo/reader.hpp"
#include "support/numbers.hpp"

namespace shmvideo_bench {
namespace {

using namespace std::chrono_literals;

double thread_cpu_ms() {
  timespec time{};
  ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) * 1e3 + static_cast<double>(time.tv_nsec) * 1e-6;
}

class BareEncoder {
 public:
  explicit BareEncoder(int quality) : quality_(quality) {}

  /// The bytes of the JPEG picture.
  unsigned long encode(const shmvideo::Picture& picture) {
    const int width = static_cast<int>(picture.width);
    const int height = static_cast<int>(picture.height);
    jpeg_.resize(tjBufSize(width, height, TJSAMP_420));
    unsigned char* to = jpeg_.data();
    unsigned long size = jpeg_.size();
    std::array<const unsigned char*, 3> planes{};
    std::array<int, 3> strides{};
    for (std::size_t i = 0; i < planes.size(); ++i) {
      planes[i] = reinterpret_cast<const unsigned char*>(picture.plane[i]);
      strides[i] = static_cast<int>(picture.stride[i]);
    }
    int result = -1;
    if (picture.format == shmvideo::PixelFormat::bgr24) {
      result = tjCompress2(handle_.get(), planes[0], width, strides[0], height, TJPF_BGR, &to, &size,
                           TJSAMP_420, quality_, TJFLAG_NOREALLOC);
    } else if (picture.format == shmvideo::PixelFormat::i420) {
      result = tjCompressFromYUVPlanes(handle_.get(), planes.data(), width, strides.data(), height,
                                       TJSAMP_420, &to, &size, quality_, TJFLAG_NOREALLOC);
    }
    if (result != 0) throw std::runtime_error("no bare encoding of such frames");
    return size;
  }

 private:
  int quality_;
  std::unique_ptr<void, int (*)(tjhandle)> handle_{tjInitCompress(), &tjDestroy};
  std::vector<unsigned char> jpeg_;
};

}  // namespace

EncodeCost encode_bare(const std::string& segment, int quality, double seconds) {
  const auto reader = shmvideo::Reader::attach(shmvideo::SegmentName(segment));
  BareEncoder encoder(quality);
  std::vector<double> cpu;
  std::vector<double> wall;
  EncodeCost cost;
  shmvideo::Frame frame;
  const std::uint64_t end = now_ns() + static_cast<std::uint64_t>(seconds * 1e9);
  while (now_ns() < end) {
    if (reader->next(frame, 5s) != shmvideo::ReadStatus::frame) throw std::runtime_error("no frames");
    const auto picture = shmvideo::as_picture(frame.info(), frame.bytes());
    if (!picture) throw std::runtime_error("no raw frames");
    const double cpu_before = thread_cpu_ms();
    const std::uint64_t before = now_ns();
    cost.bytes += static_cast<double>(encoder.encode(*picture));
    wall.push_back(static_cast<double>(now_ns() - before) * 1e-6);
    cpu.push_back(thread_cpu_ms() - cpu_before);
  }
  if (cpu.empty()) throw std::runtime_error("no frames");
  cost.frames = static_cast<unsigned>(cpu.size());
  cost.bytes /= cost.frames;
  cost.cpu_ms = median(std::move(cpu));
  cost.wall_ms = median(std::move(wall));
  return cost;
}

}  // namespace shmvideo_bench
