// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <utility>

#include "segment/clock.hpp"
#include "transport/reader_set_impl.hpp"

namespace shmvideo {

ReaderSet::Ready ReaderSet::Impl::without_candidate() const noexcept {
  Ready lacking;
  for (std::size_t i = 0; i < count; ++i) lacking[i] = !members[i].candidate;
  return lacking;
}

bool ReaderSet::Impl::take_interruption() noexcept {
  bool was_interrupted = false;
  for (std::size_t i = 0; i < count; ++i) {
    const std::uint32_t interrupts = of(i).interruption.count();
    was_interrupted |= std::exchange(of(i).interrupts_seen, interrupts) != interrupts;
  }
  return was_interrupted;
}

std::optional<ReadStatus> ReaderSet::Impl::fill(bool is_over) {
  // Before the readers are asked, who would take it for theirs.
  const bool was_interrupted = without_candidate().any() && take_interruption();
  std::optional<ReadStatus> end;
  for (std::size_t i = 0; i < count; ++i) {
    Member& member = members[i];
    if (member.candidate) continue;
    const ReadStatus status = member.reader->next(member.candidate, std::chrono::nanoseconds(0));
    const bool has_ended = status == ReadStatus::closed || status == ReadStatus::writer_gone;
    // Told at once the first time; then the time given is waited out for a successor.
    const bool was_told = std::exchange(member.end_told, has_ended);
    if (has_ended && !end && (!was_told || is_over)) end = status;
  }
  if (without_candidate().none()) return ReadStatus::frame;
  if (end) return end;
  if (is_over || was_interrupted) return ReadStatus::timeout;
  return std::nullopt;
}

bool ReaderSet::Impl::sift(std::uint64_t tolerance_ns) noexcept {
  Pairing pairing(count);
  for (std::size_t i = 0; i < count; ++i) {
    // Kept while others were waited for, and overwritten meanwhile.
    if (!members[i].candidate.valid()) members[i].candidate.release();
    if (members[i].candidate) pairing.offer(i, members[i].candidate.info().capture_monotonic_ns);
  }
  if (!pairing.is_complete()) return false;
  const auto misfit = pairing.misfit(tolerance_ns);
  if (misfit) members[*misfit].candidate.release();
  return !misfit;
}

ReadStatus ReaderSet::pair(std::span<Frame> frames, std::chrono::nanoseconds tolerance,
                           std::chrono::nanoseconds timeout) {
  if (frames.size() != size() || frames.empty())
    throw Error(ErrorCode::invalid_argument, "pair() needs a place for a frame of each reader, and a reader");
  for (Frame& frame : frames) frame.release();
  const auto tolerance_ns =
      static_cast<std::uint64_t>(std::max<std::chrono::nanoseconds::rep>(tolerance.count(), 0));
  const std::uint64_t deadline = deadline_after(timeout);
  for (int passed_over = 0;;) {
    const bool is_over = monotonic_ns() >= deadline;
    const auto status = impl_->fill(is_over);
    if (status == ReadStatus::frame) {
      if (impl_->sift(tolerance_ns)) break;
      // What is there already is gone through in any case; writers that never fit do not keep us for ever.
      if (++passed_over > SHMV_SLOTS_MAX && is_over) return ReadStatus::timeout;
    } else if (status) {
      return *status;
    } else {
      impl_->wait(impl_->without_candidate(), deadline);
    }
  }
  for (std::size_t i = 0; i < frames.size(); ++i) frames[i] = std::move(impl_->members[i].candidate);
  return ReadStatus::frame;
}

}  // namespace shmvideo
