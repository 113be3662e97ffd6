// SPDX-License-Identifier: Apache-2.0
#include "support/effort.hpp"

#include <fmt/core.h>
#include <unistd.h>

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <fstream>
#include <string>
#include <string_view>

#include "support/numbers.hpp"

namespace shmvideo_bench {
namespace {

constexpr std::uint64_t kLookNs = 100'000'000;
/// One tick of the kernel's clock, and some: ourselves.
constexpr double kBusySecondsAtRest = 0.011;

/// Processor time that anything on this machine used.
double busy_seconds() {
  std::ifstream in("/proc/stat");
  std::string word;
  in >> word;
  double busy = 0;
  for (int column = 0; column < 8; ++column) {
    double ticks = 0;
    in >> ticks;
    const bool is_idle = column == 3 || column == 4;
    if (!is_idle) busy += ticks;
  }
  return busy / static_cast<double>(::sysconf(_SC_CLK_TCK));
}

[[noreturn]] void explain_usage(const char* program) {
  fmt::print(stderr, "usage: {} [--quick | --smoke] [--patience SECONDS]\n", program);
  std::exit(2);
}

}  // namespace

Effort Effort::from(int argc, char** argv) {
  Effort effort;
  for (int i = 1; i < argc; ++i) {
    const std::string_view how = argv[i];
    if (how == "--quick") {
      effort.repetitions_ = 5;
      effort.scale_ = 0.4;
    } else if (how == "--smoke") {
      effort.repetitions_ = 1;
      effort.scale_ = 0.02;
      effort.is_smoke_ = true;
    } else if (how == "--patience" && i + 1 < argc) {
      effort.patience_seconds_ = std::atof(argv[++i]);
    } else {
      explain_usage(argv[0]);
    }
  }
  return effort;
}

unsigned Effort::scaled(unsigned count, unsigned least) const noexcept {
  return std::max(static_cast<unsigned>(count * scale_), least);
}

void Effort::wait_for_rest() const {
  while (patience_seconds_ > 0) {
    const double before = busy_seconds();
    sleep_until(now_ns() + kLookNs);
    if (busy_seconds() - before <= kBusySecondsAtRest) return;
    patience_seconds_ -= static_cast<double>(kLookNs) * 1e-9;
  }
}

}  // namespace shmvideo_bench
