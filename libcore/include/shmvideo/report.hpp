// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "shmvideo/export.hpp"
#include "shmvideo/frame_info.hpp"
#include "shmvideo/name.hpp"
#include "shmvideo/reader.hpp"
#include "shmvideo/writer.hpp"

namespace shmvideo {

/// One entry of NAME.readers that is in use.
struct ReaderReport {
  std::uint32_t entry = 0;
  std::uint32_t pid = 0;  ///< as the reader said it
  std::string program;    ///< printable characters only
  Grade grade = Grade::observe;
  std::uint64_t seen = 0;
  std::uint64_t missed = 0;
  std::uint64_t last_number = 0;
  std::uint32_t held = 0;  ///< frames
  std::uint64_t updated_age_ns = 0;
};

/// A frame that was in the ring at that moment.
struct SlotReport {
  FrameInfo info;
};

/// The longest time that a bucket of StageReport counts; the first one counts those from 0, the last one has
/// no bound (the largest number there is).
SHMVIDEO_EXPORT std::uint64_t stage_bound_ns(std::size_t bucket) noexcept;

/// What one stage cost, as the writer counted it over all its generations. All zero: not measured.
struct StageReport {
  std::uint64_t frames = 0;  ///< the sum of the buckets
  std::uint64_t sum_ns = 0;
  std::uint64_t max_ns = 0;
  std::array<std::uint64_t, SHMV_STAGE_BUCKETS> buckets{};  ///< frames by their time, see stage_bound_ns()
  /// What a share of the frames (0 to 1) took at most. The octave is true; within it this is a guess, as if
  /// times were spread evenly over it. 0 without frames.
  SHMVIDEO_EXPORT double quantile_ns(double share) const noexcept;
};

/// Everything that can be seen of a segment with read permission; a snapshot, owned by the caller.
/// Every text is cut to its field and made printable, every number is range-checked.
struct SegmentReport {
  std::string name;
  std::filesystem::path path;
  std::uint64_t file_bytes = 0;
  std::uint32_t mode = 0;
  std::uint32_t owner_uid = 0;
  std::uint32_t owner_gid = 0;

  /// False: made before the machine was started last. Its monotonic times mean nothing now, and all ages
  /// but those of readers are 0.
  bool is_of_this_boot = true;
  SegmentState state = SegmentState::dead;
  SourceState source_state = SourceState::ok;
  std::uint64_t source_state_age_ns = 0;
  std::uint16_t abi_major = 0;
  std::uint16_t abi_minor = 0;
  std::uint64_t generation = 0;
  std::string stream_uuid;  ///< 32 hexadecimal digits
  StreamInfo stream;
  std::uint32_t slot_count = 0;
  std::uint64_t slot_capacity_bytes = 0;
  std::uint64_t slot_stride_bytes = 0;
  std::uint64_t created_realtime_ns = 0;
  std::uint64_t age_ns = 0;  ///< since this generation was created

  std::uint32_t writer_pid = 0;
  std::uint32_t writer_uid = 0;
  std::string program;
  std::string source;
  std::uint64_t heartbeat_age_ns = 0;
  std::uint64_t progress_age_ns = 0;

  std::uint64_t latest = 0;
  std::uint64_t latest_key = 0;
  std::uint64_t published = 0;
  std::uint64_t revoked = 0;
  std::uint64_t dropped[SHMV_DROP_CAUSES] = {};
  std::uint64_t dropped_total = 0;
  std::uint64_t source_reopened = 0;  ///< times
  std::uint32_t sleepers_woken = 0;
  std::uint32_t extradata_bytes = 0;
  std::array<StageReport, SHMV_STAGES> stages;  ///< by Stage
  /// Frames per second, from the capture times that stand in the ring; 0 with fewer than two.
  double fps = 0;
  std::optional<FrameInfo> last_frame;
  std::uint64_t last_frame_age_ns = 0;  ///< since its capture

  std::vector<SlotReport> slots;  ///< by frame number
  std::vector<ReaderReport> readers;
};

/// Throws Error like Reader::attach(). `guard` is used during the call only.
SHMVIDEO_EXPORT SegmentReport report(const SegmentName& name, MappingGuard* guard = nullptr);
SHMVIDEO_EXPORT SegmentReport report(const FoundSegment& found, MappingGuard* guard = nullptr);

/// Removes a segment without a live writer, with its companions.
/// Throws Error: not_found, writer_exists, owned_by_other_user, system.
SHMVIDEO_EXPORT void remove_segment(const SegmentName& name);

}  // namespace shmvideo
