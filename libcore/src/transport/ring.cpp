// SPDX-License-Identifier: Apache-2.0
#include "transport/ring.hpp"

#include <utility>

#include "segment/shared_memory_access.hpp"
#include "transport/descriptor.hpp"
#include "transport/hold_word.hpp"

namespace shmvideo::ring {
namespace {

constexpr std::uint64_t kSlotMask = (std::uint64_t{1} << SHMV_INDEX_SLOT_BITS) - 1;

/// A claimed slot still has its frame: the writer is only looking.
bool has_frame(std::uint64_t sequence, std::uint64_t number) {
  return frame_number_of(sequence) == number && slot_state_of(sequence) != SHMV_SLOT_WRITING;
}

/// Says "held": one write, or none if that was said in advance. Returns the hold's index or -1.
int say_held(const Generation& generation, std::uint32_t slot, std::uint64_t number,
             Registration& registration, SpareHold* spare) noexcept {
  const bool by_number = generation.knows_holds_by_number();
  const std::uint64_t word = by_number ? hold_of_number(number) : hold_of_slot(slot);
  const int index = spare ? std::exchange(spare->index, -1) : -1;
  if (index < 0) return registration.hold(word);
  const bool is_said = by_number && spare->number == number;
  if (is_said || registration.change(index, word, generation.number())) return index;
  registration.release(index, generation.number());
  return -1;
}

/// The hold's half of Dekker's pattern (Publisher::try_claim has the other): say "held", fence, then look.
/// Only "stable" will do here: from "claimed" one cannot tell whether the writer saw the hold.
int hold(const Generation& generation, std::uint32_t slot, std::uint64_t number, Registration* registration,
         SpareHold* spare) noexcept {
  if (!registration) return -1;
  const int index = say_held(generation, slot, number, *registration, spare);
  if (index < 0) return -1;
  shared::fence_seq_cst();
  const std::uint64_t sequence = shared::load_acquire(generation.descriptor(slot).sequence);
  if (sequence == sequence_word(number, SHMV_SLOT_STABLE)) return index;
  registration->release(index, generation.number());
  return -1;
}

}  // namespace

[[gnu::hot]] std::uint64_t latest(const Generation& generation) noexcept {
  const std::uint64_t number = shared::load_acquire(generation.live().latest);
  return number <= SHMV_FRAME_NUMBER_MAX ? number : 0;
}

[[gnu::hot]] std::uint64_t oldest_possible(const Generation& generation, std::uint64_t latest) noexcept {
  const std::uint64_t entries = generation.geometry().index_count;
  return latest >= entries ? latest - entries + 1 : 1;
}

[[gnu::hot]] bool is_intact(const Generation& generation, std::uint32_t slot, std::uint64_t number) noexcept {
  // Pairs with the fence in Publisher::start_writing(): a read above that met a byte of the next frame
  // makes the load below meet "writing", or what came after it.
  shared::fence_acquire();
  return has_frame(shared::load_relaxed(generation.descriptor(slot).sequence), number) &&
         !generation.is_poisoned();
}

[[gnu::hot]] Outcome acquire(const Generation& generation, std::uint64_t number, Registration* registration,
                             Found& found, FrameInfo& info, SpareHold* spare) noexcept {
  const std::uint64_t entry = shared::load_acquire(generation.index(number));
  const auto slot = static_cast<std::uint32_t>(entry & kSlotMask);
  if (entry >> SHMV_INDEX_SLOT_BITS != number || slot >= generation.geometry().slot_count)
    return Outcome::absent;
  const shmv_descriptor& there = generation.descriptor(slot);
  if (!has_frame(shared::load_acquire(there.sequence), number)) return Outcome::absent;

  found.slot = slot;
  found.hold = hold(generation, slot, number, registration, spare);
  shmv_descriptor copy;
  shared::copy_words(&copy, &there, offsetof(shmv_descriptor, reserved_0));
  to_info(copy, number, generation.number(), info);
  const bool sane = is_consistent(info, generation.geometry().slot_capacity_bytes);
  // What looks wrong may only be overwritten: the sequence word decides first.
  const bool intact = is_intact(generation, slot, number);
  if (sane && intact) return Outcome::found;
  if (found.hold >= 0) registration->release(found.hold, generation.number());
  return intact ? Outcome::corrupt : Outcome::torn;
}

}  // namespace shmvideo::ring
