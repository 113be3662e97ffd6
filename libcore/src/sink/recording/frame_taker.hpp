// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "codec/convert.hpp"
#include "shmvideo/name.hpp"
#include "shmvideo/reader.hpp"
#include "sink/events.hpp"
#include "sink/recording/container.hpp"
#include "sink/recording/frame_pool.hpp"

namespace shmvideo::sink {

struct TakingOptions {
  explicit TakingOptions(SegmentName segment) : name(std::move(segment)) {}
  SegmentName name;
  std::string program;
  MappingGuard* guard = nullptr;        ///< borrowed
  std::chrono::nanoseconds timeout{0};  ///< for the segment, and for a writer that lives
  Container container = Container::matroska;
  Codec codec = Codec::h264;
  std::optional<std::uint64_t> count;                ///< of frames
  std::optional<std::chrono::nanoseconds> duration;  ///< from the first frame
  bool follows = false;                              ///< a writer that stopped: wait for the next
};

/// What became of the segment's frames so far.
struct TakingStatistics {
  std::uint64_t taken = 0;
  std::uint64_t missed_full = 0;  ///< while the queue was full
  std::uint64_t missed_slow = 0;  ///< overwritten before they were looked at, for another reason
  std::uint64_t overwritten = 0;  ///< while they were read
  std::uint64_t unusable = 0;     ///< no pictures, by their own description
  std::uint64_t restarts = 0;
  std::uint64_t recorded_ns = 0;  ///< from the first to the last
  std::uint64_t lost() const noexcept { return missed_full + missed_slow + overwritten + unusable; }
};

/// Takes frames from a segment, makes of each what its plan says, and puts it into a pool's queue.
/// run() is for one thread; stop() and statistics() for any.
class FrameTaker {
 public:
  FrameTaker(TakingOptions options, FramePool& pool, EventLog log);
  ~FrameTaker();

  /// Until there is a reason to end. Throws Error: not_found (no segment, no writer in time),
  /// source_failed (no frame that can be recorded), invalid_argument (see plan_frame()), and
  /// Reader::attach()'s.
  void run();
  void stop() noexcept { is_stopping_ = true; }
  TakingStatistics statistics() const noexcept;

 private:
  using Clock = std::chrono::steady_clock;

  bool attach();
  void attach_once();
  bool take(const Frame& frame);
  RecordedFrame* empty_for(std::size_t payload_bytes);
  bool fill(const Frame& frame, RecordedFrame& to);
  bool fill_coded(const Frame& frame, RecordedFrame& to);
  bool fill_raw(const Frame& frame, RecordedFrame& to);
  void describe(const FrameInfo& info, RecordedFrame& to);
  void note_generation();
  void count_missed();
  bool goes_on_without_frame(ReadStatus status);
  bool is_over() const;
  std::chrono::nanoseconds patience() const;

  const TakingOptions options_;
  FramePool& pool_;
  EventLog log_;
  codec::PictureConverter converter_;
  std::unique_ptr<Reader> reader_;
  std::atomic<bool> is_stopping_{false};

  std::optional<FrameShape> shape_;  // the one that plan_ is for
  FramePlan plan_;
  std::uint64_t generation_ = 0;
  bool has_generation_ = false;
  Tick rate_{1, 0};
  std::shared_ptr<const std::vector<std::byte>> extradata_;
  bool needs_key_ = false;  // coded frames that depend on one that was lost are of no use
  bool was_full_ = false;   // since the frame before
  ReadStatus told_ = ReadStatus::frame;
  std::uint64_t missed_before_ = 0;
  std::uint64_t first_ns_ = 0;
  std::uint64_t frame_ns_ = 0;  // of the one in hand
  Clock::time_point attached_at_{};
  Clock::time_point first_taken_at_{};

  std::atomic<std::uint64_t> taken_{0};
  std::atomic<std::uint64_t> missed_full_{0};
  std::atomic<std::uint64_t> missed_slow_{0};
  std::atomic<std::uint64_t> overwritten_{0};
  std::atomic<std::uint64_t> unusable_{0};
  std::atomic<std::uint64_t> restarts_{0};
  std::atomic<std::uint64_t> recorded_ns_{0};
};

}  // namespace shmvideo::sink
