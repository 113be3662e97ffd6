// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

#include "segment/name_lock.hpp"
#include "shmvideo/writer.hpp"
#include "transport/attendant.hpp"
#include "transport/publisher.hpp"
#include "transport/stage_times.hpp"

namespace shmvideo {

/// Wakes everybody although there is no frame: the state changed.
void notify_readers(shmv_header& header) noexcept;
/// Says what becomes of a generation, and wakes everybody.
void announce(const CreatedSegment& segment, std::uint32_t state) noexcept;

/// What a Writer is made of: the name's lock, and the generation in use. writer.cpp is the public face
/// of it; this is how generations follow each other and how frames and counters get into one.
struct [[gnu::visibility("hidden")]] Writer::Impl {
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

  /// Takes the name. Throws like Writer::create().
  Impl(const SegmentName& segment_name, const WriterOptions& writer_options);

  /// Makes sure that the name is still ours: whoever removes our lock file lets another writer in.
  /// Throws Error(writer_exists) where that has happened.
  void keep_name(std::chrono::milliseconds patience);
  void start_generation(const StreamInfo& stream, std::uint64_t capacity);
  void write_extradata() noexcept;
  void write_counters() noexcept;
  void repair_if_lost() noexcept;
  /// `claim_ns` is what taking the slot cost.
  PublishStatus publish(std::uint32_t slot, const FrameInfo& info, std::uint64_t claim_ns) noexcept;
  void count_drop(DropCause cause, std::uint64_t frames) noexcept;

  SegmentName name;
  WriterOptions options;
  gid_t group;
  Place place;
  SegmentPaths paths;
  StreamUuid stream_uuid;
  std::optional<NameLock> lock;
  UniqueFd readers;
  std::uint64_t generation = 0;
  std::uint64_t slot_capacity_bytes = 0;
  std::unique_ptr<Current> current;
  std::unique_ptr<Current> lent;  // closed with a slot on loan, whose memory must stay
  std::vector<std::byte> extradata;
  SourceState source_state = SourceState::ok;
  std::uint64_t frame_interval_ns = 0;
  bool is_source_changed = false;  // and no generation says so yet
  std::uint64_t next_repair_ns = 0;
  std::uint64_t revoked_before = 0;  // in generations before this one
  StageTimes stages;
  // Readable by any thread; written by the publishing one.
  std::atomic<std::uint64_t> published{0};
  std::atomic<std::uint64_t> revoked{0};
  std::atomic<std::uint64_t> latest{0};
  std::atomic<std::uint64_t> dropped[SHMV_DROP_CAUSES] = {};
  std::atomic<std::uint64_t> source_reopened{0};  // by whom, see current_mutex
  // Between the publishing thread when it changes `current` and the calls allowed on other threads.
  // No reader, and no other process, ever has it.
  std::mutex current_mutex;
};

}  // namespace shmvideo
