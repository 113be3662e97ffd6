// SPDX-License-Identifier: Apache-2.0
// Pairs the frames of two segments by the time at which they were captured.
//
//   two-cameras LEFT RIGHT [MILLISECONDS] [PAIRS]
//
// MILLISECONDS is how far apart two frames of a pair may lie: 10. Below half of the time between frames, each
// frame has one partner at most.
#include <array>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <shmvideo/reader_set.hpp>

namespace {

std::unique_ptr<shmvideo::Reader> attach(const char* name) {
  shmvideo::ReaderOptions options;
  options.program = "two-cameras";
  options.attach_timeout = std::chrono::seconds(10);
  // In order: whichever camera is slower to deliver finds its partner's frame still in the ring.
  options.order = shmvideo::Order::in_order;
  options.start = shmvideo::Start::next;
  return shmvideo::Reader::attach(shmvideo::SegmentName(name), options);
}

double milliseconds(std::uint64_t from_ns, std::uint64_t to_ns) {
  return static_cast<double>(static_cast<std::int64_t>(to_ns - from_ns)) / 1e6;
}

unsigned long long number(const shmvideo::Frame& frame) { return frame.info().number; }

}  // namespace

int main(int argc, char** argv) try {
  if (argc < 3) return std::fprintf(stderr, "usage: two-cameras LEFT RIGHT [MILLISECONDS] [PAIRS]\n"), 2;
  const auto left = attach(argv[1]);
  const auto right = attach(argv[2]);
  const std::chrono::nanoseconds tolerance(
      static_cast<std::int64_t>((argc > 3 ? std::atof(argv[3]) : 10.0) * 1e6));
  const long wanted = argc > 4 ? std::atol(argv[4]) : -1;

  shmvideo::ReaderSet cameras;
  cameras.add(*left);
  cameras.add(*right);
  std::array<shmvideo::Frame, 2> pair;
  long pairs = 0;
  while (pairs != wanted) {
    const auto status = cameras.pair(pair, tolerance, std::chrono::seconds(1));
    if (status == shmvideo::ReadStatus::closed || status == shmvideo::ReadStatus::writer_gone) {
      std::printf("a camera ended: %s\n", to_string(status));
      break;
    }
    if (status != shmvideo::ReadStatus::frame) {
      std::printf("no pair for a second\n");
      continue;
    }
    const auto& [one, other] = pair;
    // Here stereo, stitching or the like would look at one.bytes() and other.bytes(), and then ask both
    // whether they were still themselves.
    if (!one.valid() || !other.valid()) continue;
    ++pairs;
    std::printf("pair %ld: %s %llu, %s %llu, %+.3f ms apart\n", pairs, argv[1], number(one), argv[2],
                number(other),
                milliseconds(one.info().capture_monotonic_ns, other.info().capture_monotonic_ns));
    std::fflush(stdout);
  }
  std::printf("%ld pairs of %llu frames left and %llu right\n", pairs,
              static_cast<unsigned long long>(left->statistics().seen),
              static_cast<unsigned long long>(right->statistics().seen));
} catch (const shmvideo::Error& error) {
  return std::fprintf(stderr, "two-cameras: %s\n", error.what()), 1;
}
