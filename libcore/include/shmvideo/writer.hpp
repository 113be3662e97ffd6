// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/types.h>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>

#include "shmvideo/error.hpp"
#include "shmvideo/export.hpp"
#include "shmvideo/frame_info.hpp"
#include "shmvideo/mapping_guard.hpp"
#include "shmvideo/name.hpp"

namespace shmvideo {

enum class SourceState : std::uint32_t {
  ok = SHMV_SOURCE_OK,
  reconnecting = SHMV_SOURCE_RECONNECTING,
  ended = SHMV_SOURCE_ENDED,
};

/// A short word for each state ("reconnecting").
SHMVIDEO_EXPORT const char* to_string(SourceState state) noexcept;

enum class DropCause : std::uint32_t {
  source = SHMV_DROP_SOURCE,
  corrupt = SHMV_DROP_CORRUPT,
  too_large = SHMV_DROP_TOO_LARGE,
  no_slot = SHMV_DROP_NO_SLOT,
  late = SHMV_DROP_LATE,
};

/// A short word for each cause ("too_large"); nullptr for a number that has none.
SHMVIDEO_EXPORT const char* to_string(DropCause cause) noexcept;

/// What a published frame costs its writer, part by part.
enum class Stage : std::uint32_t {
  read = SHMV_STAGE_READ,        ///< Getting it out of the source, without the waiting for it.
  convert = SHMV_STAGE_CONVERT,  ///< Filling the slot: decoding, converting or copying into it.
  publish = SHMV_STAGE_PUBLISH,  ///< Taking the slot, and announcing the frame in it.
};

/// A short word for each stage ("convert"); nullptr for a number that has none.
SHMVIDEO_EXPORT const char* to_string(Stage stage) noexcept;

enum class PublishStatus {
  published,
  too_large,   ///< Larger than a slot: see Writer::reserve(). Counted as dropped.
  no_slot,     ///< Every slot is on loan. Counted as dropped.
  closed,      ///< The writer was closed.
  bad_planes,  ///< payload_bytes, planes or sizes contradict each other: the caller's mistake.
};

struct WriterOptions {
  StreamInfo stream;
  std::uint32_t slots = 6;                ///< 2 to SHMV_SLOTS_MAX
  std::uint64_t slot_capacity_bytes = 0;  ///< largest payload; rounded up to whole pages
  mode_t mode = 0640;                     ///< of the segment; never executable, never world-writable
  std::string group;                      ///< group name or number to give it to; empty: the process's
  std::string program;                    ///< shown to people, e.g. "shm-capture"
  std::string source;                     ///< shown to people, e.g. "pattern" or "/dev/video0"
  MappingGuard* guard = nullptr;          ///< borrowed, must outlive the writer and its loans
  /// Asked again and again while pages are reserved, which takes seconds for gigabytes; true ends that
  /// with Error(cancelled) and leaves nothing. Must not throw.
  std::function<bool()> is_cancelled{};
};

struct WriterStatistics {
  std::uint64_t published = 0;
  std::uint64_t revoked = 0;
  std::uint64_t dropped[SHMV_DROP_CAUSES] = {};
  SHMVIDEO_EXPORT std::uint64_t dropped_total() const noexcept;
  std::uint32_t sleepers_woken = 0;
  std::uint64_t generation = 0;
  std::uint64_t latest = 0;           ///< newest frame number
  std::uint64_t source_reopened = 0;  ///< times
};

/// The one writer of a segment name.
///
/// create() takes the name (a second live writer is refused), reserves every page, and puts the
/// segment under its name; the destructor (or close()) ends it in good order. A writer never waits
/// for a reader. One attendant thread per writer keeps the heartbeat, owns the robust word by which
/// readers learn of a death, and wakes the sleepers when they are many.
///
/// Thread-safety: one thread at a time, but for progress(), set_source_state(), count_reopening() and
/// statistics().
class SHMVIDEO_EXPORT Writer {
 public:
  /// A slot to be filled in place, then published. Move-only; destroyed unpublished, it is given
  /// back and nobody sees it. Must not outlive its Writer.
  class SHMVIDEO_EXPORT Loan {
   public:
    Loan() noexcept = default;
    Loan(Loan&& other) noexcept;
    Loan& operator=(Loan&& other) noexcept;
    ~Loan();
    explicit operator bool() const noexcept { return writer_ != nullptr; }
    /// The whole slot, page-aligned; the content is what was left there, or zero.
    std::span<std::byte> bytes() const noexcept { return bytes_; }
    /// Publishes the first info.payload_bytes of the slot and ends the loan, whatever the outcome.
    PublishStatus publish(const FrameInfo& info) noexcept;

   private:
    friend class Writer;
    Writer* writer_ = nullptr;
    std::span<std::byte> bytes_;
    std::uint32_t slot_ = 0;
    std::uint64_t epoch_ = 0;     // the generation that the slot belongs to
    std::uint64_t claim_ns_ = 0;  // what taking the slot cost
  };

  /// Throws Error: invalid_argument, writer_exists, owned_by_other_user, no_space, no_place,
  /// not_a_segment, permission_denied, system.
  static std::unique_ptr<Writer> create(const SegmentName& name, const WriterOptions& options);
  ~Writer();
  Writer(const Writer&) = delete;
  Writer& operator=(const Writer&) = delete;

  /// A slot to write into, or an empty loan when all are on loan (counted as dropped, no_slot).
  /// Several loans may be open at a time; each is one slot less for readers.
  Loan loan() noexcept;

  /// Copies `payload` into a slot and publishes it. The copy is the price for a source that cannot
  /// write into a loan.
  PublishStatus publish(const FrameInfo& info, std::span<const std::byte> payload) noexcept;

  /// Makes sure that frames of `payload_bytes` fit and that the segment describes `stream`: starts
  /// a new generation where either changes what readers were promised, else does nothing. No loan
  /// may be open. Throws like create(); the old generation then stays in use.
  void reserve(const StreamInfo& stream, std::uint64_t payload_bytes);
  /// Frames come from somewhere else from now on: see WriterOptions::source. Readers are told by the next
  /// reserve(), which starts a new generation then.
  void set_source(std::string source);

  /// Counts frames that were not published.
  void drop(DropCause cause, std::uint64_t frames = 1) noexcept;
  /// Counts what a frame that is published costs in a stage, for those who look at the segment.
  /// Stage::publish is measured by the writer itself; a stage that is never told of reads as not measured.
  void add_stage_time(Stage stage, std::uint64_t nanoseconds) noexcept;
  /// Counts that the source was opened again.
  void count_reopening() noexcept;
  /// Says that the publishing loop turns although there is nothing to publish. publish() does too.
  void progress() noexcept;
  void set_source_state(SourceState state) noexcept;
  /// The nominal time between frames, once known; readers judge a stall by it.
  void set_frame_interval_ns(std::uint64_t interval_ns) noexcept;
  /// Codec parameters for those who join late; at most SHMV_EXTRADATA_CAPACITY_BYTES.
  /// Returns false when it is longer. Goes along into new generations.
  bool set_extradata(std::span<const std::byte> extradata) noexcept;
  /// Requests for a key frame by the readers that there are; a key frame is wanted when it rises (it falls
  /// when a reader leaves).
  std::uint64_t key_requests() noexcept;

  WriterStatistics statistics() const noexcept;
  const SegmentName& name() const noexcept;
  /// Where the segment is and why not elsewhere.
  const Place& place() const noexcept;
  std::uint32_t slots() const noexcept;
  std::uint64_t slot_capacity_bytes() const noexcept;

  /// Says `closed`, wakes everybody, removes the segment and its companions. Idempotent. A loan that is
  /// open may still be written to, until the Writer is destroyed; it cannot be published any more.
  void close() noexcept;

 private:
  struct Impl;
  explicit Writer(std::unique_ptr<Impl> impl) noexcept;
  std::unique_ptr<Impl> impl_;
};

}  // namespace shmvideo
