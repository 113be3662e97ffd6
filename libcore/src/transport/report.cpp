// SPDX-License-Identifier: Apache-2.0
#include "shmvideo/report.hpp"

#include <fcntl.h>

#include <algorithm>
#include <memory>
#include <optional>
#include <system_error>

#include "segment/clock.hpp"
#include "segment/companions.hpp"
#include "segment/file_kind.hpp"
#include "segment/generation.hpp"
#include "segment/name_lock.hpp"
#include "segment/system_error.hpp"
#include "transport/descriptor.hpp"
#include "transport/hold_word.hpp"
#include "transport/liveness.hpp"
#include "transport/readers_file.hpp"
#include "transport/ring.hpp"
#include "transport/stage_times.hpp"

namespace shmvideo {
namespace {

/// A text of another process, ended and made printable. UTF-8 passes, but for the controls that it can
/// spell too (U+0080 to U+009F: C2 80 to C2 9F), which some terminals obey.
std::string printable(const char* text, std::size_t capacity) {
  std::string shown(text, ::strnlen(text, capacity));
  bool after_c2 = false;
  for (char& c : shown) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20 || byte == 0x7f || (after_c2 && byte < 0xa0)) c = '?';
    after_c2 = byte == 0xc2;
  }
  return shown;
}

std::string hexadecimal(const std::uint8_t (&bytes)[16]) {
  static constexpr char kDigits[] = "0123456789abcdef";
  std::string text;
  for (const std::uint8_t byte : bytes) {
    text += kDigits[byte >> 4];
    text += kDigits[byte & 15];
  }
  return text;
}

SourceState to_source_state(std::uint32_t value) {
  switch (value) {
    case SHMV_SOURCE_RECONNECTING:
      return SourceState::reconnecting;
    case SHMV_SOURCE_ENDED:
      return SourceState::ended;
    default:
      return SourceState::ok;
  }
}

Grade to_grade(std::uint32_t value) {
  return value == SHMV_GRADE_HOLD ? Grade::hold : value == SHMV_GRADE_COPY ? Grade::copy : Grade::observe;
}

void report_fixed(const Generation& generation, SegmentReport& r) {
  const shmv_header& h = generation.fixed();
  const struct stat& status = generation.status();
  r.path = generation.path();
  r.name = r.path.filename().string();
  r.file_bytes = static_cast<std::uint64_t>(status.st_size);
  r.mode = status.st_mode & 07777;
  r.owner_uid = status.st_uid;
  r.owner_gid = status.st_gid;
  r.abi_major = h.abi_major;
  r.abi_minor = h.abi_minor;
  r.generation = h.generation;
  r.stream_uuid = hexadecimal(h.stream_uuid);
  r.stream = {h.kind, h.fourcc, h.width, h.height, h.fps_numerator, h.fps_denominator};
  r.slot_count = generation.geometry().slot_count;
  r.slot_capacity_bytes = generation.geometry().slot_capacity_bytes;
  r.slot_stride_bytes = generation.geometry().slot_stride_bytes;
  r.created_realtime_ns = h.created_realtime_ns;
  r.writer_pid = h.writer_pid;
  r.writer_uid = h.writer_uid;
  r.program = printable(h.program, sizeof h.program);
  r.source = printable(h.source, sizeof h.source);
}

/// `now` for the times in this segment; 0, which nothing is older than, if its clock was another one.
std::uint64_t now_for(const Generation& generation, std::uint64_t now, SegmentReport& r) {
  const BootId boot = read_boot_id();
  r.is_of_this_boot = std::equal(boot.begin(), boot.end(), std::begin(generation.fixed().boot_id));
  return r.is_of_this_boot ? now : 0;
}

void report_status(const Generation& generation, std::uint64_t now, SegmentReport& r) {
  const shmv_header& h = generation.live();
  r.age_ns = age_ns(now, generation.fixed().created_monotonic_ns);
  r.state = judge_state(generation);
  r.source_state = to_source_state(shared::load_acquire(h.source_state));
  r.source_state_age_ns = age_ns(now, shared::load_relaxed(h.source_state_since_ns));
  r.heartbeat_age_ns = age_ns(now, shared::load_relaxed(h.heartbeat_ns));
  r.progress_age_ns = age_ns(now, shared::load_relaxed(h.progress_ns));
  r.latest = ring::latest(generation);
  r.latest_key = std::min(shared::load_acquire(h.latest_key), r.latest);
  r.published = shared::load_relaxed(h.published);
  r.revoked = shared::load_relaxed(h.revoked);
  for (unsigned cause = 0; cause < SHMV_DROP_CAUSES; ++cause)
    r.dropped_total += r.dropped[cause] = shared::load_relaxed(h.dropped[cause]);
  r.source_reopened = shared::load_relaxed(h.source_reopened);
  r.sleepers_woken = shared::load_relaxed(h.sleepers_woken);
  r.extradata_bytes =
      std::min<std::uint32_t>(shared::load_relaxed(h.extradata_bytes), SHMV_EXTRADATA_CAPACITY_BYTES);
  for (unsigned stage = 0; stage < SHMV_STAGES; ++stage)
    r.stages[stage] = report_stage(h, static_cast<Stage>(stage));
}

/// Slots in the order of their frames' numbers, and the rate that their capture times tell.
void report_slots(const Generation& generation, std::uint64_t now, SegmentReport& r) {
  ring::Found found;
  FrameInfo info;
  for (std::uint64_t n = ring::oldest_possible(generation, r.latest); n <= r.latest; ++n)
    if (ring::acquire(generation, n, nullptr, found, info) == ring::Outcome::found) r.slots.push_back({info});
  if (r.slots.empty()) return;
  const FrameInfo& first = r.slots.front().info;
  const FrameInfo& last = r.slots.back().info;
  r.last_frame = last;
  r.last_frame_age_ns = age_ns(now, last.capture_monotonic_ns);
  const std::uint64_t span_ns = age_ns(last.capture_monotonic_ns, first.capture_monotonic_ns);
  if (span_ns > 0)
    r.fps = static_cast<double>(last.number - first.number) * 1e9 / static_cast<double>(span_ns);
}

/// The numbers of all frames that there are, also of those that are held and long out of the index.
std::vector<std::uint64_t> frames_in_slots(const Generation& generation) {
  std::vector<std::uint64_t> numbers;
  for (std::uint32_t slot = 0; slot < generation.geometry().slot_count; ++slot) {
    const std::uint64_t sequence = shared::load_acquire(generation.descriptor(slot).sequence);
    if (slot_state_of(sequence) != SHMV_SLOT_WRITING) numbers.push_back(frame_number_of(sequence));
  }
  return numbers;
}

/// What a sleeping reader holds in advance is no frame yet, and what was taken back is none any more.
std::uint32_t held_frames(const shmv_reader_entry& entry, const std::vector<std::uint64_t>& frames) {
  const auto is_there = [&](std::uint64_t hold) {
    return std::any_of(frames.begin(), frames.end(),
                       [&](std::uint64_t number) { return number != 0 && hold == hold_of_number(number); });
  };
  return static_cast<std::uint32_t>(std::count_if(
      std::begin(entry.hold), std::end(entry.hold),
      [&](std::uint64_t hold) { return is_hold_of_number(hold) ? is_there(hold) : hold != 0; }));
}

void report_readers(const Generation& generation, std::uint64_t now, SegmentReport& r) {
  const UniqueFd fd = open_readers_file(SegmentPaths(r.path.parent_path(), r.name).readers, O_RDONLY);
  if (!fd) return;
  const auto entries = std::make_unique<shmv_reader_entry[]>(SHMV_READERS_MAX);
  const std::uint32_t count = read_entries(fd.get(), entries.get());
  const std::vector<std::uint64_t> frames = frames_in_slots(generation);
  for (std::uint32_t i = 0; i < count; ++i) {
    const shmv_reader_entry& entry = entries[i];
    if (!is_entry_locked(fd.get(), i)) continue;
    ReaderReport reader;
    reader.entry = i;
    reader.pid = entry.pid;
    reader.program = printable(entry.program, sizeof entry.program);
    reader.grade = to_grade(entry.grade);
    reader.seen = entry.seen;
    reader.missed = entry.missed;
    reader.last_number = entry.last_number;
    reader.updated_age_ns = age_ns(now, entry.updated_monotonic_ns);
    if (entry.generation == generation.fixed().generation) reader.held = held_frames(entry, frames);
    r.readers.push_back(reader);
  }
}

SegmentReport report_generation(const Generation& generation) {
  SegmentReport r;
  const std::uint64_t now = monotonic_ns();
  const std::uint64_t segment_now = now_for(generation, now, r);
  report_fixed(generation, r);
  report_status(generation, segment_now, r);
  report_slots(generation, segment_now, r);
  report_readers(generation, now, r);
  return r;
}

}  // namespace

SegmentReport report(const SegmentName& name, MappingGuard* guard) {
  return report_generation(*Generation::open(name, guard));
}
SegmentReport report(const FoundSegment& found, MappingGuard* guard) {
  return report_generation(*Generation::open_file(found.path, guard));
}

namespace {

/// The directory where something of that name is left: the segment, or only its companions.
std::optional<std::filesystem::path> find_remains(const SegmentName& name) {
  if (const auto path = find_segment(name)) return path->parent_path();
  for (const Place& place : candidate_places()) {
    const SegmentPaths paths(place.directory, name.str());
    for (const auto& companion : {paths.lock, paths.readers, paths.unfinished, paths.unfinished_lock})
      if (std::error_code failed; std::filesystem::exists(companion, failed)) return place.directory;
  }
  return std::nullopt;
}

}  // namespace

void remove_segment(const SegmentName& name) {
  const auto directory = find_remains(name);
  if (!directory) throw Error(ErrorCode::not_found, "there is no segment '" + name.str() + "'");
  const SegmentPaths paths(*directory, name.str());
  if (file_kind(paths.segment) == FileKind::other)
    throw Error(ErrorCode::not_a_segment,
                paths.segment.string() + " is not a shm-video segment and is left alone");
  // With the lock ours, no writer lives and none can begin; whatever stands there is a leftover, be it
  // a valid segment or not.
  NameLock lock = NameLock::acquire(paths, StreamUuid{});
  if (::unlink(paths.segment.c_str()) != 0 && errno != ENOENT) {
    const int number = errno;
    lock.unlink(paths);
    if (number == EPERM || number == EACCES)
      throw Error(ErrorCode::owned_by_other_user,
                  "segment '" + name.str() + "' belongs to another user, who (or root) must remove it",
                  number);
    throw system_error("cannot remove " + paths.segment.string(), number);
  }
  ::unlink(paths.readers.c_str());
  ::unlink(paths.unfinished.c_str());
  ::unlink(paths.unfinished_lock.c_str());
  lock.unlink(paths);
}

}  // namespace shmvideo
