// SPDX-License-Identifier: Apache-2.0
// What a frame's size means to frames that are written in place (by loan): nothing, if all that is left is
// the wake. Small and large frames take turns within one run, each filled before its time begins.
#include <fmt/core.h>

#include <array>
#include <chrono>
#include <cstring>
#include <memory>
#include <stdexcept>
#include <vector>

#include "shmvideo/reader.hpp"
#include "shmvideo/writer.hpp"
#include "support/bench_place.hpp"
#include "support/crowd.hpp"
#include "support/effort.hpp"
#include "support/numbers.hpp"
#include "support/stamped_frames.hpp"
#include "support/wake_result.hpp"

using namespace shmvideo_bench;

namespace {

struct Size {
  const char* name;
  const char* segment;
  std::size_t bytes;
};
constexpr std::array<Size, 3> kSizes = {
    {{"64 KB", "loan-small", 64'000}, {"6.2 MB", "loan-hd", 6'220'800}, {"25 MB", "loan-large", 24'883'200}}};

/// What is done with the bytes of a frame before its time begins: all of them written, as by a decoder; or
/// none, as by a device that writes to memory itself.
enum Fill : std::uint32_t { kWhole, kNothing, kFills };

constexpr std::uint32_t kPhases = kSizes.size() * kFills;

struct Plan {
  unsigned hertz = 30;
  std::uint32_t frames = 0;
  unsigned repetitions = 0;
};

using Outcome = std::array<WakeResult, kPhases>;

void take_part(const Plan& plan, float* latency_us) {
  std::array<std::unique_ptr<shmvideo::Reader>, kSizes.size()> readers;
  for (std::size_t i = 0; i < kSizes.size(); ++i) {
    shmvideo::ReaderOptions options;
    options.start = shmvideo::Start::next;
    options.attach_timeout = std::chrono::seconds(30);
    readers[i] = shmvideo::Reader::attach(shmvideo::SegmentName(kSizes[i].segment), options);
  }
  for (std::uint32_t phase = 0; phase < plan.repetitions * kPhases; ++phase) {
    Crowd::arrive();
    read_phase(*readers[phase % kSizes.size()], plan.frames, phase, kPatience, latency_us);
  }
  Crowd::arrive_and_stay();
}

std::vector<double> publish_phase(shmvideo::Writer& writer, const Plan& plan, std::uint32_t phase) {
  const bool is_filled = phase % kPhases / kSizes.size() == kWhole;
  shmvideo::FrameInfo info;
  info.payload_bytes = kSizes[phase % kSizes.size()].bytes;
  info.fourcc = shmvideo::make_fourcc('B', 'N', 'C', 'H');
  std::vector<double> costs;
  const std::uint64_t began = now_ns();
  for (std::uint32_t index = 0; index < plan.frames; ++index) {
    sleep_until(began + (index + 1) * 1'000'000'000ULL / plan.hertz);
    auto loan = writer.loan();
    if (!loan) throw std::runtime_error("no slot to publish in");
    if (is_filled) std::memset(loan.bytes().data(), static_cast<int>(index % 251), info.payload_bytes);
    const Message message{now_ns(), phase, index};
    std::memcpy(loan.bytes().data(), &message, sizeof message);
    loan.publish(info);
    costs.push_back(static_cast<double>(now_ns() - message.stamp_ns) * 1e-3);
  }
  return costs;
}

Outcome measure(const Plan& plan, const Effort& effort) {
  SharedArray<float> noted(plan.frames);
  Crowd crowd(1, [&](unsigned) { take_part(plan, &noted[0]); });
  std::array<std::unique_ptr<shmvideo::Writer>, kSizes.size()> writers;
  for (std::size_t i = 0; i < kSizes.size(); ++i) {
    shmvideo::WriterOptions options;
    options.slot_capacity_bytes = kSizes[i].bytes;
    writers[i] = shmvideo::Writer::create(shmvideo::SegmentName(kSizes[i].segment), options);
  }
  Outcome outcome;
  crowd.gather();
  for (std::uint32_t phase = 0; phase < plan.repetitions * kPhases; ++phase) {
    effort.wait_for_rest();
    const auto costs = publish_phase(*writers[phase % kSizes.size()], plan, phase);
    crowd.gather();
    outcome[phase % kPhases].waker_cost.add(costs);
    outcome[phase % kPhases].take(noted, plan.frames);
  }
  crowd.join();
  return outcome;
}

}  // namespace

int main(int argc, char** argv) try {
  const Effort effort = Effort::from(argc, argv);
  const BenchPlace place;
  const Outcome outcome = measure({30, effort.scaled(45, 3), effort.repetitions()}, effort);
  fmt::print(
      "### Publishing by loan, 30 Hz, one holding reader\n\n"
      "us; p50 / p99 / p99.9 / max; ratios of the p50 of each of {} repetitions: min / median / max\n\n",
      effort.repetitions());
  const Table table(
      {"frame", "filled before", "publish()", "publish() / 64 KB", "latency", "latency / 64 KB"});
  for (std::uint32_t row = 0; row < kPhases; ++row) {
    const WakeResult& result = outcome[row];
    const WakeResult& small = outcome[row / kSizes.size() * kSizes.size()];
    table.row({kSizes[row % kSizes.size()].name, row / kSizes.size() == kWhole ? "whole" : "first bytes",
               to_text(summarise(result.waker_cost.all)),
               to_text(result.waker_cost.ratio_to(small.waker_cost)), to_text(summarise(result.latency.all)),
               to_text(result.latency.ratio_to(small.latency))});
  }
} catch (const std::exception& error) {
  fmt::print(stderr, "bench_loan: {}\n", error.what());
  return 1;
}
