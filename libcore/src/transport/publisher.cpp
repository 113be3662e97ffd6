// SPDX-License-Identifier: Apache-2.0
#include "transport/publisher.hpp"

#include "segment/clock.hpp"
#include "segment/shared_memory_access.hpp"
#include "transport/descriptor.hpp"

namespace shmvideo {
namespace {

bool is_same_format(const FrameInfo& a, const FrameInfo& b) noexcept {
  return a.fourcc == b.fourcc && a.width == b.width && a.height == b.height &&
         a.plane_count == b.plane_count && a.plane_offset == b.plane_offset &&
         a.plane_stride == b.plane_stride;
}

}  // namespace

Publisher::Publisher(CreatedSegment& segment, HoldTable& holds, std::uint64_t latest)
    : segment_(segment),
      holds_(holds),
      latest_(latest),
      latest_slot_(segment.geometry().slot_count),
      next_(segment.geometry().slot_count + 1),
      previous_link_(segment.geometry().slot_count + 1),
      number_(segment.geometry().slot_count) {
  const std::uint32_t sentinel = segment.geometry().slot_count;
  next_[sentinel] = previous_link_[sentinel] = sentinel;
  for (std::uint32_t slot = 0; slot < sentinel; ++slot) link_before(slot, sentinel);
}

[[gnu::hot]] void Publisher::unlink(std::uint32_t slot) noexcept {
  next_[previous_link_[slot]] = next_[slot];
  previous_link_[next_[slot]] = previous_link_[slot];
}

[[gnu::hot]] void Publisher::link_before(std::uint32_t slot, std::uint32_t position) noexcept {
  next_[slot] = position;
  previous_link_[slot] = previous_link_[position];
  next_[previous_link_[slot]] = slot;
  previous_link_[position] = slot;
}

[[gnu::hot]] std::optional<std::uint32_t> Publisher::claim() noexcept {
  const std::uint32_t sentinel = segment_.geometry().slot_count;
  // Twice: a reader that goes from one frame to the next while we look seems to hold both.
  for (int round = 0; round < 2; ++round) {
    holds_.refresh();
    for (std::uint32_t slot = next_[sentinel]; slot != sentinel; slot = next_[slot])
      if (slot != latest_slot_ && !is_held(slot) && try_claim(slot)) {
        start_writing(slot);
        return slot;
      }
  }
  // Every slot is held. The writer never waits: the oldest goes, and its holder learns of it from the
  // sequence word.
  std::uint32_t oldest = next_[sentinel];
  if (oldest == latest_slot_) oldest = next_[oldest];
  if (oldest == sentinel) return std::nullopt;
  ++revoked_;
  start_writing(oldest);
  return oldest;
}

[[gnu::hot]] bool Publisher::is_held(std::uint32_t slot) noexcept {
  return holds_.is_held(slot, number_[slot]) && holds_.is_held_by_living(slot, number_[slot]);
}

/// Dekker's pattern with ring.cpp's acquire(): we say "claimed", then look at the holds; the reader says
/// "held", then looks at our word. With a full fence in between on both sides, at least one of the two
/// sees the other. While the slot is claimed its payload is untouched and the frame still valid.
[[gnu::hot]] bool Publisher::try_claim(std::uint32_t slot) noexcept {
  std::uint64_t& sequence = segment_.descriptor(slot).sequence;
  shared::store_relaxed(sequence, sequence_word(number_[slot], SHMV_SLOT_CLAIMED));
  shared::fence_seq_cst();
  holds_.refresh();
  if (!is_held(slot)) return true;
  shared::store_release(sequence, sequence_word(number_[slot], SHMV_SLOT_STABLE));
  return false;
}

[[gnu::hot]] void Publisher::start_writing(std::uint32_t slot) noexcept {
  shared::store_relaxed(segment_.descriptor(slot).sequence, sequence_word(number_[slot], SHMV_SLOT_WRITING));
  // The word must be out before any byte of the payload: a release store alone would let payload
  // stores rise above it on ARM. Pairs with the acquire fence in Frame::valid(). It also keeps the
  // look at the holds before the overwriting.
  shared::fence_seq_cst();
  unlink(slot);
  number_[slot] = 0;
  ++on_loan_;
}

void Publisher::abandon(std::uint32_t slot) noexcept {
  shared::store_release(segment_.descriptor(slot).sequence, sequence_word(0, SHMV_SLOT_STABLE));
  link_before(slot, next_[segment_.geometry().slot_count]);
  --on_loan_;
}

[[gnu::hot]] void Publisher::approach(std::uint32_t slot) const noexcept {
  // All lines that publish() writes, asked for at once rather than one after the other.
  const auto* descriptor = reinterpret_cast<const std::byte*>(&segment_.descriptor(slot));
  for (std::size_t at = 0; at < offsetof(shmv_descriptor, reserved_0); at += 64)
    __builtin_prefetch(descriptor + at, 1);
  __builtin_prefetch(&segment_.index(latest_ + 1), 1);
  __builtin_prefetch(&segment_.header().latest, 1);
  __builtin_prefetch(&segment_.header().latest_key, 1);
}

[[gnu::hot]] std::uint64_t Publisher::publish(std::uint32_t slot, FrameInfo& info) noexcept {
  shmv_header& header = segment_.header();
  const std::uint64_t number = latest_ + 1;
  if (!is_same_format(info, previous_)) shared::store_relaxed(header.format_epoch, ++format_epoch_);
  if (info.is_key()) latest_key_ = number;
  info.number = number;
  info.key_number = latest_key_;
  info.format_epoch = format_epoch_;

  shmv_descriptor descriptor = to_descriptor(info);
  // Everything behind the sequence word, then the word: who reads "stable n" with acquire sees it all.
  // What is reserved is zero since the segment was made.
  constexpr std::size_t kBehind = sizeof descriptor.sequence;
  shmv_descriptor& there = segment_.descriptor(slot);
  shared::copy_words(reinterpret_cast<std::byte*>(&there) + kBehind,
                     reinterpret_cast<const std::byte*>(&descriptor) + kBehind,
                     offsetof(shmv_descriptor, reserved_0) - kBehind);
  shared::store_release(there.sequence, sequence_word(number, SHMV_SLOT_STABLE));
  shared::store_release(segment_.index(number), number << SHMV_INDEX_SLOT_BITS | slot);
  if (info.is_key()) shared::store_release(header.latest_key, number);
  shared::store_release(header.latest, number);
  shared::fetch_add(header.notify, std::uint32_t{1});

  latest_ = number;
  latest_slot_ = slot;
  return number;
}

[[gnu::hot]] void Publisher::settle(const FrameInfo& info) noexcept {
  number_[latest_slot_] = latest_;
  link_before(latest_slot_, segment_.geometry().slot_count);
  --on_loan_;
  previous_ = info;
  shmv_header& header = segment_.header();
  shared::store_relaxed(header.progress_ns, info.publish_monotonic_ns);
  shared::store_relaxed(header.last_publish_ns, info.publish_monotonic_ns);
}

}  // namespace shmvideo
