// SPDX-License-Identifier: Apache-2.0
#include "sink/recording/track.hpp"

namespace shmvideo::sink {

Track::~Track() = default;

bool Track::drain(const PacketSink&) { return true; }

std::unique_ptr<Track> make_track(const RecordedFrame& first, const CodingOptions& options, Tick tick) {
  switch (first.plan.treatment) {
    case Treatment::encode_h264:
    case Treatment::encode_png:
      return make_encoded_track(first, options, tick);
    case Treatment::encode_jpeg:
      return make_jpeg_track(first, options);
    case Treatment::packed:
    case Treatment::planes:
    case Treatment::copy:
      break;
  }
  return make_passed_track(first, tick);
}

}  // namespace shmvideo::sink
