// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>

#include "segment/clock.hpp"
#include "segment/generation.hpp"
#include "shmvideo/reader.hpp"
#include "transport/event_notifier.hpp"
#include "transport/frame_rhythm.hpp"
#include "transport/registration.hpp"
#include "transport/ring.hpp"
#include "transport/waiting.hpp"

namespace shmvideo {

/// The time at which a wait of `timeout` that begins now is over, 0 for one that only looks.
inline std::uint64_t deadline_after(std::uint64_t now_ns, std::chrono::nanoseconds timeout) noexcept {
  if (timeout.count() <= 0) return 0;
  const auto wait = static_cast<std::uint64_t>(timeout.count());
  return wait > UINT64_MAX - now_ns ? UINT64_MAX : now_ns + wait;
}
inline std::uint64_t deadline_after(std::chrono::nanoseconds timeout) noexcept {
  return deadline_after(monotonic_ns(), timeout);
}

/// What a Reader is made of: the generation in use, and how far it was read. reader.cpp is the public face of
/// it; this is how frames are taken and how generations follow each other.
struct [[gnu::visibility("hidden")]] Reader::Impl {
  /// Attaches. Throws like Reader::attach().
  Impl(const SegmentName& segment_name, const ReaderOptions& reader_options);

  void choose_start() noexcept;
  void register_entry();
  /// Makes `out` empty. Its hold is kept for the next frame: changing it is one write, ending and making two.
  void recycle(Frame & out) noexcept;
  /// Before a sleep: holds the frame that will end it, so that nothing has to be written when it is there.
  void hold_in_advance() noexcept;
  /// Ends the hold that no frame has.
  void drop_spare_hold() noexcept;
  /// Waits and follows until there is a frame in `out`, or something to say.
  ReadStatus wait_for_frame(Frame & out, std::chrono::nanoseconds timeout);
  /// Takes the frame that is next by the reader's order. False: there is none that it has not had.
  bool take(Frame & out) noexcept;
  bool take_number(std::uint64_t number, Frame & out) noexcept;
  bool take_newest(std::uint64_t latest, Frame & out) noexcept;
  bool take_in_order(std::uint64_t latest, Frame & out) noexcept;
  /// Looks whether another generation stands under the name by now, and goes on with it.
  bool follow() noexcept;
  void adopt(std::shared_ptr<const Generation> next);
  /// Wakes the other sleepers if the writer has died: the kernel wakes one, who may be this one. Comes before
  /// all else that the reader does, which may take it elsewhere.
  void pass_on(std::uint32_t owner, Fate fate = Fate::live) noexcept {
    if ((owner & SHMV_OWNER_DIED) != 0 || fate == Fate::dead) [[unlikely]]
      pass_on_once();
  }
  void pass_on_once() noexcept;
  ReadStatus status_without_frame() noexcept;
  /// Now and then.
  void share_statistics(std::uint64_t now) noexcept {
    if (registration && now >= next_statistics_ns) [[unlikely]]
      write_statistics(now);
  }
  void write_statistics(std::uint64_t now) noexcept;

  // What every frame needs, on neighbouring lines: a reader that was woken has to fetch them all.
  std::shared_ptr<const Generation> generation;
  std::shared_ptr<Registration> registration;
  ring::SpareHold spare_hold;
  Interruption interruption;
  std::uint32_t interrupts_seen = 0;
  bool is_first = true;        // nothing delivered yet: nothing can have been missed
  bool needs_key = false;      // coded video: what follows a gap cannot be decoded before a key frame
  bool end_told = false;       // the caller knows that the writer is gone
  bool has_passed_on = false;  // the other sleepers know of its death
  std::uint64_t last = 0;      // number of the frame delivered last, or before the first to deliver
  std::uint64_t next_statistics_ns = 0;
  FrameRhythm rhythm;
  ReaderStatistics statistics;
  ReaderOptions options;  // begins with what is asked for each frame

  SegmentName name;
  std::uint64_t revoked_before = 0;  // by registrations before this one
  std::optional<DirectoryWatch> directory;
  std::unique_ptr<EventNotifier> notifier;
};

}  // namespace shmvideo
