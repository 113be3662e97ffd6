// SPDX-License-Identifier: Apache-2.0
#include "transport/reader_impl.hpp"

#include <algorithm>
#include <utility>

#include "segment/clock.hpp"
#include "segment/companions.hpp"
#include "segment/same_file.hpp"
#include "transport/hold_word.hpp"
#include "transport/liveness.hpp"
#include "transport/ring.hpp"

namespace shmvideo {
namespace {

constexpr std::uint64_t kStatisticsIntervalNs = 250'000'000;
constexpr int kNewestAttempts = 8;

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

Reader::Impl::Impl(const SegmentName& segment_name, const ReaderOptions& reader_options)
    : generation(open_within(segment_name, reader_options)), options(reader_options), name(segment_name) {
  choose_start();
  register_entry();
}

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

[[gnu::hot]] void Reader::Impl::recycle(Frame& out) noexcept {
  if (out.hold_index_ >= 0 && out.registration_ == registration &&
      out.info_.generation == generation->number()) {
    if (!out.valid()) registration->count_revoked();
    drop_spare_hold();
    spare_hold = {std::exchange(out.hold_index_, -1), 0};
  }
  // What the next frame most likely needs as well stays: counting its users down and up again is dear.
  if (out.hold_index_ >= 0 || out.generation_ != generation)
    out.release();
  else
    out.bytes_ = {};
}

[[gnu::hot]] void Reader::Impl::hold_in_advance() noexcept {
  if (!registration || options.grade != Grade::hold) return;
  const std::uint64_t number = last + 1;
  if (spare_hold.index >= 0 && spare_hold.number == number) return;
  // A writer that knows slots only cannot be asked for a frame that is in none yet.
  const bool can_be_asked = generation->knows_holds_by_number();
  const std::uint64_t word = hold_of_number(number);
  if (can_be_asked && spare_hold.index < 0)
    spare_hold.index = registration->hold(word);
  else if (!can_be_asked || !registration->change(spare_hold.index, word, generation->number()))
    drop_spare_hold();
  spare_hold.number = number;
}

[[gnu::hot]] void Reader::Impl::drop_spare_hold() noexcept {
  if (spare_hold.index >= 0) registration->release(spare_hold.index, generation->number());
  spare_hold = {};
}

[[gnu::hot]] bool Reader::Impl::take_number(std::uint64_t number, Frame& out) noexcept {
  ring::Found found;
  Registration* holder = options.grade == Grade::hold ? registration.get() : nullptr;
  const ring::Outcome outcome = ring::acquire(*generation, number, holder, found, out.info_, &spare_hold);
  statistics.torn += outcome == ring::Outcome::torn;
  if (outcome != ring::Outcome::found) return false;
  if (out.generation_ != generation) out.generation_ = generation;
  if (out.registration_ != registration) out.registration_ = registration;
  out.bytes_ = generation->payload(found.slot).first(out.info_.payload_bytes);
  out.slot_ = found.slot;
  out.hold_index_ = found.hold;
  if (needs_key && !out.info_.is_key()) {
    out.release();
    return false;
  }
  needs_key = false;
  if (!is_first) statistics.missed += number - last - 1;
  is_first = false;
  rhythm.take(number, out.info_.publish_monotonic_ns);
  last = number;
  ++statistics.seen;
  return true;
}

[[gnu::hot]] bool Reader::Impl::take_newest(std::uint64_t latest, Frame& out) noexcept {
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

[[gnu::hot]] bool Reader::Impl::take_in_order(std::uint64_t latest, Frame& out) noexcept {
  const std::uint64_t from = std::max(last + 1, ring::oldest_possible(*generation, latest));
  const bool is_coded = generation->fixed().kind == SHMV_KIND_CODED;
  for (std::uint64_t number = from; number <= latest; ++number) {
    if (is_coded && !is_first && number != last + 1) needs_key = true;
    if (take_number(number, out)) return true;
  }
  return false;
}

[[gnu::hot]] bool Reader::Impl::take(Frame& out) noexcept {
  const std::uint64_t latest = ring::latest(*generation);
  if (latest <= last) return false;
  return options.order == Order::newest ? take_newest(latest, out) : take_in_order(latest, out);
}

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
  drop_spare_hold();
  generation = std::move(next);
  // Numbers go on where the writer could read the old generation; where it could not, they begin anew.
  const std::uint64_t before_first = std::max<std::uint64_t>(generation->fixed().first_number, 1) - 1;
  last = std::min(last, before_first);
  if (generation->fixed().kind == SHMV_KIND_CODED && options.order == Order::in_order) needs_key = true;
  end_told = false;
  has_passed_on = false;
  rhythm = {};
  ++statistics.restarts;
  register_entry();
  if (notifier) notifier->watch(generation);
}

void Reader::Impl::pass_on_once() noexcept {
  if (!std::exchange(has_passed_on, true)) pass_on_death(*generation);
}

ReadStatus Reader::Impl::status_without_frame() noexcept {
  switch (judge_state(*generation)) {
    case SegmentState::live:
      return ReadStatus::timeout;
    case SegmentState::stalled:
      return ReadStatus::stalled;
    case SegmentState::closed:
      return ReadStatus::closed;
    case SegmentState::dead:
      pass_on(0, Fate::dead);
      return ReadStatus::writer_gone;
  }
  return ReadStatus::timeout;
}

void Reader::Impl::write_statistics(std::uint64_t now) noexcept {
  next_statistics_ns = now + kStatisticsIntervalNs;
  registration->set_statistics(statistics.seen, statistics.missed, last);
}

}  // namespace shmvideo
