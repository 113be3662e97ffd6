// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "shmvideo/frame_info.hpp"
#include "source/libav/media_source.hpp"
#include "source/libav/pacing.hpp"
#include "source/libav/packet_reader.hpp"
#include "source/libav/stamps.hpp"
#include "source/libav/timeline.hpp"

namespace shmvideo::source::media {

/// When frames are due and what times they get: the same for those that are decoded and those that are
/// passed on as they are. One thread at a time, but for interrupt().
class Playback {
 public:
  explicit Playback(const MediaOptions& options);

  /// Opens the medium. Throws as FrameSource::open() does.
  void open();
  PacketReader& reader() noexcept { return reader_; }
  const MediaFacts& facts() const noexcept { return reader_.facts(); }
  FrameRate described_rate() const noexcept;
  /// Where it differs from what was asked for.
  std::vector<std::string> notes() const;

  /// What is known of a frame, in the medium's own time base.
  /// Goes to the next frame. True if it is better left out, to keep pace.
  bool next(const Stamps& stamps) noexcept;
  /// Counts the current frame as left out.
  void skip() noexcept { ++skipped_; }
  Pacing::Sleep sleep(std::int64_t deadline_ns) noexcept { return pacing_->sleep(deadline_ns); }
  /// Number, times and DISCONTINUITY of the current frame.
  void describe(FrameInfo& info) noexcept;

  std::uint64_t skipped() const noexcept { return skipped_; }
  std::int64_t now_ns() noexcept { return clock_.now_ns(); }
  void interrupt() noexcept;

 private:
  bool is_fixed_rate() const noexcept { return options_.rate.numerator > 0 && !facts().is_live; }
  bool uses_stamps() const noexcept;
  std::int64_t frames_until_shown() const noexcept;
  std::optional<std::int64_t> stamp_ns(const Stamps& stamps) const noexcept;

  MediaOptions options_;
  PacketReader reader_;
  SteadyPaceClock clock_;
  std::optional<Timeline> timeline_;
  std::optional<Pacing> pacing_;

  Stamps current_;
  std::optional<std::int64_t> first_stamp_;
  std::int64_t media_ns_ = 0;
  std::uint64_t number_ = 0;
  std::uint64_t skipped_ = 0;
  bool is_cut_ = false;  // something was left out before the current frame
};

}  // namespace shmvideo::source::media
