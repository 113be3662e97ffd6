// SPDX-License-Identifier: Apache-2.0
#include "crew/chaos.hpp"

#include "ledger/clock.hpp"

namespace shmvideo::bench {

std::uint64_t Chaos::between(std::uint64_t low, std::uint64_t high) {
  return std::uniform_int_distribution<std::uint64_t>(low, high)(engine_);
}

Blow Chaos::next() {
  Blow blow;
  // Everything is drawn each time, so that two runs with one seed stay in step.
  const std::uint64_t dice = between(0, 99);
  blow.client = static_cast<std::uint32_t>(between(0, clients_ - 1));
  const std::uint64_t pause_ns = between(100 * kMillisecond, 3 * kSecond);
  const std::uint64_t gap_ns = between(0, 300 * kMillisecond);
  blow.wait_ns = between(100 * kMillisecond, 600 * kMillisecond);
  if (has_own_writer_ && dice < 12) {
    blow.kind = dice < 8 ? Blow::Kind::kill_writer : Blow::Kind::end_writer;
    blow.duration_ns = gap_ns;
    return blow;
  }
  blow.kind = dice < 55 ? Blow::Kind::pause_client : Blow::Kind::kill_client;
  if (blow.kind == Blow::Kind::pause_client) blow.duration_ns = pause_ns;
  return blow;
}

}  // namespace shmvideo::bench
