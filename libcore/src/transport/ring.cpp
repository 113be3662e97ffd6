// SPDX-License-Identifier: Apache-2.0
#include "transport/ring.hpp"

#include "segment/shared_memory_access.hpp"

namespace shmvideo::ring {
namespace {

constexpr std::uint64_t kSlotMask = (std::uint64_t{1} << SHMV_INDEX_SLOT_BITS) - 1;

std::uint64_t number_of(std::uint64_t sequence) { return sequence >> 2; }
std::uint64_t slot_state_of(std::uint64_t sequence) { return sequence & 3; }

/// A claimed slot still has its frame: the writer is only looking.
bool has_frame(std::uint64_t sequence, std::uint64_t number) {
  return number_of(sequence) == number && slot_state_of(sequence) != SHMV_SLOT_WRITING;
}

FrameInfo to_info(const shmv_descriptor& d, std::uint64_t number, std::uint64_t generation) noexcept {
  FrameInfo info;
  info.number = number;
  info.generation = generation;
  info.publish_monotonic_ns = d.publish_monotonic_ns;
  info.key_number = d.key_number;
  info.format_epoch = d.format_epoch;
  info.payload_bytes = d.payload_bytes;
  info.fourcc = d.fourcc;
  info.width = d.width;
  info.height = d.height;
  info.flags = d.flags;
  info.plane_count = d.plane_count;
  for (unsigned i = 0; i < SHMV_PLANES_MAX; ++i) {
    info.plane_offset[i] = d.plane_offset[i];
    info.plane_stride[i] = d.plane_stride[i];
  }
  info.capture_monotonic_ns = d.capture_monotonic_ns;
  info.capture_realtime_ns = d.capture_realtime_ns;
  info.pts = d.pts;
  info.dts = d.dts;
  info.duration = d.duration;
  info.timebase_numerator = d.timebase_numerator;
  info.timebase_denominator = d.timebase_denominator;
  info.source_number = d.source_number;
  info.colour_range = d.colour_range;
  info.colour_primaries = d.colour_primaries;
  info.colour_transfer = d.colour_transfer;
  info.colour_matrix = d.colour_matrix;
  return info;
}

bool is_sane(const FrameInfo& info, std::uint64_t capacity_bytes) noexcept {
  if (info.payload_bytes == 0 || info.payload_bytes > capacity_bytes) return false;
  if (info.width > SHMV_DIMENSION_MAX || info.height > SHMV_DIMENSION_MAX) return false;
  if (info.plane_count > SHMV_PLANES_MAX) return false;
  for (std::uint32_t i = 0; i < info.plane_count; ++i)
    if (info.plane_offset[i] >= info.payload_bytes) return false;
  return true;
}

/// The hold's half of Dekker's pattern (Publisher::try_claim has the other): say "held", fence, then look.
/// Only "stable" will do here: from "claimed" one cannot tell whether the writer saw the hold.
int hold(const Generation& generation, std::uint32_t slot, std::uint64_t number,
         Registration* registration) noexcept {
  if (!registration) return -1;
  const int index = registration->hold(slot);
  if (index < 0) return -1;
  shared::fence_seq_cst();
  const std::uint64_t sequence = shared::load_acquire(generation.descriptor(slot).sequence);
  if (sequence == (number << 2 | SHMV_SLOT_STABLE)) return index;
  registration->release(index, generation.fixed().generation);
  return -1;
}

}  // namespace

std::uint64_t latest(const Generation& generation) noexcept {
  const std::uint64_t number = shared::load_acquire(generation.live().latest);
  return number <= SHMV_FRAME_NUMBER_MAX ? number : 0;
}

std::uint64_t oldest_possible(const Generation& generation, std::uint64_t latest) noexcept {
  const std::uint64_t entries = generation.geometry().index_count;
  return latest >= entries ? latest - entries + 1 : 1;
}

bool is_intact(const Generation& generation, std::uint32_t slot, std::uint64_t number) noexcept {
  // Pairs with the fence in Publisher::start_writing(): a read above that met a byte of the next frame
  // makes the load below meet "writing", or what came after it.
  shared::fence_acquire();
  return has_frame(shared::load_relaxed(generation.descriptor(slot).sequence), number) &&
         !generation.is_poisoned();
}

Outcome acquire(const Generation& generation, std::uint64_t number, Registration* registration,
                Found& found) noexcept {
  const std::uint64_t entry = shared::load_acquire(generation.index(number));
  const auto slot = static_cast<std::uint32_t>(entry & kSlotMask);
  if (entry >> SHMV_INDEX_SLOT_BITS != number || slot >= generation.geometry().slot_count)
    return Outcome::absent;
  const shmv_descriptor& there = generation.descriptor(slot);
  if (!has_frame(shared::load_acquire(there.sequence), number)) return Outcome::absent;

  found.slot = slot;
  found.hold = hold(generation, slot, number, registration);
  shmv_descriptor copy;
  shared::copy_words(&copy, &there, sizeof copy);
  found.info = to_info(copy, number, generation.fixed().generation);
  const bool sane = is_sane(found.info, generation.geometry().slot_capacity_bytes);
  // What looks wrong may only be overwritten: the sequence word decides first.
  const bool intact = is_intact(generation, slot, number);
  if (sane && intact) return Outcome::found;
  if (found.hold >= 0) registration->release(found.hold, generation.fixed().generation);
  return intact ? Outcome::corrupt : Outcome::torn;
}

}  // namespace shmvideo::ring
