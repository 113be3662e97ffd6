// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>

#include "source/libav/interruption.hpp"
#include "source/libav/media_facts.hpp"
#include "source/libav/media_source.hpp"

struct AVPacket;

namespace shmvideo::source::media {

/// Takes the packets of one video stream out of whatever carries it. Everything here blocks until the
/// interruption is set; libavformat looks at it every 100 ms at least, except while it resolves a name.
/// One thread at a time.
class Demuxer {
 public:
  /// `interruption` must outlive it.
  Demuxer(const MediaOptions& options, const Interruption& interruption);
  ~Demuxer();
  Demuxer(const Demuxer&) = delete;
  Demuxer& operator=(const Demuxer&) = delete;

  /// Opens it and looks at what is in it. Throws Error(source_failed), Error(cancelled).
  MediaFacts open();
  /// The next packet of the video; 0, or an AVERROR code. An empty packet is given to be filled.
  int read(AVPacket& packet) noexcept;
  /// Back to the first packet. False if it cannot be had again.
  bool rewind() noexcept;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace shmvideo::source::media
