// SPDX-License-Identifier: Apache-2.0
// From how many sleepers on is it worth letting another thread wake them? Bare futexes only: the writer
// wakes by itself (inline), or wakes a thread of its own that wakes the others (notifier), in turns.
#include <fmt/core.h>

#include <array>
#include <thread>

#include "support/bare_futex.hpp"
#include "support/crowd.hpp"
#include "support/effort.hpp"
#include "support/numbers.hpp"
#include "support/wake_result.hpp"

using namespace shmvideo_bench;

namespace {

enum Way : std::uint32_t { kInline, kNotifier, kWays };

struct Plan {
  unsigned hertz = 0;
  unsigned sleepers = 0;
  std::uint32_t wakes = 0;
  unsigned repetitions = 0;
};

/// The thread between: sleeps on a word of its own.
class Notifier {
 public:
  explicit Notifier(BareFutex& target) : target_(target), thread_([this] { run(); }) {}
  ~Notifier() {
    stopping_ = true;
    request();
    thread_.join();
  }
  Notifier(const Notifier&) = delete;
  Notifier& operator=(const Notifier&) = delete;
  void request() noexcept {
    request_.advance(now_ns());
    request_.wake_all();
  }

 private:
  void run() noexcept {
    for (std::uint32_t seen = 0;;) {
      seen = request_.wait(seen);
      if (stopping_) return;
      target_.wake_all();
    }
  }
  BareFutex& target_;
  BareFutex request_{};
  std::atomic<bool> stopping_{false};
  std::thread thread_;
};

std::array<WakeResult, kWays> measure(const Plan& plan, const Effort& effort) {
  const SharedArray<BareFutex> futex(1);
  SharedArray<float> noted(std::size_t{plan.sleepers} * plan.wakes);
  Crowd crowd(plan.sleepers, [&](unsigned index) {
    for (unsigned phase = 0; phase < plan.repetitions * kWays; ++phase) {
      const std::uint32_t from = futex[0].word.load();
      Crowd::arrive();
      futex[0].wait_for(from, plan.wakes, &noted[std::size_t{index} * plan.wakes]);
    }
    Crowd::arrive_and_stay();
  });
  Notifier notifier(futex[0]);
  std::array<WakeResult, kWays> results;
  crowd.gather();
  for (unsigned phase = 0; phase < plan.repetitions * kWays; ++phase) {
    effort.wait_for_rest();
    std::vector<double> costs;
    const std::uint64_t began = now_ns();
    for (std::uint32_t wake = 0; wake < plan.wakes; ++wake) {
      sleep_until(began + (wake + 1) * 1'000'000'000ULL / plan.hertz);
      const std::uint64_t start = now_ns();
      futex[0].advance(start);
      if (phase % kWays == kInline)
        futex[0].wake_all();
      else
        notifier.request();
      costs.push_back(static_cast<double>(now_ns() - start) * 1e-3);
    }
    crowd.gather();
    WakeResult& result = results[phase % kWays];
    result.waker_cost.add(costs);
    result.take(noted, std::size_t{plan.sleepers} * plan.wakes);
  }
  crowd.join();
  return results;
}

}  // namespace

int main(int argc, char** argv) try {
  const Effort effort = Effort::from(argc, argv);
  fmt::print(
      "### Waking by oneself or by a thread\n\n"
      "us; p50 / p99; ratio of the sleepers' medians of each of {} repetitions: min / median / max\n\n",
      effort.repetitions());
  const Table table({"Hz", "sleepers", "waker: inline", "waker: notifier", "sleeper: inline",
                     "sleeper: notifier", "sleeper: notifier / inline"});
  for (const unsigned hertz : {60U, 1000U})
    for (const unsigned sleepers : {1U, 4U, 8U, 16U, 24U, 32U, 48U, 100U}) {
      if (effort.is_smoke() && sleepers > 4) continue;
      const auto [by_itself, by_thread] =
          measure({hertz, sleepers, effort.scaled(hertz == 60 ? 60 : 500, 3), effort.repetitions()}, effort);
      table.row({std::to_string(hertz), std::to_string(sleepers), middle_and_tail(by_itself.waker_cost.all),
                 middle_and_tail(by_thread.waker_cost.all), middle_and_tail(by_itself.latency.all),
                 middle_and_tail(by_thread.latency.all),
                 to_text(by_thread.latency.ratio_to(by_itself.latency))});
    }
} catch (const std::exception& error) {
  fmt::print(stderr, "bench_fanout: {}\n", error.what());
  return 1;
}
