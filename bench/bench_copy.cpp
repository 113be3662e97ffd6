// SPDX-License-Identifier: Apache-2.0
// What Writer::publish() by copy costs, beside a memcpy of the same bytes into as many rotating pages of
// the same kind of shared memory. The ways take turns within one run.
#include <fmt/core.h>

#include <array>
#include <cstring>
#include <memory>
#include <span>
#include <stdexcept>
#include <vector>

#include "shmvideo/writer.hpp"
#include "support/bench_place.hpp"
#include "support/effort.hpp"
#include "support/numbers.hpp"
#include "support/series.hpp"
#include "support/shared_pages.hpp"

using namespace shmvideo_bench;

namespace {

constexpr std::size_t kPageBytes = 4096;

enum Way : unsigned { kMemcpy, kPublish, kWays };

struct Plan {
  const char* what = "";
  std::size_t bytes = 0;
  unsigned slots = 0;
  unsigned hertz = 0;  // 0: back to back
  unsigned frames = 0;
  unsigned repetitions = 0;
};

/// Both ways in, with memory of their own and one source.
class Ways {
 public:
  Ways(const Plan& plan, const std::filesystem::path& directory, bool is_writer_first)
      : source_(plan.bytes, std::byte{1}),
        slots_(plan.slots),
        stride_((plan.bytes + kPageBytes - 1) / kPageBytes * kPageBytes) {
    info_.payload_bytes = plan.bytes;
    info_.fourcc = shmvideo::make_fourcc('B', 'N', 'C', 'H');
    if (is_writer_first) create_writer(plan);
    copied_ = std::make_unique<SharedPages>(directory, stride_ * plan.slots);
    if (!is_writer_first) create_writer(plan);
  }

  /// As a decoder or a camera would have done just before.
  void fill_source(unsigned frame) {
    std::memset(source_.data(), static_cast<int>(frame % 251), source_.size());
  }

  void run(unsigned way, unsigned frame) {
    const std::size_t offset = frame % slots_ * stride_;
    if (way == kMemcpy) {
      std::memcpy(copied_->bytes().data() + offset, source_.data(), source_.size());
    } else if (writer_->publish(info_, source_) != shmvideo::PublishStatus::published) {
      throw std::runtime_error("a frame was not published");
    }
  }

 private:
  void create_writer(const Plan& plan) {
    shmvideo::WriterOptions options;
    options.slots = plan.slots;
    options.slot_capacity_bytes = plan.bytes;
    writer_ = shmvideo::Writer::create(shmvideo::SegmentName("copy"), options);
  }

  std::vector<std::byte> source_;
  unsigned slots_;
  std::size_t stride_;  // slots begin on pages, as in a segment
  std::unique_ptr<SharedPages> copied_;
  std::unique_ptr<shmvideo::Writer> writer_;
  shmvideo::FrameInfo info_;
};

/// Milliseconds.
using Outcome = std::array<Series, kWays>;

std::vector<double> repetition(Ways& ways, unsigned way, const Plan& plan) {
  std::vector<double> times;
  const std::uint64_t began = now_ns();
  for (unsigned frame = 0; frame < plan.frames; ++frame) {
    if (plan.hertz != 0) {
      sleep_until(began + (frame + 1) * 1'000'000'000ULL / plan.hertz);
      ways.fill_source(frame);
    }
    const std::uint64_t start = now_ns();
    ways.run(way, frame);
    times.push_back(static_cast<double>(now_ns() - start) * 1e-6);
  }
  return times;
}

/// New memory for each repetition: which physical pages one happens to get makes more difference (up to
/// a third, measured) than anything that is compared here.
Outcome measure(const Plan& plan, const Effort& effort, const std::filesystem::path& directory) {
  Outcome outcome;
  for (unsigned round = 0; round < plan.repetitions; ++round) {
    Ways ways(plan, directory, round % 2 == 0);
    for (unsigned turn = 0; turn < kWays; ++turn) {
      const unsigned way = (round + turn) % kWays;
      effort.wait_for_rest();
      for (unsigned frame = 0; frame < plan.slots; ++frame) ways.run(way, frame);  // warm up
      outcome[way].add(repetition(ways, way, plan));
    }
  }
  return outcome;
}

}  // namespace

int main(int argc, char** argv) try {
  const Effort effort = Effort::from(argc, argv);
  const BenchPlace place;
  fmt::print(
      "### Publishing by copy, beside memcpy into as many rotating shared pages\n\n"
      "ms; p50 / p99 / p99.9 / max; ratios of the p50 of each of {} repetitions: min / median / max\n\n",
      2 * effort.repetitions());
  const Table table({"frame", "rate", "slots", "memcpy", "publish()", "publish() / memcpy"});
  constexpr std::pair<const char*, std::size_t> kFrames[] = {{"1080p BGR24", 6'220'800},
                                                             {"1080p NV12", 3'110'400}};
  for (const auto& [what, bytes] : kFrames)
    for (const unsigned hertz : {0U, 60U, 30U})
      for (const unsigned slots : {3U, 6U, 30U}) {
        if (slots == 30 && (hertz == 60 || effort.is_smoke())) continue;
        const unsigned frames = effort.scaled(hertz == 0 ? 200 : hertz / 2, 3);
        const Plan plan{what, bytes, slots, hertz, frames, 2 * effort.repetitions()};
        const Outcome outcome = measure(plan, effort, place.path());
        table.row({what, hertz ? fmt::format("{} Hz", hertz) : "back to back", std::to_string(slots),
                   to_text(summarise(outcome[kMemcpy].all)), to_text(summarise(outcome[kPublish].all)),
                   to_text(outcome[kPublish].ratio_to(outcome[kMemcpy]))});
      }
} catch (const std::exception& error) {
  fmt::print(stderr, "bench_copy: {}\n", error.what());
  return 1;
}
