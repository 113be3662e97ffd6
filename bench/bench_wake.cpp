// SPDX-License-Identifier: Apache-2.0
// How long after publish() the readers have the frame, and what publishing costs the writer, beside a
// bare futex on which the same processes sleep. The ways take turns within one run.
#include <fmt/core.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <cstring>
#include <stdexcept>

#include "shmvideo/reader.hpp"
#include "shmvideo/writer.hpp"
#include "support/bare_futex.hpp"
#include "support/bench_place.hpp"
#include "support/crowd.hpp"
#include "support/effort.hpp"
#include "support/numbers.hpp"
#include "support/wake_result.hpp"

using namespace shmvideo_bench;

namespace {

constexpr std::uint64_t kFrameBytes = 4096;  // small: this is about waking, not about copying

enum Way : std::uint32_t { kBare, kHold, kObserve, kWays };

struct Plan {
  unsigned hertz = 0;
  unsigned readers = 0;
  std::uint32_t frames = 0;
  unsigned repetitions = 0;
};

/// The beginning of each frame.
struct Message {
  std::uint64_t stamp_ns = 0;
  std::uint32_t phase = 0;
  std::uint32_t index = 0;
};

struct Outcome {
  std::array<WakeResult, kWays> ways;
  std::vector<double> loan_us;
};

shmvideo::SegmentName segment_name(const Plan& plan) {
  return shmvideo::SegmentName(fmt::format("wake-{}-{}", plan.hertz, plan.readers));
}

std::unique_ptr<shmvideo::Reader> attach(const Plan& plan, shmvideo::Grade grade) {
  shmvideo::ReaderOptions options;
  options.grade = grade;
  options.start = shmvideo::Start::next;
  options.attach_timeout = std::chrono::seconds(30);
  options.present = grade == shmvideo::Grade::hold;
  options.program = "bench_wake";
  return shmvideo::Reader::attach(segment_name(plan), options);
}

void read_phase(shmvideo::Reader& reader, const Plan& plan, std::uint32_t phase, float* latency_us) {
  shmvideo::Frame frame;
  for (Message message; message.phase != phase || message.index + 1 != plan.frames;) {
    const auto status = reader.next(frame, kPatience);
    const std::uint64_t now = now_ns();
    if (status != shmvideo::ReadStatus::frame) throw std::runtime_error(shmvideo::to_string(status));
    Message read;
    std::memcpy(&read, frame.bytes().data(), sizeof read);
    if (!frame.valid() || read.phase != phase) continue;  // the last one of an earlier phase
    message = read;
    latency_us[message.index] = static_cast<float>(now - message.stamp_ns) * 1e-3F;
  }
}

void take_part(const Plan& plan, BareFutex& futex, float* latency_us) {
  const auto holder = attach(plan, shmvideo::Grade::hold);
  const auto observer = attach(plan, shmvideo::Grade::observe);
  for (std::uint32_t phase = 0; phase < plan.repetitions * kWays; ++phase) {
    const std::uint32_t from = futex.word.load();
    Crowd::arrive();
    if (phase % kWays == kBare)
      futex.wait_for(from, plan.frames, latency_us);
    else
      read_phase(phase % kWays == kHold ? *holder : *observer, plan, phase, latency_us);
  }
  Crowd::arrive_and_stay();
}

double micros_since(std::uint64_t start_ns) { return static_cast<double>(now_ns() - start_ns) * 1e-3; }

void publish_phase(shmvideo::Writer& writer, const Plan& plan, std::uint32_t phase, Outcome& outcome) {
  shmvideo::FrameInfo info;
  info.payload_bytes = kFrameBytes;
  info.fourcc = shmvideo::make_fourcc('B', 'N', 'C', 'H');
  const std::uint64_t began = now_ns();
  for (std::uint32_t index = 0; index < plan.frames; ++index) {
    sleep_until(began + (index + 1) * 1'000'000'000ULL / plan.hertz);
    const std::uint64_t before_loan = now_ns();
    auto loan = writer.loan();
    if (!loan) throw std::runtime_error("no slot to publish in");
    outcome.loan_us.push_back(micros_since(before_loan));
    const Message message{now_ns(), phase, index};
    std::memcpy(loan.bytes().data(), &message, sizeof message);
    loan.publish(info);
    outcome.ways[phase % kWays].waker_cost.push_back(micros_since(message.stamp_ns));
  }
}

void bare_phase(BareFutex& futex, const Plan& plan, Outcome& outcome) {
  const std::uint64_t began = now_ns();
  for (std::uint32_t index = 0; index < plan.frames; ++index) {
    sleep_until(began + (index + 1) * 1'000'000'000ULL / plan.hertz);
    const std::uint64_t start = now_ns();
    futex.advance(start);
    futex.wake_all();
    outcome.ways[kBare].waker_cost.push_back(micros_since(start));
  }
}

Outcome measure(const Plan& plan, const Effort& effort) {
  const SharedArray<BareFutex> futex(1);
  SharedArray<float> noted(std::max<std::size_t>(std::size_t{plan.readers} * plan.frames, 1));
  Crowd crowd(plan.readers,
              [&](unsigned index) { take_part(plan, futex[0], &noted[std::size_t{index} * plan.frames]); });
  shmvideo::WriterOptions options;
  options.slot_capacity_bytes = kFrameBytes;
  const auto writer = shmvideo::Writer::create(segment_name(plan), options);
  Outcome outcome;
  crowd.gather();
  for (std::uint32_t phase = 0; phase < plan.repetitions * kWays; ++phase) {
    effort.wait_for_rest();
    if (phase % kWays == kBare)
      bare_phase(futex[0], plan, outcome);
    else
      publish_phase(*writer, plan, phase, outcome);
    crowd.gather();
    outcome.ways[phase % kWays].take(noted, std::size_t{plan.readers} * plan.frames);
  }
  crowd.join();
  return outcome;
}

std::string with_missed(const WakeResult& result) {
  return to_text(summarise(result.latency)) +
         (result.missed ? fmt::format(" ({:.1f} % missed)", result.missed_percent()) : "");
}

std::string cost_text(const std::vector<double>& values) {
  const Summary summary = summarise(values);
  return to_text(summary.p50) + " / " + to_text(summary.p99);
}

}  // namespace

int main(int argc, char** argv) try {
  const Effort effort = Effort::from(argc, argv);
  const BenchPlace place;
  fmt::print(
      "### From publish() to the reader, beside a bare futex\n\n"
      "us; p50 / p90 / p99 / max over all readers and repetitions; ratios of the medians of each of {} "
      "repetitions: min / median / max\n\n",
      effort.repetitions());
  const Table latency(
      {"Hz", "readers", "bare futex", "holding reader", "observer", "holding / bare", "observer / bare"});
  std::vector<std::vector<std::string>> costs;
  for (const unsigned hertz : {60U, 1000U})
    for (const unsigned readers : {0U, 1U, 8U, 20U, 100U}) {
      if (effort.is_smoke() && readers > 8) continue;
      const std::uint32_t frames = effort.scaled(hertz == 60 ? 120 : 1000, 3);
      const Outcome outcome = measure({hertz, readers, frames, effort.repetitions()}, effort);
      const auto& [bare, hold, observe] = outcome.ways;
      const std::string rate = std::to_string(hertz);
      const std::string count = std::to_string(readers);
      if (readers > 0)
        latency.row({rate, count, with_missed(bare), with_missed(hold), with_missed(observe),
                     to_text(hold.ratio_to(bare)), to_text(observe.ratio_to(bare))});
      costs.push_back(
          {rate, count, cost_text(outcome.loan_us), cost_text(hold.waker_cost), cost_text(bare.waker_cost)});
    }
  fmt::print("\n### What publishing costs the writer\n\nus; p50 / p99\n\n");
  const Table cost({"Hz", "readers", "loan()", "publish()", "bare futex wake"});
  for (const auto& row : costs) cost.row(row);
} catch (const std::exception& error) {
  fmt::print(stderr, "bench_wake: {}\n", error.what());
  return 1;
}
