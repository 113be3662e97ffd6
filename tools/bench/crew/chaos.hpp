// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <random>

namespace shmvideo::bench {

/// One thing that befalls somebody.
struct Blow {
  enum class Kind { pause_client, kill_client, kill_writer, end_writer };
  Kind kind = Kind::pause_client;
  std::uint32_t client = 0;
  std::uint64_t duration_ns = 0;  ///< of a pause, or until the writer is started again
  std::uint64_t wait_ns = 0;      ///< until the next blow
};

/// What befalls whom: chance that the same seed repeats. (What the scheduler makes of it is another matter.)
class Chaos {
 public:
  /// A foreign writer is left alone.
  Chaos(std::uint64_t seed, std::uint32_t clients, bool has_own_writer)
      : engine_(seed), clients_(clients), has_own_writer_(has_own_writer) {}
  Blow next();

 private:
  std::uint64_t between(std::uint64_t low, std::uint64_t high);
  std::mt19937_64 engine_;
  std::uint32_t clients_;
  bool has_own_writer_;
};

}  // namespace shmvideo::bench
