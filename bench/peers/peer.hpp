// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string_view>
#include <vector>

/// What all programs here have in common, so that they differ in how frames travel and in nothing else: the
/// frames, when their time begins, what a reader looks at, and what is told in the end. `run` starts them:
///
///   PROGRAM write PLACE FPS SECONDS   prints "ready", begins at a line on standard input; FPS 0: no pause
///   PROGRAM read PLACE                prints "ready", ends a second after the last frame
///
/// Each prints one line of JSON when it ends.
namespace peer {

constexpr unsigned kWidth = 1920;
constexpr unsigned kHeight = 1080;
constexpr std::size_t kFrameBytes = std::size_t{kWidth} * kHeight * 3;
constexpr std::uint64_t kSilenceNs = 1'000'000'000;  // after which a reader ends
constexpr std::uint64_t kPatienceNs = 30'000'000'000;

inline std::uint64_t now_ns() {
  timespec now{};
  ::clock_gettime(CLOCK_MONOTONIC, &now);
  return static_cast<std::uint64_t>(now.tv_sec) * 1'000'000'000U + static_cast<std::uint64_t>(now.tv_nsec);
}

inline double cpu_ms() {
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  return static_cast<double>(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1e3 +
         static_cast<double>(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) * 1e-3;
}

/// Of this thread alone: others may be copying at the same time.
inline double thread_cpu_ms() {
  timespec used{};
  ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &used);
  return static_cast<double>(used.tv_sec) * 1e3 + static_cast<double>(used.tv_nsec) * 1e-6;
}

/// The beginning of each frame; all its other bytes are the number's remainder by 251.
struct Stamp {
  std::uint64_t ns = 0;
  std::uint64_t number = 0;
};

inline void say_ready() {
  std::puts("ready");
  std::fflush(stdout);
}

/// Publishes by `publish(picture, number)`, and tells what that took. The picture is left alone until three
/// more were published: who copies it in another thread has time for that.
template <typename Publish>
void write_frames(double fps, double seconds, const Publish& publish) {
  // Static: somebody's thread may be copying the last of them until the program ends.
  static std::vector<std::vector<std::uint8_t>> pictures(4, std::vector<std::uint8_t>(kFrameBytes));
  std::vector<double> costs;
  say_ready();
  std::getchar();
  double filling_ms = 0;
  const double cpu_before = cpu_ms();
  const std::uint64_t began = now_ns();
  const auto end = began + static_cast<std::uint64_t>(seconds * 1e9);
  std::uint64_t number = 0;
  for (std::uint64_t next = began; now_ns() < end;) {
    // As a camera or a decoder would have filled it: not counted.
    const double fill_began = thread_cpu_ms();
    std::vector<std::uint8_t>& picture = pictures[++number % pictures.size()];
    std::memset(picture.data(), static_cast<int>(number % 251), picture.size());
    filling_ms += thread_cpu_ms() - fill_began;
    const Stamp stamp{now_ns(), number};
    std::memcpy(picture.data(), &stamp, sizeof stamp);
    publish(picture, number);
    costs.push_back(static_cast<double>(now_ns() - stamp.ns) * 1e-6);
    if (fps <= 0) continue;
    next += static_cast<std::uint64_t>(1e9 / fps);
    const timespec until{static_cast<time_t>(next / 1'000'000'000U),
                         static_cast<long>(next % 1'000'000'000U)};
    ::clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, nullptr);
  }
  const double took = static_cast<double>(now_ns() - began) * 1e-9;
  const double cpu = cpu_ms() - cpu_before - filling_ms;
  std::sort(costs.begin(), costs.end());
  const auto frames = static_cast<double>(number);
  std::printf("{\"frames\":%.0f,\"fps\":%.1f,\"cpu_ms\":%.4f,\"write_p50_ms\":%.4f,\"write_max_ms\":%.3f}\n",
              frames, frames / took, cpu / frames, costs[costs.size() / 2], costs.back());
  std::fflush(stdout);
}

/// A reader's findings.
class Reading {
 public:
  /// Takes note of a frame that was delivered now. `is_whole` says, after it was looked at, whether the
  /// transport stands by it; one that it takes back was neither delivered nor torn.
  template <typename IsWhole>
  void take(const std::uint8_t* frame, const IsWhole& is_whole) {
    const std::uint64_t now = now_ns();
    last_ns_ = now;
    Stamp stamp;
    std::memcpy(&stamp, frame, sizeof stamp);
    if (stamp.number == 0) return;  // a frame from before the beginning
    const bool fits = is_of_one_piece(frame, stamp.number);
    if (!is_whole()) return;
    if (latencies_.empty()) cpu_before_ms_ = cpu_ms();
    latencies_.push_back(static_cast<double>(now - stamp.ns) * 1e-6);
    torn_ += fits ? 0 : 1;
    if (last_number_ != 0 && stamp.number > last_number_ + 1) missed_ += stamp.number - last_number_ - 1;
    last_number_ = stamp.number;
    cpu_after_ms_ = cpu_ms();
  }
  /// True when nothing more is to be expected.
  bool is_over() const { return now_ns() - last_ns_ > (latencies_.empty() ? kPatienceNs : kSilenceNs); }
  void tell() const {
    std::printf(
        "{\"frames\":%zu,\"missed\":%llu,\"torn\":%llu,\"cpu_ms\":%.4f,\"ms\":[", latencies_.size(),
        static_cast<unsigned long long>(missed_), static_cast<unsigned long long>(torn_),
        (cpu_after_ms_ - cpu_before_ms_) / static_cast<double>(std::max<std::size_t>(latencies_.size(), 1)));
    for (std::size_t i = 0; i < latencies_.size(); ++i) std::printf(i ? ",%.3f" : "%.3f", latencies_[i]);
    std::puts("]}");
    std::fflush(stdout);
  }

 private:
  /// 64 places from the first to the last byte: what was overwritten from either end is seen.
  static bool is_of_one_piece(const std::uint8_t* frame, std::uint64_t number) {
    constexpr std::size_t kPlaces = 64;
    bool fits = true;
    for (std::size_t i = 1; i <= kPlaces; ++i)
      fits = fits && frame[kFrameBytes / kPlaces * i - 1] == number % 251;
    return fits;
  }
  std::vector<double> latencies_;
  std::uint64_t last_number_ = 0;
  std::uint64_t missed_ = 0;
  std::uint64_t torn_ = 0;
  std::uint64_t last_ns_ = now_ns();
  double cpu_before_ms_ = 0;  // from the first frame to the last: not what waiting for no more costs
  double cpu_after_ms_ = 0;
};

/// Calls what the command line asks for: `write(place, fps, seconds)` or `read(place)`.
template <typename Write, typename Read>
int main(int argc, char** argv, const Write& write, const Read& read) {
  if (argc == 5 && std::string_view(argv[1]) == "write")
    return write(argv[2], std::atof(argv[3]), std::atof(argv[4]));
  if (argc == 3 && std::string_view(argv[1]) == "read") return read(argv[2]);
  std::fprintf(stderr, "usage: %s write PLACE FPS SECONDS | read PLACE\n", argv[0]);
  return 2;
}

}  // namespace peer
