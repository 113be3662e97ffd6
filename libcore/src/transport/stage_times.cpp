// SPDX-License-Identifier: Apache-2.0
#include "transport/stage_times.hpp"

#include <algorithm>
#include <bit>
#include <limits>

#include "segment/shared_memory_access.hpp"

namespace shmvideo {
namespace {

constexpr std::size_t kLast = SHMV_STAGE_BUCKETS - 1;

std::uint64_t sum_without_overflow(std::uint64_t a, std::uint64_t b) noexcept {
  return a > std::numeric_limits<std::uint64_t>::max() - b ? std::numeric_limits<std::uint64_t>::max()
                                                           : a + b;
}

}  // namespace

const char* to_string(Stage stage) noexcept {
  switch (stage) {
    case Stage::read:
      return "read";
    case Stage::convert:
      return "convert";
    case Stage::publish:
      return "publish";
  }
  return nullptr;
}

std::uint64_t stage_bound_ns(std::size_t bucket) noexcept {
  if (bucket >= kLast) return std::numeric_limits<std::uint64_t>::max();
  return std::uint64_t{SHMV_STAGE_BOUND_NS} << bucket;
}

std::size_t stage_bucket_of(std::uint64_t ns) noexcept {
  static_assert(std::has_single_bit(unsigned{SHMV_STAGE_BOUND_NS}));
  // A bucket's upper end is part of it.
  const std::uint64_t bounds = (ns - (ns > 0 ? 1 : 0)) / SHMV_STAGE_BOUND_NS;
  return std::min<std::size_t>(static_cast<std::size_t>(std::bit_width(bounds)), kLast);
}

[[gnu::hot]] void StageTimes::add(Stage stage, std::uint64_t ns, shmv_header& header) noexcept {
  const auto index = static_cast<std::size_t>(stage);
  if (index >= SHMV_STAGES) return;
  shmv_stage_times& own = stages_[index];
  shmv_stage_times& shown = header.stages[index];
  const std::size_t bucket = stage_bucket_of(ns);
  shared::store_relaxed(shown.bucket[bucket], ++own.bucket[bucket]);
  shared::store_relaxed(shown.sum_ns, own.sum_ns += ns);
  if (ns > own.max_ns) shared::store_relaxed(shown.max_ns, own.max_ns = ns);
}

void StageTimes::write(shmv_header& header) const noexcept {
  shared::copy_words(header.stages, stages_, sizeof stages_);
}

StageReport report_stage(const shmv_header& header, Stage stage) noexcept {
  shmv_stage_times seen;
  shared::copy_words(&seen, &header.stages[static_cast<std::size_t>(stage)], sizeof seen);
  StageReport report;
  report.sum_ns = seen.sum_ns;
  report.max_ns = seen.max_ns;
  std::copy(std::begin(seen.bucket), std::end(seen.bucket), report.buckets.begin());
  for (const std::uint64_t frames : report.buckets)
    report.frames = sum_without_overflow(report.frames, frames);
  return report;
}

double StageReport::quantile_ns(double share) const noexcept {
  const double wanted = std::clamp(share, 0.0, 1.0) * static_cast<double>(frames);
  double before = 0;
  for (std::size_t i = 0; i < buckets.size(); ++i) {
    const auto here = static_cast<double>(buckets[i]);
    if (here > 0 && before + here >= wanted) {
      const double low = i == 0 ? 0 : static_cast<double>(stage_bound_ns(i - 1));
      // Nothing took longer than the longest, which may lie in this very octave.
      const double bound = i == kLast ? static_cast<double>(max_ns) : static_cast<double>(stage_bound_ns(i));
      const double high = std::max(low, std::min(bound, static_cast<double>(max_ns)));
      return low + (high - low) * (wanted - before) / here;
    }
    before += here;
  }
  return 0;
}

}  // namespace shmvideo
