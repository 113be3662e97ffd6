// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bitset>
#include <chrono>
#include <cstddef>
#include <memory>
#include <span>

#include "shmvideo/export.hpp"
#include "shmvideo/reader.hpp"

namespace shmvideo {

/// Several readers that one thread waits for together, and whose frames it may have in pairs (or in threes,
/// ...) by the time at which they were captured.
///
/// The readers are borrowed and must outlive the set. Thread-safety: the set and its readers belong to one
/// thread at a time, but for Reader::interrupt(). Readers may go on being asked directly; once pair() was
/// called, the set may have frames of theirs that it keeps for the next one.
class SHMVIDEO_EXPORT ReaderSet {
 public:
  static constexpr std::size_t kMax = 32;
  /// By the readers' places in the set.
  using Ready = std::bitset<kMax>;

  ReaderSet();
  ~ReaderSet();
  ReaderSet(const ReaderSet&) = delete;
  ReaderSet& operator=(const ReaderSet&) = delete;

  /// Gives the reader's place: 0, 1, ... in the order of adding. Throws Error(invalid_argument) beyond kMax.
  std::size_t add(Reader& reader);
  std::size_t size() const noexcept;

  /// Sleeps until readers have something new to say: a frame, the end of their writer, a successor, or that
  /// somebody interrupted them. Gives those that are worth a next(frame, 0); none after `timeout` (as for
  /// Reader::next()). One that was reported is reported again when there is still a frame after one was
  /// taken, or when something new happens; what was reported and not asked for is not repeated.
  ///
  /// Nothing is polled while all writers live. While one is gone, a successor is looked for every 50 ms.
  Ready wait(std::chrono::nanoseconds timeout);

  /// Waits for one frame of each reader, all captured within `tolerance` of each other; older ones that find
  /// no partner are passed over. `frames` has a place for each reader and is released first; `frame` fills
  /// all, anything else none: `timeout`, or what a reader said whose writer ended (`closed`, `writer_gone`;
  /// at once the first time, later after `timeout`, as Reader::next()).
  ///
  /// A tolerance below half of the shortest time between frames makes the choice the only one. Readers of
  /// Order::in_order wait for each other; those of Order::newest offer what is newest when they are asked,
  /// which suits cameras that publish equally soon after capturing. Throws Error(invalid_argument) for a
  /// number of places other than size(), or for none.
  ReadStatus pair(std::span<Frame> frames, std::chrono::nanoseconds tolerance,
                  std::chrono::nanoseconds timeout);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace shmvideo
