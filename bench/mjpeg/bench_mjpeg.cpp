// SPDX-License-Identifier: Apache-2.0
// What serving costs shm-mjpeg: processor time per frame with 1 and 20 viewers of a 1080p30 BGR24 segment,
// beside a program that only reads the same frames and encodes them with TurboJPEG. They take turns.
#include <fmt/core.h>
#include <time.h>
#include <turbojpeg.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <memory>
#include <optional>
#include <stdexcept>
#include <thread>
#include <vector>

#include "mjpeg/photo.hpp"
#include "mjpeg/served.hpp"
#include "mjpeg/viewers.hpp"
#include "shmvideo/picture.hpp"
#include "shmvideo/reader.hpp"
#include "shmvideo/writer.hpp"
#include "support/effort.hpp"
#include "support/numbers.hpp"
#include "support/temp_place.hpp"

using namespace shmvideo_bench;
using namespace std::chrono_literals;

namespace {

constexpr unsigned kHertz = 30;
constexpr int kQuality = 85;
const shmvideo::SegmentName kName("bench");

double thread_cpu_seconds() {
  timespec time{};
  ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) * 1e-9;
}

/// Publishes the photographs in turn, 30 a second.
class Publisher {
 public:
  Publisher() {
    for (unsigned i = 0; i < 8; ++i) photos_.push_back(make_photo(i));
    shmvideo::WriterOptions options;
    options.slot_capacity_bytes = photos_[0].size();
    writer_ = shmvideo::Writer::create(kName, options);
    thread_ = std::thread([this] { run(); });
  }
  ~Publisher() {
    should_end_ = true;
    thread_.join();
  }

 private:
  void run() {
    const auto info = shmvideo::packed_frame_info(shmvideo::PixelFormat::bgr24, kPhotoWidth, kPhotoHeight);
    const std::uint64_t began = now_ns();
    for (std::uint64_t frame = 0; !should_end_; ++frame) {
      sleep_until(began + frame * 1'000'000'000 / kHertz);
      writer_->publish(info, photos_[frame % photos_.size()]);
    }
  }

  std::vector<std::vector<std::byte>> photos_;
  std::unique_ptr<shmvideo::Writer> writer_;
  std::atomic<bool> should_end_{false};
  std::thread thread_;
};

/// Processor milliseconds for each frame of one way.
struct Cost {
  double all = 0;
  double encoding = 0;
  double slowest_fps = kHertz;  // of all viewers
  double picture_bytes = 0;
  double own_mib = 0;
};

/// The bare call, on the frames in their slots, as they come.
Cost encode_alone(unsigned frames) {
  const auto reader = shmvideo::Reader::attach(kName);
  const std::unique_ptr<void, int (*)(tjhandle)> encoder(tjInitCompress(), &tjDestroy);
  std::vector<unsigned char> jpeg(tjBufSize(kPhotoWidth, kPhotoHeight, TJSAMP_420));
  Cost cost;
  shmvideo::Frame frame;
  for (unsigned i = 0; i < frames; ++i) {
    if (reader->next(frame, 5s) != shmvideo::ReadStatus::frame) throw std::runtime_error("no frames");
    unsigned char* to = jpeg.data();
    unsigned long size = jpeg.size();
    const double began = thread_cpu_seconds();
    const auto* from = reinterpret_cast<const unsigned char*>(frame.bytes().data());
    if (tjCompress2(encoder.get(), from, kPhotoWidth, 0, kPhotoHeight, TJPF_BGR, &to, &size, TJSAMP_420,
                    kQuality, TJFLAG_NOREALLOC) != 0) {
      throw std::runtime_error("no encoding");
    }
    cost.all += thread_cpu_seconds() - began;
    cost.picture_bytes += static_cast<double>(size) / frames;
  }
  cost.all = cost.encoding = cost.all * 1000 / frames;
  return cost;
}

Cost serve(const Served& server, unsigned count, unsigned frames) {
  Viewers viewers(server.port(), count);
  std::this_thread::sleep_for(500ms);  // until all are served and the memory is there
  const auto cpu = server.cpu();
  const std::uint64_t encodes = server.encodes();
  const auto parts = viewers.parts();
  const std::uint64_t bytes = viewers.bytes();
  const std::uint64_t began = now_ns();
  sleep_until(began + frames * 1'000'000'000ULL / kHertz);
  const auto cpu_after = server.cpu();
  const auto parts_after = viewers.parts();
  // Not what was published: on a busy machine frames are left out.
  const auto encoded = static_cast<double>(std::max<std::uint64_t>(server.encodes() - encodes, 1));
  const double seconds = static_cast<double>(now_ns() - began) * 1e-9;
  if (viewers.is_any_gone()) throw std::runtime_error("the server dropped a viewer");
  Cost cost;
  std::uint64_t sent = 0;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const std::uint64_t got = parts_after[i] - parts[i];
    sent += got;
    cost.slowest_fps = std::min(cost.slowest_fps, static_cast<double>(got) / seconds);
  }
  cost.all = (cpu_after.all_seconds - cpu.all_seconds) * 1000 / encoded;
  cost.encoding = (cpu_after.encoder_seconds - cpu.encoder_seconds) * 1000 / encoded;
  cost.picture_bytes =
      static_cast<double>(viewers.bytes() - bytes) / static_cast<double>(std::max<std::uint64_t>(sent, 1));
  cost.own_mib = server.private_dirty_mib();
  return cost;
}

template <typename Get>
std::string spread(const std::vector<Cost>& costs, Get get) {
  std::vector<double> values;
  for (const Cost& cost : costs) values.push_back(get(cost));
  return to_text(spread_of(values));
}

std::string ratios(const std::vector<Cost>& costs, const std::vector<Cost>& references,
                   double Cost::*member) {
  std::vector<double> values;
  for (std::size_t i = 0; i < costs.size(); ++i) values.push_back(costs[i].*member / references[i].all);
  return to_text(spread_of(values));
}

}  // namespace

int main(int argc, char** argv) try {
  const Effort effort = Effort::from(argc, argv);
  const shmvideo_test::TempPlace place;
  const unsigned frames = effort.scaled(5 * kHertz, 10);
  constexpr std::array<unsigned, 3> kViewers{0, 1, 20};  // 0: the bare encoding
  std::array<std::vector<Cost>, kViewers.size()> costs;

  std::optional<Publisher> publisher(std::in_place);  // ends before anything is printed
  for (unsigned round = 0; round < effort.repetitions(); ++round) {
    for (std::size_t turn = 0; turn < kViewers.size(); ++turn) {
      const std::size_t way = (round + turn) % kViewers.size();
      effort.wait_for_rest();
      if (kViewers[way] == 0) {
        costs[way].push_back(encode_alone(frames));
      } else {
        const Served server(kName.str());
        costs[way].push_back(serve(server, kViewers[way], frames));
      }
    }
  }
  publisher.reset();

  fmt::print(
      "### Serving 1080p30 BGR24 as JPEG of quality {}\n\n"
      "Processor ms per encoded frame, in {} repetitions of {} frames: min / median / max; {:.0f} KB a "
      "picture\n\n",
      kQuality, effort.repetitions(), frames, costs[0][0].picture_bytes / 1000);
  const Table table({"", "slowest viewer, fps", "ms", "of it the encoder threads",
                     "per sent frame beyond that", "ms / TurboJPEG", "encoder threads / TurboJPEG",
                     "private dirty MiB"});
  table.row({"tjCompress2() alone", "", spread(costs[0], [](const Cost& cost) { return cost.all; }), "", "",
             "1", "1", ""});
  for (std::size_t way = 1; way < kViewers.size(); ++way) {
    const unsigned count = kViewers[way];
    table.row({fmt::format("shm-mjpeg, {} viewer{}", count, count == 1 ? "" : "s"),
               spread(costs[way], [](const Cost& cost) { return cost.slowest_fps; }),
               spread(costs[way], [](const Cost& cost) { return cost.all; }),
               spread(costs[way], [](const Cost& cost) { return cost.encoding; }),
               spread(costs[way], [count](const Cost& cost) { return (cost.all - cost.encoding) / count; }),
               ratios(costs[way], costs[0], &Cost::all), ratios(costs[way], costs[0], &Cost::encoding),
               spread(costs[way], [](const Cost& cost) { return cost.own_mib; })});
  }
} catch (const std::exception& error) {
  fmt::print(stderr, "bench_mjpeg: {}\n", error.what());
  return 1;
}
