// SPDX-License-Identifier: Apache-2.0
#include "transport/writer_impl.hpp"

#include <grp.h>
#include <sys/random.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <utility>

#include "segment/clock.hpp"
#include "segment/futex.hpp"
#include "segment/shared_memory_access.hpp"
#include "segment/system_error.hpp"
#include "transport/descriptor.hpp"
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

/// Derives the wall-clock time of a capture from its monotonic time, where the source gave none.
void complete_times(FrameInfo& info, std::uint64_t now) noexcept {
  if (info.capture_monotonic_ns == 0) info.capture_monotonic_ns = now;
  if (info.capture_realtime_ns == 0)
    info.capture_realtime_ns = realtime_ns() - age_ns(now, info.capture_monotonic_ns);
}

StreamUuid random_uuid() {
  StreamUuid uuid;
  if (::getrandom(uuid.data(), uuid.size(), 0) != static_cast<ssize_t>(uuid.size()))
    throw system_error("cannot get random bytes", errno);
  return uuid;
}

}  // namespace

void notify_readers(shmv_header& header) noexcept {
  shared::fetch_add(header.notify, std::uint32_t{1});
  futex_wake_all(header.notify);
}

void announce(const CreatedSegment& segment, std::uint32_t state) noexcept {
  shared::store_release(segment.header().state, state);
  notify_readers(segment.header());
}

Writer::Impl::Impl(const SegmentName& segment_name, const WriterOptions& writer_options)
    : name(segment_name),
      options(writer_options),
      group(resolve_group(options.group)),
      place(writable_place()),
      paths(place.directory, name.str()),
      stream_uuid(random_uuid()),
      lock(NameLock::acquire(paths, stream_uuid)) {
  extradata.reserve(SHMV_EXTRADATA_CAPACITY_BYTES);  // setting it later must not fail
}

void Writer::Impl::keep_name(std::chrono::milliseconds patience) {
  if (!lock->is_at(paths)) lock.emplace(NameLock::acquire(paths, stream_uuid, patience));
}

void Writer::Impl::start_generation(const StreamInfo& stream, std::uint64_t capacity) {
  SegmentPlan plan;
  plan.geometry = plan_geometry(options.slots, capacity);
  plan.stream = stream;
  plan.name = name.str();
  plan.program = options.program;
  plan.source = options.source;
  plan.generation = generation + 1;
  plan.first_number = latest.load(std::memory_order_relaxed) + 1;
  std::memcpy(plan.stream_uuid, stream_uuid.data(), stream_uuid.size());
  plan.mode = options.mode;
  plan.group = group;
  plan.is_cancelled = options.is_cancelled;
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
  shared::store_relaxed(header.source_reopened, source_reopened.load(std::memory_order_relaxed));
  stages.write(header);
}

/// The file was unlinked (RemoveIPC, a hand) or cut short: readers that come now find nothing. Gives
/// them a new generation; while that fails, those attached go on with the old one.
void Writer::Impl::repair_if_lost() noexcept {
  if (current->attendant.is_segment_intact() && !current->segment.is_poisoned()) return;
  const std::uint64_t now = monotonic_ns();
  if (current->publisher.has_loans() || now < next_repair_ns) return;
  next_repair_ns = now + kRepairIntervalNs;
  try {
    keep_name(std::chrono::milliseconds(0));
    start_generation(options.stream, slot_capacity_bytes);
  } catch (const std::exception&) {
    // No room, say, or the name is another's by now. Tried again in a second; nothing that works is given up
    // meanwhile.
  }
}

void Writer::Impl::count_drop(DropCause cause, std::uint64_t frames) noexcept {
  const auto index = static_cast<std::size_t>(cause);
  const std::uint64_t sum = dropped[index].fetch_add(frames, std::memory_order_relaxed) + frames;
  shmv_header& header = current->segment.header();
  shared::store_relaxed(header.dropped[index], sum);
  shared::store_relaxed(header.progress_ns, monotonic_ns());
}

[[gnu::hot]] PublishStatus Writer::Impl::publish(std::uint32_t slot, const FrameInfo& given,
                                                 std::uint64_t claim_ns) noexcept {
  Publisher& publisher = current->publisher;
  publisher.approach(slot);
  const std::uint64_t began_ns = monotonic_ns();
  if (!is_consistent(given, slot_capacity_bytes)) {
    publisher.abandon(slot);
    if (given.payload_bytes <= slot_capacity_bytes) return PublishStatus::bad_planes;
    count_drop(DropCause::too_large, 1);
    return PublishStatus::too_large;
  }
  FrameInfo info = given;
  complete_times(info, began_ns);
  info.publish_monotonic_ns = began_ns;
  const std::uint64_t number = publisher.publish(slot, info);
  current->attendant.wake_readers();
  // Whoever was woken is on his way; what he does not need comes now.
  publisher.settle(info);
  latest.store(number, std::memory_order_relaxed);
  shmv_header& header = current->segment.header();
  shared::store_relaxed(header.published, published.fetch_add(1, std::memory_order_relaxed) + 1);
  stages.add(Stage::publish, claim_ns + (monotonic_ns() - began_ns), header);
  current->attendant.has_published();
  return PublishStatus::published;
}

}  // namespace shmvideo
