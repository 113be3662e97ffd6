// SPDX-License-Identifier: Apache-2.0
#include "shmvideo/reader_set.hpp"

#include <algorithm>
#include <string>
#include <utility>

#include "segment/clock.hpp"
#include "segment/futex.hpp"
#include "transport/reader_set_impl.hpp"
#include "transport/ring.hpp"

namespace shmvideo {
namespace {

/// A writer that is killed between publishing and waking wakes nobody: look again after this.
constexpr std::uint64_t kLiveSliceNs = 250'000'000;
/// How often to look for a successor of a writer that has ended.
constexpr std::uint64_t kEndedSliceNs = 50'000'000;
constexpr std::size_t kWordsPerReader = 3;
static_assert(ReaderSet::kMax * kWordsPerReader <= kFutexWordsMax);

}  // namespace

ReaderSet::ReaderSet() : impl_(std::make_unique<Impl>()) {}
ReaderSet::~ReaderSet() = default;

std::size_t ReaderSet::add(Reader& reader) {
  if (impl_->count == kMax)
    throw Error(ErrorCode::invalid_argument, "a set has room for " + std::to_string(kMax) + " readers");
  impl_->members[impl_->count].reader = &reader;
  return impl_->count++;
}

std::size_t ReaderSet::size() const noexcept { return impl_->count; }

ReaderSet::Ready ReaderSet::wait(std::chrono::nanoseconds timeout) {
  if (impl_->count == 0)
    throw Error(ErrorCode::invalid_argument, "a set without readers has nothing to wait for");
  Ready all;
  for (std::size_t i = 0; i < impl_->count; ++i) all.set(i);
  return impl_->wait(all, deadline_after(timeout));
}

bool ReaderSet::Impl::is_interrupted(std::size_t i) const noexcept {
  return of(i).interruption.count() != of(i).interrupts_seen;
}

bool ReaderSet::Impl::is_news(std::size_t i, const WakeWords& words, Fate fate) noexcept {
  Member& member = members[i];
  Reader::Impl& reader = of(i);
  const bool has_ended = fate != Fate::live && !reader.end_told;
  if (!has_ended && ring::latest(*reader.generation) <= reader.last) return false;
  // A frame that next() does not take (it waits for a key frame, say) is told of once, or nobody would sleep.
  const Sight sight{words, reader.generation->fixed().generation, reader.last};
  return std::exchange(member.reported, sight) != sight;
}

void ReaderSet::Impl::look_for_successor(std::size_t i, std::uint64_t now) noexcept {
  Member& member = members[i];
  const bool has_ended = of(i).generation->fate() != Fate::live;
  const WakeWords words = WakeWords::of(*of(i).generation);
  if (!has_ended && words != member.looked_at) {
    // It publishes, hence stands under its name still as far as anybody knows.
    member.looked_at = words;
    member.next_look_ns = now + kLiveSliceNs;
  } else if (now >= member.next_look_ns) {
    member.next_look_ns = now + (has_ended ? kEndedSliceNs : kLiveSliceNs);
    of(i).follow();
  }
}

ReaderSet::Ready ReaderSet::Impl::wait(Ready wanted, std::uint64_t deadline_ns) {
  for (;;) {
    Ready ready;
    std::array<FutexWord, kMax * kWordsPerReader> words;
    std::size_t used = 0;
    const std::uint64_t now = monotonic_ns();
    std::uint64_t wake_ns = std::min(deadline_ns, now + kLiveSliceNs);
    for (std::size_t i = 0; i < count; ++i) {
      if (wanted[i]) look_for_successor(i, now);
      // In this order: words, fate, frames. What happens after the words were read ends the sleep.
      const WakeWords seen = WakeWords::of(*of(i).generation);
      const Fate fate = of(i).generation->fate();
      of(i).pass_on(seen.owner, fate);
      if (wanted[i] && fate == Fate::live) {
        words[used++] = {&of(i).generation->live().notify, seen.notify, false};
        words[used++] = {&of(i).generation->live().owner, seen.owner, false};
      } else if (wanted[i]) {
        wake_ns = std::min(wake_ns, now + kEndedSliceNs);
      }
      words[used++] = {&of(i).interruption.word(), of(i).interrupts_seen, true};
      ready[i] = is_interrupted(i) || (wanted[i] && is_news(i, seen, fate));
    }
    if (ready.any() || monotonic_ns() >= deadline_ns) return ready;
    futex_wait({words.data(), used}, wake_ns);
  }
}

}  // namespace shmvideo
