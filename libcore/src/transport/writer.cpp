// SPDX-License-Identifier: Apache-2.0
#include "shmvideo/writer.hpp"

#include <unistd.h>

#include <string>
#include <utility>

#include "segment/clock.hpp"
#include "segment/file_kind.hpp"
#include "segment/predecessor.hpp"
#include "segment/shared_memory_access.hpp"
#include "transport/writer_impl.hpp"

namespace shmvideo {
namespace {

void check_mode(mode_t mode) {
  if ((mode & ~static_cast<mode_t>(0664)) != 0 || (mode & 0600) != 0600)
    throw Error(
        ErrorCode::invalid_argument,
        "a segment's mode is between 0600 and 0664: its owner reads and writes, nobody else but the group "
        "may write, nobody executes");
}

void check_rate(const StreamInfo& stream) {
  if (stream.fps_numerator != 0 && stream.fps_denominator == 0)
    throw Error(ErrorCode::invalid_argument,
                "a rate of " + std::to_string(stream.fps_numerator) +
                    "/0 frames per second is none; what has no steady rate has 0/1");
}

}  // namespace

const char* to_string(DropCause cause) noexcept {
  switch (cause) {
    case DropCause::source:
      return "source";
    case DropCause::corrupt:
      return "corrupt";
    case DropCause::too_large:
      return "too_large";
    case DropCause::no_slot:
      return "no_slot";
    case DropCause::late:
      return "late";
  }
  return nullptr;
}

std::uint64_t WriterStatistics::dropped_total() const noexcept {
  std::uint64_t sum = 0;
  for (const std::uint64_t frames : dropped) sum += frames;
  return sum;
}

Writer::Writer(std::unique_ptr<Impl> impl) noexcept : impl_(std::move(impl)) {}
Writer::~Writer() { close(); }

std::unique_ptr<Writer> Writer::create(const SegmentName& name, const WriterOptions& options) {
  check_mode(options.mode);
  check_rate(options.stream);
  plan_geometry(options.slots, options.slot_capacity_bytes);  // refuse before touching anything
  auto impl = std::make_unique<Impl>(name, options);
  Impl& writer = *impl;
  try {
    if (file_kind(writer.paths.segment) == FileKind::other)
      throw Error(ErrorCode::not_a_segment,
                  writer.paths.segment.string() +
                      " is not a shm-video segment (or may not be read) and is left alone; "
                      "choose another name");
    Predecessor predecessor(writer.paths.segment);
    writer.generation = predecessor.generation();
    // Where the count of generations begins anew, an entry of an earlier one could pass for one of ours.
    if (predecessor.generation() == 0) ::unlink(writer.paths.readers.c_str());
    writer.latest = predecessor.latest();
    try {
      writer.start_generation(options.stream, options.slot_capacity_bytes);
    } catch (const Error& error) {
      // The leftover of a dead writer may be what fills the place, and would at each start anew.
      if (error.code() != ErrorCode::no_space || predecessor.generation() == 0) throw;
      predecessor.remove();
      writer.start_generation(options.stream, options.slot_capacity_bytes);
    }
    predecessor.supersede();
  } catch (...) {
    // Leave the name as free as it was. A lock file of ours beside another user's leftover would keep
    // that user out.
    if (::access(writer.paths.segment.c_str(), F_OK) != 0) ::unlink(writer.paths.readers.c_str());
    writer.lock->unlink(writer.paths);
    throw;
  }
  return std::unique_ptr<Writer>(new Writer(std::move(impl)));
}

void Writer::close() noexcept {
  if (!impl_ || !impl_->current) return;
  try {
    impl_->keep_name(std::chrono::milliseconds(0));
  } catch (const std::exception&) {
    // The name is another's by now, and its files with it.
  }
  // Unlinked before it is announced: who is woken must not find the old one again. The lock goes last,
  // so that a successor cannot begin before everything of ours is gone.
  impl_->current->segment.unlink_name();
  announce(impl_->current->segment, SHMV_STATE_CLOSED);
  if (impl_->lock->is_at(impl_->paths)) ::unlink(impl_->paths.readers.c_str());
  impl_->lock->unlink(impl_->paths);
  const std::lock_guard guard(impl_->current_mutex);
  // Whoever has a slot on loan may be writing into it still, in a library call that hangs: its memory stays.
  if (impl_->current->publisher.has_loans()) impl_->lent = std::move(impl_->current);
  impl_->current.reset();
  impl_->lock.reset();
}

[[gnu::hot]] Writer::Loan Writer::loan() noexcept {
  Loan loan;
  if (!impl_->current) return loan;
  const std::uint64_t began_ns = monotonic_ns();
  impl_->repair_if_lost();
  Impl::Current& current = *impl_->current;
  const auto slot = current.publisher.claim();
  const std::uint64_t revoked = impl_->revoked_before + current.publisher.revoked();
  if (revoked != impl_->revoked.load(std::memory_order_relaxed)) {
    impl_->revoked.store(revoked, std::memory_order_relaxed);
    shared::store_relaxed(current.segment.header().revoked, revoked);
  }
  if (!slot) {
    impl_->count_drop(DropCause::no_slot, 1);
    return loan;
  }
  loan.writer_ = this;
  loan.slot_ = *slot;
  loan.epoch_ = impl_->generation;
  loan.bytes_ = {current.segment.payload(*slot), impl_->slot_capacity_bytes};
  loan.claim_ns_ = monotonic_ns() - began_ns;
  return loan;
}

PublishStatus Writer::publish(const FrameInfo& info, std::span<const std::byte> payload) noexcept {
  if (!impl_->current) return PublishStatus::closed;
  if (info.payload_bytes > payload.size()) return PublishStatus::bad_planes;
  Loan slot = loan();
  if (!slot) return PublishStatus::no_slot;
  // The one copy of this way in: the caller's memory is its own, readers need the frame in the segment.
  if (info.payload_bytes <= slot.bytes().size())
    shared::racy_copy(slot.bytes().data(), payload.data(), info.payload_bytes);
  return slot.publish(info);
}

void Writer::reserve(const StreamInfo& stream, std::uint64_t payload_bytes) {
  if (!impl_->current) throw Error(ErrorCode::invalid_argument, "the writer is closed");
  check_rate(stream);
  const bool does_fit = stream == impl_->options.stream && payload_bytes <= impl_->slot_capacity_bytes;
  if (does_fit && !impl_->is_source_changed) return;
  if (impl_->current->publisher.has_loans())
    throw Error(ErrorCode::invalid_argument, "reserve() with a slot on loan");
  impl_->keep_name(std::chrono::milliseconds(200));
  impl_->start_generation(stream, payload_bytes);
  impl_->is_source_changed = false;
}

void Writer::set_source(std::string source) {
  if (source == impl_->options.source) return;
  impl_->options.source = std::move(source);
  impl_->is_source_changed = true;
}

void Writer::drop(DropCause cause, std::uint64_t frames) noexcept {
  if (impl_->current) impl_->count_drop(cause, frames);
}

void Writer::add_stage_time(Stage stage, std::uint64_t nanoseconds) noexcept {
  if (impl_->current) impl_->stages.add(stage, nanoseconds, impl_->current->segment.header());
}

void Writer::count_reopening() noexcept {
  const std::lock_guard guard(impl_->current_mutex);
  if (!impl_->current) return;
  shared::store_relaxed(impl_->current->segment.header().source_reopened,
                        impl_->source_reopened.fetch_add(1) + 1);
}

void Writer::progress() noexcept {
  const std::lock_guard guard(impl_->current_mutex);
  if (impl_->current) shared::store_relaxed(impl_->current->segment.header().progress_ns, monotonic_ns());
}

void Writer::set_source_state(SourceState state) noexcept {
  const std::lock_guard guard(impl_->current_mutex);
  if (!impl_->current || impl_->source_state == state) return;
  impl_->source_state = state;
  shmv_header& header = impl_->current->segment.header();
  shared::store_relaxed(header.source_state_since_ns, monotonic_ns());
  shared::store_release(header.source_state, static_cast<std::uint32_t>(state));
  notify_readers(header);
}

void Writer::set_frame_interval_ns(std::uint64_t interval_ns) noexcept {
  impl_->frame_interval_ns = interval_ns;
  if (impl_->current) shared::store_relaxed(impl_->current->segment.header().frame_interval_ns, interval_ns);
}

bool Writer::set_extradata(std::span<const std::byte> extradata) noexcept {
  if (extradata.size() > SHMV_EXTRADATA_CAPACITY_BYTES) return false;
  impl_->extradata.assign(extradata.begin(), extradata.end());
  if (impl_->current) impl_->write_extradata();
  return true;
}

std::uint64_t Writer::key_requests() noexcept {
  return impl_->current ? impl_->current->holds.key_requests() : 0;
}

WriterStatistics Writer::statistics() const noexcept {
  WriterStatistics statistics;
  statistics.published = impl_->published.load();
  statistics.revoked = impl_->revoked.load();
  for (unsigned cause = 0; cause < SHMV_DROP_CAUSES; ++cause)
    statistics.dropped[cause] = impl_->dropped[cause].load();
  statistics.latest = impl_->latest.load();
  statistics.source_reopened = impl_->source_reopened.load();
  const std::lock_guard guard(impl_->current_mutex);
  statistics.generation = impl_->generation;
  if (impl_->current)
    statistics.sleepers_woken = shared::load_relaxed(impl_->current->segment.header().sleepers_woken);
  return statistics;
}

const SegmentName& Writer::name() const noexcept { return impl_->name; }
const Place& Writer::place() const noexcept { return impl_->place; }
std::uint32_t Writer::slots() const noexcept { return impl_->options.slots; }
std::uint64_t Writer::slot_capacity_bytes() const noexcept { return impl_->slot_capacity_bytes; }

Writer::Loan::Loan(Loan&& other) noexcept
    : writer_(std::exchange(other.writer_, nullptr)),
      bytes_(other.bytes_),
      slot_(other.slot_),
      epoch_(other.epoch_),
      claim_ns_(other.claim_ns_) {}

Writer::Loan& Writer::Loan::operator=(Loan&& other) noexcept {
  if (this == &other) return *this;
  this->~Loan();
  return *new (this) Loan(std::move(other));
}

Writer::Loan::~Loan() {
  if (writer_ && writer_->impl_->current && writer_->impl_->generation == epoch_)
    writer_->impl_->current->publisher.abandon(slot_);
}

[[gnu::hot]] PublishStatus Writer::Loan::publish(const FrameInfo& info) noexcept {
  Writer* writer = std::exchange(writer_, nullptr);
  if (!writer || !writer->impl_->current || writer->impl_->generation != epoch_) return PublishStatus::closed;
  return writer->impl_->publish(slot_, info, claim_ns_);
}

}  // namespace shmvideo
