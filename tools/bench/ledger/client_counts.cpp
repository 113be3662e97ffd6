// SPDX-License-Identifier: Apache-2.0
#include "ledger/client_counts.hpp"

#include <algorithm>

namespace shmvideo::bench {

void ClientCounts::arrive(const FrameInfo& info, std::uint64_t restarts, std::uint64_t now_ns) noexcept {
  const bool is_restarted = restarts != restarts_;
  if (is_restarted) page_.restarts.add(restarts - restarts_);
  restarts_ = restarts;
  if (!is_first_ && info.number > last_number_) {
    // Counted from a frame of the window on: what was published before its begin was nobody's loss.
    if (is_counted_) page_.missed.add(info.number - last_number_ - 1);
  } else if (!is_first_ && !is_restarted) {
    // Only a new writer that knew nothing of the old one begins anew.
    page_.disordered.add(1);
  }
  is_first_ = false;
  last_number_ = info.number;
  is_counted_ = window_.has(info.publish_monotonic_ns);
  latency_ns_ = now_ns - std::min(now_ns, info.publish_monotonic_ns);
  count_time(now_ns);
  page_.last_frame_ns.set(now_ns);
  page_.is_settled.set(1);
}

void ClientCounts::conclude(bool is_whole, Finding finding) noexcept {
  if (is_whole && finding == Finding::torn) page_.torn.add(1);
  if (is_whole && finding == Finding::misnumbered) page_.misnumbered.add(1);
  if (!is_counted_) return;
  if (!is_whole) {
    page_.missed.add(1);
    page_.overwritten.add(1);
    return;
  }
  page_.frames.add(1);
  if (finding != Finding::unchecked) page_.checked.add(1);
  page_.record_latency(latency_ns_);
}

void ClientCounts::detach(std::uint64_t now_ns) noexcept {
  page_.is_settled.set(0);
  count_time(now_ns);
}

void ClientCounts::count_time(std::uint64_t now_ns) noexcept {
  const std::uint64_t from = std::max(counted_until_ns_, window_.from_ns.get());
  const std::uint64_t until = std::min(now_ns, window_.until_ns.get());
  if (until > from) page_.attached_ns.add(until - from);
  counted_until_ns_ = std::max(counted_until_ns_, now_ns);
}

}  // namespace shmvideo::bench
