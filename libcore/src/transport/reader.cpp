// SPDX-License-Identifier: Apache-2.0
#include "shmvideo/reader.hpp"

#include <algorithm>

#include "segment/clock.hpp"
#include "segment/futex.hpp"
#include "transport/liveness.hpp"
#include "transport/reader_impl.hpp"

namespace shmvideo {
namespace {

constexpr int kFollowMax = 16;

}  // namespace

Reader::Reader(std::unique_ptr<Impl> impl) noexcept : impl_(std::move(impl)) {}
Reader::~Reader() = default;

std::unique_ptr<Reader> Reader::attach(const SegmentName& name, const ReaderOptions& options) {
  return std::unique_ptr<Reader>(new Reader(std::make_unique<Impl>(name, options)));
}

[[gnu::hot]] ReadStatus Reader::next(Frame& out, std::chrono::nanoseconds timeout) {
  impl_->recycle(out);
  const ReadStatus status = impl_->wait_for_frame(out, timeout);
  if (status != ReadStatus::frame) out.release();
  impl_->drop_spare_hold();
  return status;
}

[[gnu::hot]] ReadStatus Reader::Impl::wait_for_frame(Frame& out, std::chrono::nanoseconds timeout) {
  std::uint64_t now = monotonic_ns();
  const std::uint64_t deadline = deadline_after(now, timeout);
  for (int followed = 0;; now = monotonic_ns()) {
    // In this order: words, fate, frames. What is published after the words were read ends the sleep;
    // a fate that is read before the frames cannot hide the last of them.
    const WakeWords seen = WakeWords::of(*generation);
    const Fate fate = generation->fate();
    // Either may be the first to show a death: the words were read before.
    pass_on(seen.owner, fate);
    const bool is_there = take(out);
    share_statistics(now);
    if (is_there) return ReadStatus::frame;
    if (fate != Fate::live) {
      if (follow()) {
        // A name that changes hands for ever must not keep us beyond the time that we were given.
        if (++followed < kFollowMax || now < deadline) continue;
        return ReadStatus::timeout;
      }
      // Superseded, and nothing under the name: the successor has ended as well.
      if (!std::exchange(end_told, true)) return status_without_frame();
    }
    const std::uint32_t asked = interruption.count();
    if (asked != interrupts_seen) {
      interrupts_seen = asked;
      return ReadStatus::timeout;
    }
    if (now >= deadline) return status_without_frame();
    if (fate == Fate::live) {
      hold_in_advance();
      wait_for_change(*generation, seen, interruption, asked, now, deadline, rhythm.overdue_ns());
      const WakeWords found = WakeWords::of(*generation);
      pass_on(found.owner);
      // All else that a frame does not need comes before the sleep or after this.
      if (take(out)) return ReadStatus::frame;
      // Nothing changed in a whole slice: is this still the segment that the name leads to?
      if (found == seen) follow();
    } else {
      drop_spare_hold();
      // What appeared after follow() looked and before this watched is told by nobody: look once more.
      if (!directory)
        directory.emplace();
      else
        directory->wait(deadline);
    }
  }
}

ReadStatus Reader::read_copy(std::vector<std::byte>& to, FrameInfo& info, std::chrono::nanoseconds timeout) {
  Frame frame;
  const std::uint64_t deadline = deadline_after(timeout);
  for (;;) {
    const std::uint64_t now = monotonic_ns();
    const std::uint64_t left = std::min<std::uint64_t>(deadline > now ? deadline - now : 0, INT64_MAX);
    const ReadStatus status = next(frame, std::chrono::nanoseconds(left));
    if (status != ReadStatus::frame) return status;
    // The copy that this grade is for: the caller's frame stays whole whatever the writer does.
    to.resize(frame.bytes().size());
    if (frame.copy_to(to)) {
      info = frame.info();
      return ReadStatus::frame;
    }
    // Torn, therefore refused: it was not seen after all.
    ++impl_->statistics.torn;
    ++impl_->statistics.missed;
    --impl_->statistics.seen;
  }
}

int Reader::event_fd() {
  if (!impl_->notifier) impl_->notifier = std::make_unique<EventNotifier>(impl_->generation);
  return impl_->notifier->fd();
}

void Reader::interrupt() noexcept { impl_->interruption.interrupt(); }

StreamInfo Reader::stream() const noexcept {
  const shmv_header& h = impl_->generation->fixed();
  return {h.kind, h.fourcc, h.width, h.height, h.fps_numerator, h.fps_denominator};
}
std::uint64_t Reader::generation() const noexcept { return impl_->generation->fixed().generation; }
SegmentState Reader::state() const noexcept { return judge_state(*impl_->generation); }
std::uint32_t Reader::source_state() const noexcept {
  return shared::load_acquire(impl_->generation->live().source_state);
}

std::vector<std::byte> Reader::extradata() const {
  const shmv_header& header = impl_->generation->live();
  std::vector<std::byte> copy(SHMV_EXTRADATA_CAPACITY_BYTES);
  for (int attempt = 0; attempt < 100; ++attempt) {
    const std::uint64_t before = shared::load_acquire(header.extradata_sequence);
    const std::uint32_t bytes = shared::load_relaxed(header.extradata_bytes);
    shared::racy_copy(copy.data(), header.extradata, copy.size());
    shared::fence_acquire();
    if (before % 2 != 0 || shared::load_relaxed(header.extradata_sequence) != before) continue;
    copy.resize(std::min<std::size_t>(bytes, copy.size()));
    return copy;
  }
  return {};  // a writer that died in the middle: as if there were none
}

bool Reader::request_key() noexcept { return impl_->registration && impl_->registration->request_key(); }

ReaderStatistics Reader::statistics() const noexcept {
  ReaderStatistics statistics = impl_->statistics;
  statistics.is_present = impl_->registration != nullptr;
  statistics.revoked = impl_->revoked_before + (impl_->registration ? impl_->registration->revoked() : 0);
  return statistics;
}

const SegmentName& Reader::name() const noexcept { return impl_->name; }

}  // namespace shmvideo
