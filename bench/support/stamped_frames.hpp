// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <cstring>
#include <stdexcept>

#include "shmvideo/reader.hpp"
#include "support/numbers.hpp"

namespace shmvideo_bench {

/// The beginning of each frame whose way to the readers is timed.
struct Message {
  std::uint64_t stamp_ns = 0;
  std::uint32_t phase = 0;
  std::uint32_t index = 0;
};

/// Reads until the last of the phase's `frames` has come; notes in `latency_us` how long each took that did
/// come. Throws when none comes within `patience`.
inline void read_phase(shmvideo::Reader& reader, std::uint32_t frames, std::uint32_t phase,
                       std::chrono::nanoseconds patience, float* latency_us) {
  shmvideo::Frame frame;
  for (Message message; message.phase != phase || message.index + 1 != frames;) {
    const auto status = reader.next(frame, patience);
    const std::uint64_t now = now_ns();
    if (status != shmvideo::ReadStatus::frame) throw std::runtime_error(shmvideo::to_string(status));
    Message read;
    std::memcpy(&read, frame.bytes().data(), sizeof read);
    if (!frame.valid() || read.phase != phase) continue;  // the last one of an earlier phase
    message = read;
    latency_us[message.index] = static_cast<float>(now - message.stamp_ns) * 1e-3F;
  }
}

}  // namespace shmvideo_bench
