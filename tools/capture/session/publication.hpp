// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "session/statistics.hpp"
#include "session/supervised_source.hpp"
#include "shmvideo/writer.hpp"
#include "toolkit/messages/log.hpp"

namespace shmvideo::capture {

/// What became of a frame that a source announced.
enum class Delivery {
  published,
  dropped,  ///< counted
  shut,     ///< close() was called
};

/// A segment, and how frames get from a source into it.
///
/// Everything that touches the segment goes through a gate, which close() shuts: beyond it nothing is
/// published. The gate is not held while a source fills a slot, since that may take for ever.
/// Thread-safety: one thread, but for close() and the functions so marked.
class Publication {
 public:
  /// options.slots 0: as many as suit what the source delivers.
  Publication(SegmentName name, WriterOptions options, toolkit::Log& log);

  /// Makes the segment for what the source delivers, or makes the one that there is fit. False when it
  /// is shut. Throws Error, as Writer does.
  bool prepare(const SupervisedSource& source);
  /// Fetches the frame that source.wait() announced and publishes it. Throws Error when the segment
  /// cannot be made to fit it.
  Delivery deliver(SupervisedSource& source);
  /// Counts what the source left out since the last frame, and remembers the numbers that it has come
  /// to: those of the next source go on from them, and its first frame says that it does not follow.
  void end_source(const SupervisedSource& source) noexcept;

  void set_source_state(SourceState state) noexcept;  ///< any thread
  void turn() noexcept;                               ///< any thread: nothing to publish, but alive
  void count_reopening() noexcept;                    ///< any thread: the source came back
  Progress progress() const;                          ///< any thread
  /// When the segment was made; nothing before. Any thread.
  std::optional<std::chrono::steady_clock::time_point> started_at() const;
  /// The segment is gone when this returns. Any thread, any number of times.
  void close() noexcept;

 private:
  bool create(const source::SourceDescription& description);
  bool fit(const source::SourceDescription& description);
  void note_extradata(const source::SourceDescription& description);
  void tell_start() const;
  std::optional<Delivery> deliver_one(SupervisedSource& source);
  bool borrow(const SupervisedSource& source, Writer::Loan& loan, FrameInfo& info);
  void count_skipped(const SupervisedSource& source) noexcept;
  void count_cost(const SupervisedSource& source, std::chrono::nanoseconds converting) noexcept;
  Writer* writer() const noexcept;

  const SegmentName name_;
  WriterOptions options_;
  toolkit::Log& log_;

  std::mutex gate_;  // held by whoever uses writer_ to publish; guards is_shut_
  bool is_shut_ = false;

  mutable std::mutex state_mutex_;  // guards what follows; taken after the gate
  std::unique_ptr<Writer> writer_;  // stays when it is closed, for its statistics
  std::optional<std::chrono::steady_clock::time_point> started_at_;

  std::atomic<std::uint64_t> captured_{0};
  // The rest is of the one thread.
  std::uint64_t skipped_ = 0;      // by this source, as counted so far
  std::uint64_t number_base_ = 0;  // source numbers of this source begin after it
  std::uint64_t number_ = 0;       // the newest source number
  bool is_discontinuous_ = false;  // the next frame does not follow the one before
  std::vector<std::byte> extradata_;
};

}  // namespace shmvideo::capture
