// SPDX-License-Identifier: Apache-2.0
// How long after publish() the readers have the frame, beside a bare futex on which the same processes sleep;
// and what publishing costs the writer, beside waking a single thread of its own process while as many
// readers sleep as in the other ways. The ways take turns within one run.
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
#include "support/private_sleeper.hpp"
#include "support/stamped_frames.hpp"
#include "support/wake_result.hpp"

using namespace shmvideo_bench;

namespace {

constexpr std::uint64_t kFrameBytes = 4096;  // small: this is about waking, not about copying

enum Way : std::uint32_t { kBare, kHold, kObserve, kPrivate, kWays };

struct Plan {
  unsigned hertz = 0;
  unsigned readers = 0;
  std::uint32_t frames = 0;
  unsigned repetitions = 0;
};

struct Outcome {
  std::array<WakeResult, kWays> ways;
  Series loan;
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

void take_part(const Plan& plan, BareFutex& futex, float* latency_us) {
  const auto holder = attach(plan, shmvideo::Grade::hold);
  const auto observer = attach(plan, shmvideo::Grade::observe);
  for (std::uint32_t phase = 0; phase < plan.repetitions * kWays; ++phase) {
    const std::uint32_t from = futex.word.load();
    Crowd::arrive();
    if (phase % kWays == kBare)
      futex.wait_for(from, plan.frames, latency_us);
    else if (phase % kWays != kPrivate)  // in which readers sleep already in the way that comes next
      read_phase(phase % kWays == kHold ? *holder : *observer, plan.frames, phase, kPatience, latency_us);
  }
  Crowd::arrive_and_stay();
}

double micros_since(std::uint64_t start_ns) { return static_cast<double>(now_ns() - start_ns) * 1e-3; }

void publish_phase(shmvideo::Writer& writer, const Plan& plan, std::uint32_t phase, Outcome& outcome) {
  shmvideo::FrameInfo info;
  info.payload_bytes = kFrameBytes;
  info.fourcc = shmvideo::make_fourcc('B', 'N', 'C', 'H');
  std::vector<double> loans;
  std::vector<double> costs;
  const std::uint64_t began = now_ns();
  for (std::uint32_t index = 0; index < plan.frames; ++index) {
    sleep_until(began + (index + 1) * 1'000'000'000ULL / plan.hertz);
    const std::uint64_t before_loan = now_ns();
    auto loan = writer.loan();
    if (!loan) throw std::runtime_error("no slot to publish in");
    loans.push_back(micros_since(before_loan));
    const Message message{now_ns(), phase, index};
    std::memcpy(loan.bytes().data(), &message, sizeof message);
    loan.publish(info);
    costs.push_back(micros_since(message.stamp_ns));
  }
  outcome.loan.add(loans);
  outcome.ways[phase % kWays].waker_cost.add(costs);
}

/// `wake` is told the time at which it began.
template <typename Wake>
void wake_phase(const Plan& plan, Series& costs, const Wake& wake) {
  std::vector<double> cost;
  const std::uint64_t began = now_ns();
  for (std::uint32_t index = 0; index < plan.frames; ++index) {
    sleep_until(began + (index + 1) * 1'000'000'000ULL / plan.hertz);
    const std::uint64_t start = now_ns();
    wake(start);
    cost.push_back(micros_since(start));
  }
  costs.add(cost);
}

void run_phase(shmvideo::Writer& writer, BareFutex& futex, PrivateSleeper& sleeper, const Plan& plan,
               std::uint32_t phase, Outcome& outcome) {
  Series& costs = outcome.ways[phase % kWays].waker_cost;
  if (phase % kWays == kBare)
    wake_phase(plan, costs, [&](std::uint64_t start) {
      futex.advance(start);
      futex.wake_all();
    });
  else if (phase % kWays == kPrivate)
    wake_phase(plan, costs, [&](std::uint64_t) { sleeper.wake(); });
  else
    publish_phase(writer, plan, phase, outcome);
}

Outcome measure(const Plan& plan, const Effort& effort) {
  const SharedArray<BareFutex> futex(1);
  SharedArray<float> noted(std::max<std::size_t>(std::size_t{plan.readers} * plan.frames, 1));
  Crowd crowd(plan.readers,
              [&](unsigned index) { take_part(plan, futex[0], &noted[std::size_t{index} * plan.frames]); });
  shmvideo::WriterOptions options;
  options.slot_capacity_bytes = kFrameBytes;
  const auto writer = shmvideo::Writer::create(segment_name(plan), options);
  PrivateSleeper sleeper;  // a thread, hence after the crowd was forked
  Outcome outcome;
  crowd.gather();
  for (std::uint32_t phase = 0; phase < plan.repetitions * kWays; ++phase) {
    effort.wait_for_rest();
    run_phase(*writer, futex[0], sleeper, plan, phase, outcome);
    crowd.gather();
    outcome.ways[phase % kWays].take(noted, std::size_t{plan.readers} * plan.frames);
  }
  crowd.join();
  return outcome;
}

std::string with_missed(const WakeResult& result) {
  return to_text(summarise(result.latency.all)) +
         (result.missed ? fmt::format(" ({:.1f} % missed)", result.missed_percent()) : "");
}

std::vector<std::string> cost_row(const Plan& plan, const Outcome& outcome) {
  const Series& hold = outcome.ways[kHold].waker_cost;
  const Series& one = outcome.ways[kPrivate].waker_cost;
  return {std::to_string(plan.hertz),        std::to_string(plan.readers),
          middle_and_tail(outcome.loan.all), middle_and_tail(hold.all),
          middle_and_tail(one.all),          to_text(hold.ratio_to(one)),
          to_text(hold.tail_ratio_to(one)),  middle_and_tail(outcome.ways[kBare].waker_cost.all)};
}

void print_latency(const Table& table, const Plan& plan, const Outcome& outcome) {
  const WakeResult& bare = outcome.ways[kBare];
  const WakeResult& hold = outcome.ways[kHold];
  const WakeResult& observe = outcome.ways[kObserve];
  table.row({std::to_string(plan.hertz), std::to_string(plan.readers), with_missed(bare), with_missed(hold),
             with_missed(observe), to_text(hold.latency.ratio_to(bare.latency)),
             to_text(hold.latency.tail_ratio_to(bare.latency)),
             to_text(observe.latency.ratio_to(bare.latency)),
             to_text(observe.latency.tail_ratio_to(bare.latency))});
}

}  // namespace

int main(int argc, char** argv) try {
  const Effort effort = Effort::from(argc, argv);
  const BenchPlace place;
  fmt::print(
      "### From publish() to the reader, beside a bare futex\n\n"
      "us; p50 / p99 / p99.9 / max over all readers and repetitions; ratios of the p50 and of the p99 of "
      "each of {} "
      "repetitions: min / median / max\n\n",
      effort.repetitions());
  const Table latency({"Hz", "readers", "bare futex", "holding reader", "observer", "holding / bare, p50",
                       "holding / bare, p99", "observer / bare, p50", "observer / bare, p99"});
  std::vector<std::vector<std::string>> costs;
  for (const unsigned hertz : {60U, 1000U})
    for (const unsigned readers : {0U, 1U, 10U, 20U, 100U}) {
      if (effort.is_smoke() && readers > 10) continue;
      const std::uint32_t frames = effort.scaled(hertz == 60 ? 90 : 1000, 3);
      const Plan plan{hertz, readers, frames, effort.repetitions()};
      const Outcome outcome = measure(plan, effort);
      if (readers > 0) print_latency(latency, plan, outcome);
      costs.push_back(cost_row(plan, outcome));
    }
  fmt::print(
      "\n### What publishing costs the writer\n\nus; p50 / p99; one private futex: waking a single thread of "
      "the writer's process, while the readers sleep\n\n");
  const Table cost({"Hz", "readers", "loan()", "publish()", "one private futex", "publish() / one, p50",
                    "publish() / one, p99", "bare futex, all readers"});
  for (const auto& row : costs) cost.row(row);
} catch (const std::exception& error) {
  fmt::print(stderr, "bench_wake: {}\n", error.what());
  return 1;
}
