// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "sink/recording/recorded_frame.hpp"

struct AVCodecParameters;
struct AVPacket;

namespace shmvideo::sink {

struct CodingOptions {
  int jpeg_quality = 90;                  ///< 1 to 100
  std::string preset = "superfast";       ///< x264's
  std::optional<std::uint64_t> bit_rate;  ///< bits per second of H.264; none: a constant quality
};

/// Takes a packet, valid during the call; false if it could not be written.
using PacketSink = std::function<bool(AVPacket&)>;

/// Makes packets of frames that have one plan. Thread-safety: one thread at a time.
class Track {
 public:
  virtual ~Track();
  virtual const AVCodecParameters& parameters() const = 0;
  /// Gives to `sink` what is ready now, of this frame or of earlier ones. False if the sink did. Throws
  /// Error(codec_failed).
  virtual bool put(const RecordedFrame& frame, std::int64_t time, const PacketSink& sink) = 0;
  /// Gives what an encoder still has.
  virtual bool drain(const PacketSink& sink);
};

/// The track for frames like `first`, its times in `tick`. Throws Error(codec_failed).
std::unique_ptr<Track> make_track(const RecordedFrame& first, const CodingOptions& options, Tick tick);

// By treatment.
std::unique_ptr<Track> make_encoded_track(const RecordedFrame& first, const CodingOptions& options,
                                          Tick tick);
std::unique_ptr<Track> make_jpeg_track(const RecordedFrame& first, const CodingOptions& options);
std::unique_ptr<Track> make_passed_track(const RecordedFrame& first, Tick tick);

}  // namespace shmvideo::sink
