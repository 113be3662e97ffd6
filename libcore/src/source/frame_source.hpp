// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "shmvideo/frame_info.hpp"
#include "shmvideo/writer.hpp"

namespace shmvideo::source {

/// What a wait for the next frame of a source came to.
enum class WaitStatus {
  frame,        ///< There is one: fetch it with fill().
  again,        ///< None so far; nothing is wrong yet. Who waits decides how long that may go on.
  interrupted,  ///< interrupt() was called.
  end,          ///< The source is at its end.
  lost,         ///< The source does not deliver any more, and will not by itself: see loss().
};

/// What fetching a frame came to.
enum class FillStatus {
  filled,
  corrupt,         ///< The frame cannot be had; the next one may be.
  format_changed,  ///< Frames are different from now on: look at description(), then fill() again.
};

/// What a source delivers; a plain value.
struct SourceDescription {
  StreamInfo stream;
  /// Of the largest frame; of a coded stream a guess, which a frame beyond it changes (format_changed).
  std::uint64_t payload_bytes = 0;
  std::vector<std::byte> extradata;  ///< codec parameters (SPS, PPS) of a coded stream
  std::string name;                  ///< for people: "pattern", "/dev/video0", "film.mp4"
  std::vector<std::string> notes;    ///< where it differs from what was asked for; sentences for people
};

/// Where frames come from: a camera, a file, a drawn pattern.
///
/// The life of one: open(), once; then wait() and fill() in turn. A frame is waited for without a slot
/// and then fetched into one, so that no slot is on loan while nothing comes. After `lost` nothing can be
/// had from it: whoever wants to try again makes a new one.
/// Thread-safety: one thread at a time, but for interrupt().
class FrameSource {
 public:
  virtual ~FrameSource() = default;

  /// Throws Error(source_failed, invalid_argument) with a sentence for people; Error(cancelled) after
  /// interrupt(). May take long.
  virtual void open() = 0;
  /// Valid after open(), until the next call of open() or fill().
  virtual const SourceDescription& description() const noexcept = 0;

  /// Waits for the next frame: for its time to come, or for the device; says `again` at least once a
  /// second where it can. A library underneath may even hang; interrupt() ends what waiting is our own.
  virtual WaitStatus wait() noexcept = 0;
  /// Fetches the frame that wait() announced into `slot`, which has room for payload_bytes, and
  /// describes it. On entry info.number is the number that it will be published by. Whatever is in the
  /// slot is left alone where the source can do with it, see PatternSource.
  virtual FillStatus fill(std::span<std::byte> slot, FrameInfo& info) noexcept = 0;

  /// What getting the frame cost that fill() fetched last, up to that call: dequeueing, taking it out of its
  /// packet, decoding, in nanoseconds, without the waiting for the device or for the frame's time to come.
  /// The call of fill() itself is converting, to whoever measures. Nothing where the source cannot tell the
  /// work from the waiting, or has nothing to read.
  virtual std::optional<std::uint64_t> read_ns() const noexcept { return std::nullopt; }

  /// Why it is lost, as a clause for people: "the camera was unplugged". Valid after wait() said so.
  virtual std::string loss() const { return {}; }
  /// Frames that were left out since the start; part of source_number.
  virtual std::uint64_t skipped() const noexcept { return 0; }
  /// Why: to keep pace, or because they were lost before they came to us.
  virtual DropCause skip_cause() const noexcept { return DropCause::late; }
  /// Makes a running open(), wait() or fill() and every later one return soon, where that is in our
  /// power. From any thread.
  virtual void interrupt() noexcept = 0;
};

}  // namespace shmvideo::source
