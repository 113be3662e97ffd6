// SPDX-License-Identifier: Apache-2.0
#include "shmvideo/writer.hpp"

#include <grp.h>
#include <sys/random.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <mutex>
#include <optional>
#include <utility>
#include <vector>

#include "segment/clock.hpp"
#include "segment/file_kind.hpp"
#include "segment/futex.hpp"
#include "segment/name_lock.hpp"
#include "segment/predecessor.hpp"
#include "segment/shared_memory_access.hpp"
#include "segment/system_error.hpp"
#include "transport/attendant.hpp"
#include "transport/publisher.hpp"
#include "transport/readers_file.hpp"

namespace shmvideo {
namespace {

constexpr std::uint64_t kRepairIntervalNs = 1'000'000'000;

gid_t resolve_group(const std::string& group) {
  if (group.empty()) return static_cast<gid_t>(-1);
  gid_t number = 0;
  const auto [end, failed] = std::from_chars(group.data(), group.data() + group.size(), number);
  if (failed == std::errc() && end == group.data() + group.size()) return number;
  std::vector<char> buffer(16384);
  struct group entry {};
  struct group* found = nullptr;
  if (::getgrnam_r(group.c_str(), &entry, buffer.data(), buffer.size(), &found) != 0 || !found)
    throw Error(ErrorCode::invalid_argument, "there is no group '" + group + "'");
  return found->gr_gid;
}

void check_mode(mode_t mode) {
  if ((mode & ~static_cast<mode_t>(0664)) != 0 || (mode & 0600) != 0600)
    throw Error(ErrorCode::invalid_argument,
                "a segment's mode is between 0600 and 0664: its owner reads and writes, nobody else but the group "
                "may write, nobody executes");
}

void fill_random(std::uint8_t (&bytes)[16]) {
  if (::getrandom(bytes, sizeof bytes, 0) != static_cast<ssize_t>(sizeof bytes))
    throw system_error("cannot get random bytes", errno);
}

bool is_publishable(const FrameInfo& info) noexcept {
  if (info.payload_bytes == 0 || info.plane_count > SHMV_PLANES_MAX || info.width > SHMV_DIMENSION_MAX ||
      info.height > SHMV_DIMENSION_MAX)
    return false;
  return std::all_of(info.plane_offset.begin(), info.plane_offset.begin() + info.plane_count,
                     [&](std::uint64_t offset) { return offset < info.payload_bytes; });
}

/// Derives the wall-clock time of a capture from its monotonic time, where the source gave none.
void complete_times(FrameInfo& info) noexcept {
  const std::uint64_t now = monotonic_ns();
  if (info.capture_monotonic_ns == 0) info.capture_monotonic_ns = now;
  if (info.capture_realtime_ns == 0) info.capture_realtime_ns = realtime_ns() - age_ns(now, info.capture_monotonic_ns);
}

/// Wakes everybody although there is no frame: the state changed.
void notify_readers(shmv_header& header) noexcept {
  shared::fetch_add(header.notify, std::uint32_t{1});
  futex_wake_all(header.notify);
}

void announce(const CreatedSegment& segment, std::uint32_t state) noexcept {
  shared::store_release(segment.header().state, state);
  notify_readers(segment.header());
}

}  // namespace

const char* to_string(DropCause cause) noexcept {
  switch (cause) {
    case DropCause::source: return "source";
    case DropCause::corrupt: return "corrupt";
    case DropCause::too_large: return "too_large";
    case DropCause::no_slot: return "no_slot";
    case DropCause::late: return "late";
  }
  return nullptr;
}

std::uint64_t WriterStatistics::dropped_total() const noexcept {
  std::uint64_t sum = 0;
  for (const std::uint64_t frames : dropped) sum += frames;
  return sum;
}

struct Writer::Impl {
  /// All that belongs to one generation; in this order, because each borrows from those above.
  struct Current {
    Current(const SegmentPaths& paths, const SegmentPlan& plan, int readers_fd, MappingGuard* guard)
        : segment(paths, plan, guard),
          holds(readers_fd, plan.geometry.slot_count, plan.generation),
          publisher(segment, holds, plan.first_number - 1),
          attendant(segment) {}
    CreatedSegment segment;
    HoldTable holds;
    Publisher publisher;
    Attendant attendant;
  };

  Impl(const SegmentName& segment_name, const WriterOptions& writer_options)
      : name(segment_name),
        options(writer_options),
        group(resolve_group(options.group)),
        place(writable_place()),
        paths(place.directory, name.str()),
        lock(NameLock::acquire(paths)) {
    fill_random(stream_uuid);
  }

  void start_generation(const StreamInfo& stream, std::uint64_t capacity);
  void write_extradata() noexcept;
  void write_counters() noexcept;
  void repair_if_lost() noexcept;
  PublishStatus publish(std::uint32_t slot, const FrameInfo& info) noexcept;
  void count_drop(DropCause cause, std::uint64_t frames) noexcept;

  SegmentName name;
  WriterOptions options;
  gid_t group;
  Place place;
  SegmentPaths paths;
  std::optional<NameLock> lock;
  UniqueFd readers;
  std::uint8_t stream_uuid[16] = {};
  std::uint64_t generation = 0;
  std::uint64_t slot_capacity_bytes = 0;
  std::unique_ptr<Current> current;
  std::vector<std::byte> extradata;
  SourceState source_state = SourceState::ok;
  std::uint64_t frame_interval_ns = 0;
  std::uint64_t next_repair_ns = 0;
  std::uint64_t revoked_before = 0;  // in generations before this one
  // Readable by any thread; written by the publishing one.
  std::atomic<std::uint64_t> published{0};
  std::atomic<std::uint64_t> revoked{0};
  std::atomic<std::uint64_t> latest{0};
  std::atomic<std::uint64_t> dropped[SHMV_DROP_CAUSES] = {};
  // Between the publishing thread when it changes `current` and the calls allowed on other threads.
  // No reader, and no other process, ever has it.
  std::mutex current_mutex;
};

void Writer::Impl::start_generation(const StreamInfo& stream, std::uint64_t capacity) {
  SegmentPlan plan;
  plan.geometry = plan_geometry(options.slots, capacity);
  plan.stream = stream;
  plan.name = name.str();
  plan.program = options.program;
  plan.source = options.source;
  plan.generation = generation + 1;
  plan.first_number = latest.load(std::memory_order_relaxed) + 1;
  std::memcpy(plan.stream_uuid, stream_uuid, sizeof stream_uuid);
  plan.mode = options.mode;
  plan.group = group;
  // Made anew where somebody removed it; the one in use stays open until the successor stands.
  UniqueFd readers_file = open_or_create_readers_file(paths.readers, options.mode, group);
  auto next = std::make_unique<Current>(paths, plan, readers_file.get(), options.guard);
  next->segment.publish_name();

  std::unique_ptr<Current> old;
  {
    const std::lock_guard guard(current_mutex);
    old = std::move(current);
    current = std::move(next);
    std::swap(readers, readers_file);
    generation = plan.generation;
    slot_capacity_bytes = plan.geometry.slot_capacity_bytes;
    options.stream = stream;
    revoked_before = revoked.load();
    shmv_header& header = current->segment.header();
    shared::store_relaxed(header.source_state, static_cast<std::uint32_t>(source_state));
    if (frame_interval_ns) shared::store_relaxed(header.frame_interval_ns, frame_interval_ns);
    write_extradata();
    write_counters();
  }
  // The successor stands under the name: whoever is woken now finds it.
  if (old) announce(old->segment, SHMV_STATE_SUPERSEDED);
}

void Writer::Impl::write_extradata() noexcept {
  shmv_header& header = current->segment.header();
  const std::uint64_t sequence = shared::load_relaxed(header.extradata_sequence);
  shared::store_relaxed(header.extradata_sequence, sequence + 1);
  shared::fence_release();
  shared::store_relaxed(header.extradata_bytes, static_cast<std::uint32_t>(extradata.size()));
  if (!extradata.empty()) shared::racy_copy(header.extradata, extradata.data(), extradata.size());
  shared::store_release(header.extradata_sequence, sequence + 2);
}

void Writer::Impl::write_counters() noexcept {
  shmv_header& header = current->segment.header();
  shared::store_relaxed(header.published, published.load(std::memory_order_relaxed));
  shared::store_relaxed(header.revoked, revoked.load(std::memory_order_relaxed));
  for (unsigned cause = 0; cause < SHMV_DROP_CAUSES; ++cause)
    shared::store_relaxed(header.dropped[cause], dropped[cause].load(std::memory_order_relaxed));
}

/// The file was unlinked (RemoveIPC, a hand) or cut short: readers that come now find nothing. Gives
/// them a new generation; while that fails, those attached go on with the old one.
void Writer::Impl::repair_if_lost() noexcept {
  if (current->attendant.is_segment_intact() && !current->segment.is_poisoned()) return;
  const std::uint64_t now = monotonic_ns();
  if (current->publisher.has_loans() || now < next_repair_ns) return;
  next_repair_ns = now + kRepairIntervalNs;
  try {
    start_generation(options.stream, slot_capacity_bytes);
  } catch (const std::exception&) {
    // No room, say. Tried again in a second; nothing that works is given up meanwhile.
  }
}

void Writer::Impl::count_drop(DropCause cause, std::uint64_t frames) noexcept {
  const auto index = static_cast<std::size_t>(cause);
  const std::uint64_t sum = dropped[index].fetch_add(frames, std::memory_order_relaxed) + frames;
  shmv_header& header = current->segment.header();
  shared::store_relaxed(header.dropped[index], sum);
  shared::store_relaxed(header.progress_ns, monotonic_ns());
}

PublishStatus Writer::Impl::publish(std::uint32_t slot, const FrameInfo& given) noexcept {
  Publisher& publisher = current->publisher;
  if (given.payload_bytes > slot_capacity_bytes || !is_publishable(given)) {
    publisher.abandon(slot);
    if (given.payload_bytes <= slot_capacity_bytes) return PublishStatus::bad_planes;
    count_drop(DropCause::too_large, 1);
    return PublishStatus::too_large;
  }
  FrameInfo info = given;
  complete_times(info);
  latest.store(publisher.publish(slot, info), std::memory_order_relaxed);
  shmv_header& header = current->segment.header();
  shared::store_relaxed(header.published, published.fetch_add(1, std::memory_order_relaxed) + 1);
  shared::fetch_add(header.notify, std::uint32_t{1});
  current->attendant.wake_readers();
  return PublishStatus::published;
}

Writer::Writer(std::unique_ptr<Impl> impl) noexcept : impl_(std::move(impl)) {}
Writer::~Writer() { close(); }

std::unique_ptr<Writer> Writer::create(const SegmentName& name, const WriterOptions& options) {
  check_mode(options.mode);
  plan_geometry(options.slots, options.slot_capacity_bytes);  // refuse before touching anything
  auto impl = std::make_unique<Impl>(name, options);
  Impl& writer = *impl;
  try {
    if (file_kind(writer.paths.segment) == FileKind::other)
      throw Error(ErrorCode::not_a_segment, writer.paths.segment.string() +
                                                " is not a shm-video segment (or may not be read) and is left alone; "
                                                "choose another name");
    Predecessor predecessor(writer.paths.segment);
    writer.generation = predecessor.generation();
    writer.latest = predecessor.latest();
    writer.start_generation(options.stream, options.slot_capacity_bytes);
    predecessor.supersede();
  } catch (...) {
    // Leave the name as free as it was: our lock file (and the readers' file, if no segment needs it).
    if (::access(writer.paths.segment.c_str(), F_OK) != 0) {
      ::unlink(writer.paths.readers.c_str());
      writer.lock->unlink(writer.paths);
    }
    throw;
  }
  return std::unique_ptr<Writer>(new Writer(std::move(impl)));
}

void Writer::close() noexcept {
  if (!impl_ || !impl_->current) return;
  // Unlinked before it is announced: who is woken must not find the old one again. The lock goes last,
  // so that a successor cannot begin before everything of ours is gone.
  impl_->current->segment.unlink_name();
  announce(impl_->current->segment, SHMV_STATE_CLOSED);
  ::unlink(impl_->paths.readers.c_str());
  impl_->lock->unlink(impl_->paths);
  const std::lock_guard guard(impl_->current_mutex);
  impl_->current.reset();
  impl_->lock.reset();
}

Writer::Loan Writer::loan() noexcept {
  Loan loan;
  if (!impl_->current) return loan;
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
  if (stream == impl_->options.stream && payload_bytes <= impl_->slot_capacity_bytes) return;
  if (impl_->current->publisher.has_loans())
    throw Error(ErrorCode::invalid_argument, "reserve() with a slot on loan");
  impl_->start_generation(stream, payload_bytes);
}

void Writer::drop(DropCause cause, std::uint64_t frames) noexcept {
  if (impl_->current) impl_->count_drop(cause, frames);
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

std::uint64_t Writer::key_requests() noexcept { return impl_->current ? impl_->current->holds.key_requests() : 0; }

WriterStatistics Writer::statistics() const noexcept {
  WriterStatistics statistics;
  statistics.published = impl_->published.load();
  statistics.revoked = impl_->revoked.load();
  for (unsigned cause = 0; cause < SHMV_DROP_CAUSES; ++cause) statistics.dropped[cause] = impl_->dropped[cause].load();
  statistics.latest = impl_->latest.load();
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
    : writer_(std::exchange(other.writer_, nullptr)), bytes_(other.bytes_), slot_(other.slot_), epoch_(other.epoch_) {}

Writer::Loan& Writer::Loan::operator=(Loan&& other) noexcept {
  if (this == &other) return *this;
  this->~Loan();
  return *new (this) Loan(std::move(other));
}

Writer::Loan::~Loan() {
  if (writer_ && writer_->impl_->current && writer_->impl_->generation == epoch_)
    writer_->impl_->current->publisher.abandon(slot_);
}

PublishStatus Writer::Loan::publish(const FrameInfo& info) noexcept {
  Writer* writer = std::exchange(writer_, nullptr);
  if (!writer || !writer->impl_->current || writer->impl_->generation != epoch_) return PublishStatus::closed;
  return writer->impl_->publish(slot_, info);
}

}  // namespace shmvideo
