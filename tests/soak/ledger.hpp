// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/mman.h>
#include <unistd.h>

#include <atomic>
#include <cstdint>

namespace soak {

enum class Phase : std::uint32_t {
  storm,  ///< everybody does all that it can
  calm,   ///< visitors leave, writers go back to the first size and publish slowly
  end,    ///< everybody ends
};

using Count = std::atomic<std::uint64_t>;

/// What all processes of a soak count together, in memory of the soak's own, so that nothing is lost with one
/// that is killed. Counters only grow.
struct Ledger {
  std::atomic<Phase> phase;
  Count published;              ///< frames, by both writers
  Count generations;            ///< segments made, by both writers
  Count attached;               ///< readers that came
  Count detached;               ///< readers that went by themselves; the others were killed
  Count looked_at;              ///< frames that a reader got and checked whole
  Count held;                   ///< of them held
  Count refused;                ///< overwritten meanwhile, and valid() said so
  Count met_torn;               ///< of them with bytes of another frame: what the checks are worth
  Count torn;                   ///< bytes of another frame, and valid() said that it is whole: never
  Count went_back;              ///< a number not above the one before: never
  Count deaths_told;            ///< a reader was told that its writer died
  Count ends_told;              ///< or closed
  Count restarts;               ///< changes of generation that readers went along with
  Count no_slot;                ///< a writer found every slot on loan: never, it has one at a time
  Count resizes;                ///< of the writer that stays
  Count regular_visits;         ///< of the reader that comes and goes
  Count residents_restarts[2];  ///< changes of generation of each resident reader
  Count residents_calm[2];      ///< frames of the first size that each resident reader got
};

inline Ledger* map_ledger(int fd) {
  void* memory = ::mmap(nullptr, sizeof(Ledger), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  return memory == MAP_FAILED ? nullptr : static_cast<Ledger*>(memory);
}

}  // namespace soak
