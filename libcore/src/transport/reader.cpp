// SPDX-License-Identifier: Apache-2.0
#include "shmvideo/reader.hpp"

#include <algorithm>
#include <limits>
#include <optional>

#include "segment/clock.hpp"
#include "segment/companions.hpp"
#include "segment/futex.hpp"
#include "segment/generation.hpp"
#include "segment/same_file.hpp"
#include "transport/event_notifier.hpp"
#include "transport/liveness.hpp"
#include "transport/registration.hpp"
#include "transport/ring.hpp"
#include "transport/waiting.hpp"

namespace shmvideo {
namespace {

constexpr std::uint64_t kStatisticsIntervalNs = 250'000'000;
constexpr int kNewestAttempts = 8;
constexpr int kFollowMax = 16;

std::uint64_t deadline_after(std::chrono::nanoseconds timeout) {
  if (timeout.count() <= 0) return 0;
  const std::uint64_t now = monotonic_ns();
  const auto wait = static_cast<std::uint64_t>(timeout.count());
  return wait > std::numeric_limits<std::uint64_t>::max() - now ? std::numeric_limits<std::uint64_t>::max()
                                                                : now + wait;
}

std::shared_ptr<const Generation> open_within(const SegmentName& name, const ReaderOptions& options) {
  const std::uint64_t deadline = deadline_after(options.attach_timeout);
  std::optional<DirectoryWatch> directory;
  for (;;) {
    if (!directory && deadline) directory.emplace();
    try {
      return Generation::open(name, options.guard);
    } catch (const Error& error) {
      // Absent is worth waiting for, anything else is not.
      if (error.code() != ErrorCode::not_found || monotonic_ns() >= deadline) throw;
    }
    directory->wait(deadline);
  }
}

}  // namespace

struct Reader::Impl {
  Impl(const SegmentName& segment_name, const ReaderOptions& reader_options)
      : name(segment_name), options(reader_options), generation(open_within(name, options)) {
    choose_start();
    register_entry();
  }

  void choose_start() noexcept;
  void register_entry();
  bool take(Frame& out) noexcept;
  bool take_number(std::uint64_t number, Frame& out) noexcept;
  bool take_newest(std::uint64_t latest, Frame& out) noexcept;
  bool take_in_order(std::uint64_t latest, Frame& out) noexcept;
  bool follow() noexcept;
  void adopt(std::shared_ptr<const Generation> next);
  ReadStatus status_without_frame() const noexcept;
  void share_statistics(std::uint64_t now) noexcept;

  SegmentName name;
  ReaderOptions options;
  std::shared_ptr<const Generation> generation;
  std::shared_ptr<Registration> registration;
  std::uint64_t last = 0;  // number of the frame delivered last, or before the first to deliver
  bool is_first = true;    // nothing delivered yet: nothing can have been missed
  bool needs_key = false;  // coded video: what follows a gap cannot be decoded before a key frame
  bool end_told = false;   // the caller knows that the writer is gone
  ReaderStatistics statistics;
  std::uint64_t revoked_before = 0;  // by registrations before this one
  std::uint64_t next_statistics_ns = 0;
  std::uint32_t interrupts = 0;  // futex word of this process
  std::uint32_t interrupts_seen = 0;
  std::optional<DirectoryWatch> directory;
  std::unique_ptr<EventNotifier> notifier;
};

void Reader::Impl::choose_start() noexcept {
  const std::uint64_t latest = ring::latest(*generation);
  const std::uint64_t first = std::max<std::uint64_t>(generation->fixed().first_number, 1);
  switch (options.start) {
    case Start::next:
      last = latest;
      break;
    case Start::newest:
      last = latest ? latest - 1 : 0;
      break;
    case Start::oldest:
      last = first - 1;
      break;
    case Start::key: {
      const std::uint64_t key = shared::load_acquire(generation->live().latest_key);
      last = key != 0 && key <= latest ? key - 1 : latest;
      needs_key = true;
      break;
    }
  }
}

void Reader::Impl::register_entry() {
  if (!options.present) return;
  const SegmentPaths paths(generation->path().parent_path(), name.str());
  const std::uint64_t number = generation->fixed().generation;
  if (registration && registration->is_at(paths.readers)) {
    registration->enter_generation(number);
    return;
  }
  if (registration) revoked_before += registration->revoked();
  registration =
      Registration::take(paths.readers, number, static_cast<std::uint32_t>(options.grade), options.program);
}

bool Reader::Impl::take_number(std::uint64_t number, Frame& out) noexcept {
  ring::Found found;
  Registration* holder = options.grade == Grade::hold ? registration.get() : nullptr;
  const ring::Outcome outcome = ring::acquire(*generation, number, holder, found);
  statistics.torn += outcome == ring::Outcome::torn;
  if (outcome != ring::Outcome::found) return false;
  out.generation_ = generation;
  out.registration_ = found.hold >= 0 ? registration : nullptr;
  out.bytes_ = generation->payload(found.slot).first(found.info.payload_bytes);
  out.info_ = found.info;
  out.slot_ = found.slot;
  out.hold_index_ = found.hold;
  if (needs_key && !found.info.is_key()) {
    out.release();
    return false;
  }
  needs_key = false;
  if (!is_first) statistics.missed += number - last - 1;
  is_first = false;
  last = number;
  ++statistics.seen;
  return true;
}

bool Reader::Impl::take_newest(std::uint64_t latest, Frame& out) noexcept {
  for (int attempt = 0; attempt < kNewestAttempts && latest > last; ++attempt) {
    if (take_number(latest, out)) return true;
    // Overwritten between two looks: then there is a newer one. A latest that stays and cannot be had
    // is a writer that contradicts itself.
    const std::uint64_t now = ring::latest(*generation);
    if (now == latest) return false;
    latest = now;
  }
  return false;
}

bool Reader::Impl::take_in_order(std::uint64_t latest, Frame& out) noexcept {
  const std::uint64_t from = std::max(last + 1, ring::oldest_possible(*generation, latest));
  const bool is_coded = generation->fixed().kind == SHMV_KIND_CODED;
  for (std::uint64_t number = from; number <= latest; ++number) {
    if (is_coded && !is_first && number != last + 1) needs_key = true;
    if (take_number(number, out)) return true;
  }
  return false;
}

bool Reader::Impl::take(Frame& out) noexcept {
  const std::uint64_t latest = ring::latest(*generation);
  if (latest <= last) return false;
  return options.order == Order::newest ? take_newest(latest, out) : take_in_order(latest, out);
}

/// Looks whether another generation stands under the name by now, and goes on with it.
bool Reader::Impl::follow() noexcept {
  if (!options.follow) return false;
  try {
    const auto path = find_segment(name);
    if (!path || (leads_to(*path, generation->status()) && !generation->is_poisoned())) return false;
    auto next = Generation::open_file(*path, options.guard);
    adopt(std::move(next));
    return true;
  } catch (const std::exception&) {
    return false;  // nothing there, or nothing usable: looked at again later
  }
}

void Reader::Impl::adopt(std::shared_ptr<const Generation> next) {
  generation = std::move(next);
  // Numbers go on where the writer could read the old generation; where it could not, they begin anew.
  const std::uint64_t before_first = std::max<std::uint64_t>(generation->fixed().first_number, 1) - 1;
  last = std::min(last, before_first);
  if (generation->fixed().kind == SHMV_KIND_CODED && options.order == Order::in_order) needs_key = true;
  end_told = false;
  ++statistics.restarts;
  register_entry();
  if (notifier) notifier->watch(generation);
}

ReadStatus Reader::Impl::status_without_frame() const noexcept {
  switch (judge_state(*generation)) {
    case SegmentState::live:
      return ReadStatus::timeout;
    case SegmentState::stalled:
      return ReadStatus::stalled;
    case SegmentState::closed:
      return ReadStatus::closed;
    case SegmentState::dead:
      return ReadStatus::writer_gone;
  }
  return ReadStatus::timeout;
}

void Reader::Impl::share_statistics(std::uint64_t now) noexcept {
  if (!registration || now < next_statistics_ns) return;
  next_statistics_ns = now + kStatisticsIntervalNs;
  registration->set_statistics(statistics.seen, statistics.missed, last);
}

Reader::Reader(std::unique_ptr<Impl> impl) noexcept : impl_(std::move(impl)) {}
Reader::~Reader() = default;

std::unique_ptr<Reader> Reader::attach(const SegmentName& name, const ReaderOptions& options) {
  return std::unique_ptr<Reader>(new Reader(std::make_unique<Impl>(name, options)));
}

ReadStatus Reader::next(Frame& out, std::chrono::nanoseconds timeout) {
  Impl& me = *impl_;
  out.release();
  const std::uint64_t deadline = deadline_after(timeout);
  for (int followed = 0;;) {
    // In this order: words, fate, frames. What is published after the words were read ends the sleep;
    // a fate that is read before the frames cannot hide the last of them.
    const WakeWords seen = WakeWords::of(*me.generation);
    const Fate fate = me.generation->fate();
    const bool taken = me.take(out);
    const std::uint64_t now = monotonic_ns();
    me.share_statistics(now);
    if (taken) return ReadStatus::frame;
    if (fate != Fate::live) {
      if (me.follow()) {
        // A name that changes hands for ever must not keep us beyond the time that we were given.
        if (++followed < kFollowMax || now < deadline) continue;
        return ReadStatus::timeout;
      }
      if (fate == Fate::dead && !me.end_told) pass_on_death(*me.generation);
      // Superseded, and nothing under the name: the successor has ended as well.
      if (!std::exchange(me.end_told, true)) return me.status_without_frame();
    }
    const std::uint32_t interrupts = shared::load_acquire(me.interrupts);
    if (interrupts != me.interrupts_seen) {
      me.interrupts_seen = interrupts;
      return ReadStatus::timeout;
    }
    if (now >= deadline) return me.status_without_frame();
    if (fate == Fate::live) {
      wait_for_change(*me.generation, seen, me.interrupts, interrupts, deadline);
      // Nothing changed in a whole slice: is this still the segment that the name leads to?
      if (WakeWords::of(*me.generation) == seen) me.follow();
    } else {
      if (!me.directory) me.directory.emplace();
      me.directory->wait(deadline);
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

void Reader::interrupt() noexcept {
  shared::fetch_add(impl_->interrupts, std::uint32_t{1});
  futex_wake_all(impl_->interrupts, true);
}

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
