// SPDX-License-Identifier: Apache-2.0
#include "sink/mjpeg/viewers/skips.hpp"

#include <algorithm>

namespace shmvideo::sink {

Skips explain_gap(std::uint64_t frames, std::uint64_t elapsed_ns, std::uint64_t interval_ns,
                  std::uint64_t busy_ns) noexcept {
  // Every interval was worth a picture; that of the second one has come.
  const std::uint64_t intervals = (elapsed_ns + interval_ns / 2) / std::max<std::uint64_t>(interval_ns, 1);
  const std::uint64_t missed = std::min(intervals > 1 ? intervals - 1 : 0, frames);
  const bool was_busy = busy_ns > interval_ns / 2;
  return {.not_due = frames - missed, .slow = was_busy ? missed : 0, .processor = was_busy ? 0 : missed};
}

}  // namespace shmvideo::sink
