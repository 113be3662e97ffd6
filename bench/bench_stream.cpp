// SPDX-License-Identifier: Apache-2.0
// One writer of 1080p BGR24 by copy, and many readers that hold each frame and look into it: latency from
// before publish() (the copy included), frames missed, frames torn. Beside the least that could do it: a
// memcpy into as many rotating shared pages and a bare futex, without any promise. In turns in one run.
#include <fmt/core.h>

#include <array>
#include <chrono>
#include <cstring>
#include <random>
#include <stdexcept>

#include "shmvideo/picture.hpp"
#include "shmvideo/reader.hpp"
#include "shmvideo/writer.hpp"
#include "support/bare_futex.hpp"
#include "support/bench_place.hpp"
#include "support/crowd.hpp"
#include "support/effort.hpp"
#include "support/numbers.hpp"
#include "support/shared_pages.hpp"
#include "support/wake_result.hpp"

using namespace shmvideo_bench;

namespace {

constexpr unsigned kSlots = 6;
constexpr int kProbes = 24;

enum Way : std::uint32_t { kFloor, kSegment, kWays };

struct Plan {
  unsigned hertz = 0;  // 0: as fast as it goes
  unsigned readers = 0;
  std::uint32_t frames = 0;
  unsigned repetitions = 0;
};

/// What all readers of one way found, in shared memory.
struct Findings {
  std::atomic<std::uint64_t> torn;     ///< bytes of another frame, taken for good
  std::atomic<std::uint64_t> refused;  ///< overwritten while being read, and noticed
  std::atomic<std::uint64_t> cpu_ns;
};

struct Shared {
  BareFutex futex;
  std::array<Findings, kWays> findings;
};

struct Outcome {
  std::array<WakeResult, kWays> ways;
  std::array<double, kWays> seconds{};
  std::array<double, kWays> cpu_seconds{};
};

const shmvideo::FrameInfo& picture() {
  static const auto info = shmvideo::packed_frame_info(shmvideo::PixelFormat::bgr24, 1920, 1080);
  return info;
}

shmvideo::SegmentName segment_name(const Plan& plan) {
  return shmvideo::SegmentName(fmt::format("stream-{}-{}", plan.hertz, plan.readers));
}

std::byte filling(std::uint32_t phase, std::uint32_t index) {
  return static_cast<std::byte>((phase * 31 + index) % 251);
}

/// First, last and some bytes in between are what the frame was filled with.
bool is_whole(std::span<const std::byte> bytes, std::byte expected) {
  static std::minstd_rand random(static_cast<unsigned>(::getpid()));
  bool whole = bytes.front() == expected && bytes.back() == expected;
  for (int probe = 0; probe < kProbes; ++probe) whole = whole && bytes[random() % bytes.size()] == expected;
  return whole;
}

void read_segment(shmvideo::Reader& reader, const Plan& plan, std::uint32_t phase, Findings& findings,
                  float* latency_us) {
  shmvideo::Frame frame;
  for (std::uint64_t source = 0, last = (std::uint64_t{phase} << 32) + plan.frames - 1; source != last;) {
    const auto status = reader.next(frame, kPatience);
    const std::uint64_t now = now_ns();
    if (status != shmvideo::ReadStatus::frame) throw std::runtime_error(shmvideo::to_string(status));
    if (frame.info().source_number >> 32 != phase) continue;  // the last one of an earlier phase
    source = frame.info().source_number;
    const auto index = static_cast<std::uint32_t>(source);
    latency_us[index] = static_cast<float>(now - frame.info().capture_monotonic_ns) * 1e-3F;
    const bool whole = is_whole(frame.bytes(), filling(phase, index));
    if (!frame.valid())
      ++findings.refused;
    else if (!whole)
      ++findings.torn;
  }
}

void read_floor(Shared& shared, const SharedPages& pages, const Plan& plan, std::uint32_t phase,
                std::uint32_t from, float* latency_us) {
  const std::size_t bytes = picture().payload_bytes;
  for (std::uint32_t seen = from; seen != from + plan.frames;) {
    seen = shared.futex.wait(seen);
    const std::uint32_t index = seen - from - 1;
    latency_us[index] =
        static_cast<float>(now_ns() - shared.futex.stamp_ns[seen % BareFutex::kStamps]) * 1e-3F;
    const auto frame = pages.bytes().subspan(index % kSlots * bytes, bytes);
    if (!is_whole(frame, filling(phase, index))) ++shared.findings[kFloor].torn;
  }
}

void take_part(const Plan& plan, Shared& shared, const SharedPages& pages, float* latency_us) {
  shmvideo::ReaderOptions options;
  options.start = shmvideo::Start::next;
  options.attach_timeout = std::chrono::seconds(30);
  options.program = "bench_stream";
  const auto reader = shmvideo::Reader::attach(segment_name(plan), options);
  pages.touch_all();
  for (std::uint32_t phase = 0; phase < plan.repetitions * kWays; ++phase) {
    const std::uint32_t from = shared.futex.word.load();
    Crowd::arrive();
    Findings& findings = shared.findings[phase % kWays];
    const double before = cpu_seconds();
    if (phase % kWays == kFloor)
      read_floor(shared, pages, plan, phase, from, latency_us);
    else
      read_segment(*reader, plan, phase, findings, latency_us);
    findings.cpu_ns += static_cast<std::uint64_t>((cpu_seconds() - before) * 1e9);
  }
  Crowd::arrive_and_stay();
}

/// Writes all frames of a phase; what filling the source costs is not counted.
class Source {
 public:
  Source(const Plan& plan, Shared& shared, const SharedPages& pages)
      : plan_(plan), shared_(shared), pages_(pages), picture_(picture().payload_bytes) {
    shmvideo::WriterOptions options;
    options.slots = kSlots;
    options.slot_capacity_bytes = picture_.size();
    writer_ = shmvideo::Writer::create(segment_name(plan), options);
  }

  void run(std::uint32_t phase, Outcome& outcome) {
    const std::uint32_t way = phase % kWays;
    std::vector<double> costs;
    const std::uint64_t began = now_ns();
    const double cpu_before = cpu_seconds();
    double filling_seconds = 0;
    for (std::uint32_t index = 0; index < plan_.frames; ++index) {
      if (plan_.hertz != 0) sleep_until(began + (index + 1) * 1'000'000'000ULL / plan_.hertz);
      const std::uint64_t fill_began = now_ns();
      std::memset(picture_.data(), static_cast<int>(filling(phase, index)), picture_.size());
      const std::uint64_t start = now_ns();
      filling_seconds += static_cast<double>(start - fill_began) * 1e-9;
      way == kFloor ? write_floor(index, start) : write_segment(phase, index, start);
      costs.push_back(static_cast<double>(now_ns() - start) * 1e-6);
    }
    outcome.ways[way].waker_cost.add(costs);
    outcome.seconds[way] += static_cast<double>(now_ns() - began) * 1e-9;
    outcome.cpu_seconds[way] += cpu_seconds() - cpu_before - filling_seconds;
  }

 private:
  void write_floor(std::uint32_t index, std::uint64_t start) {
    std::memcpy(pages_.bytes().data() + index % kSlots * picture_.size(), picture_.data(), picture_.size());
    shared_.futex.advance(start);
    shared_.futex.wake_all();
  }
  void write_segment(std::uint32_t phase, std::uint32_t index, std::uint64_t start) {
    shmvideo::FrameInfo info = picture();
    info.capture_monotonic_ns = start;
    info.source_number = (std::uint64_t{phase} << 32) + index;
    if (writer_->publish(info, picture_) != shmvideo::PublishStatus::published)
      throw std::runtime_error("a frame was not published");
  }

  const Plan& plan_;
  Shared& shared_;
  const SharedPages& pages_;
  std::vector<std::byte> picture_;
  std::unique_ptr<shmvideo::Writer> writer_;
};

Outcome measure(const Plan& plan, const Effort& effort, Shared& shared,
                const std::filesystem::path& directory) {
  const SharedPages pages(directory, picture().payload_bytes * kSlots);
  SharedArray<float> noted(std::size_t{plan.readers} * plan.frames);
  Crowd crowd(plan.readers, [&](unsigned index) {
    take_part(plan, shared, pages, &noted[std::size_t{index} * plan.frames]);
  });
  Source source(plan, shared, pages);
  Outcome outcome;
  crowd.gather();
  for (std::uint32_t phase = 0; phase < plan.repetitions * kWays; ++phase) {
    effort.wait_for_rest();
    source.run(phase, outcome);
    crowd.gather();
    outcome.ways[phase % kWays].take(noted, std::size_t{plan.readers} * plan.frames);
  }
  crowd.join();
  return outcome;
}

std::string in_ms(double micros) { return to_text(micros * 1e-3); }

void print_row(const Table& table, const Plan& plan, const Outcome& outcome, const Shared& shared,
               std::uint32_t way) {
  const WakeResult& result = outcome.ways[way];
  const Findings& findings = shared.findings[way];
  const Summary latency = summarise(result.latency.all);
  const double frames = plan.frames * plan.repetitions;
  table.row({plan.hertz ? std::to_string(plan.hertz) : "max", std::to_string(plan.readers),
             way == kFloor ? "memcpy + futex" : "segment", to_text(frames / outcome.seconds[way]),
             to_text(result.missed_percent()), in_ms(latency.p50), in_ms(latency.p99), in_ms(latency.max),
             way == kFloor ? "-" : to_text(result.latency.ratio_to(outcome.ways[kFloor].latency)),
             fmt::format("{} ({} refused) of {}", findings.torn.load(), findings.refused.load(),
                         result.latency.all.size()),
             to_text(summarise(result.waker_cost.all).p50), to_text(outcome.cpu_seconds[way] * 1e3 / frames),
             fmt::format("{:.3f}", static_cast<double>(findings.cpu_ns.load()) * 1e-6 /
                                       static_cast<double>(result.latency.all.size()))});
}

}  // namespace

int main(int argc, char** argv) try {
  const Effort effort = Effort::from(argc, argv);
  const BenchPlace place;
  fmt::print(
      "### 1080p BGR24 by copy to many readers, beside memcpy and a bare futex\n\n"
      "ms; latency from before the copy; ratio of the median latencies of each of {} repetitions: "
      "min / median / max\n\n",
      effort.repetitions());
  const Table table({"fps", "readers", "way", "fps written", "missed %", "latency p50", "p99", "max",
                     "segment / floor", "torn", "writing p50", "CPU writer", "CPU reader"});
  for (const unsigned hertz : {30U, 0U})
    for (const unsigned readers : {1U, 5U, 10U, 20U}) {
      if (effort.is_smoke() && readers > 5) continue;
      const Plan plan{hertz, readers, effort.scaled(hertz ? 75 : 1000, 3), effort.repetitions()};
      const SharedArray<Shared> shared(1);
      const Outcome outcome = measure(plan, effort, shared[0], place.path());
      for (const std::uint32_t way : {kFloor, kSegment}) print_row(table, plan, outcome, shared[0], way);
    }
} catch (const std::exception& error) {
  fmt::print(stderr, "bench_stream: {}\n", error.what());
  return 1;
}
