// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>

#include "sink/recording/container.hpp"
#include "sink/recording/output_file.hpp"
#include "sink/recording/timeline.hpp"

struct AVCodecParameters;
struct AVPacket;

namespace shmvideo::sink {

/// One track of video in a container of libavformat, on an OutputFile. Everything that a packet makes
/// complete is handed to the operating system at once, so that it survives the process.
/// Functions that write give false once the file has an error. Thread-safety: one thread at a time.
class Muxer {
 public:
  struct Options {
    Container container = Container::matroska;
    Tick tick;                            ///< of the packets' time stamps
    Tick rate{1, 0};                      ///< nominal; denominator 0: unknown
    std::uint64_t begun_realtime_ns = 0;  ///< for the container's own date; 0: none
  };

  /// Writes the header. Throws Error(codec_failed) when libavformat refuses the track; a file that cannot
  /// be written shows in file().error(). `file` is borrowed.
  Muxer(OutputFile& file, const Options& options, const AVCodecParameters& track);
  ~Muxer();
  Muxer(const Muxer&) = delete;
  Muxer& operator=(const Muxer&) = delete;

  /// `packet` has its time stamps in options.tick; they become the container's.
  bool write(AVPacket& packet);
  /// The container's end. The file stays open.
  bool finish();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace shmvideo::sink
