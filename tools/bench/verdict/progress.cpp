// SPDX-License-Identifier: Apache-2.0
#include "verdict/progress.hpp"

#include <string>

#include "ledger/clock.hpp"
#include "verdict/report_text.hpp"

namespace shmvideo::bench {
namespace {

constexpr std::uint64_t kLineInterval = kSecond;
constexpr std::uint64_t kMessageInterval = 10 * kSecond;
}  // namespace

std::uint64_t Progress::interval_ns(const std::optional<std::chrono::nanoseconds>& asked) const {
  if (asked) return static_cast<std::uint64_t>(asked->count());
  return line_.is_wanted() ? kLineInterval : kMessageInterval;
}

void Progress::show(const Result& result) {
  const std::string text = progress_text(result);
  if (!line_.is_wanted()) return log_.info("{}", text);
  line_.draw(text);
}

}  // namespace shmvideo::bench
