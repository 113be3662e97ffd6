// SPDX-License-Identifier: Apache-2.0
// What bench_http can be, each a process of its own: see main.cpp.
#pragma once

#include <string>
#include <string_view>

#include "http/clip.hpp"

namespace shmvideo_bench {

/// Whether SIGTERM or SIGINT came.
bool is_over() noexcept;
/// A line on standard output, at once.
void say(std::string_view line);

/// Publishes the clip under the name, over and over, until is_over().
void feed(const std::string& segment, const Clip& clip, unsigned fps);

/// What the bare call costs on frames in their slots, as they come.
struct EncodeCost {
  unsigned frames = 0;
  double cpu_ms = 0;   ///< of the thread, for each frame, in the middle
  double wall_ms = 0;  ///< the same by the clock
  double bytes = 0;    ///< of a picture, in the mean
};
/// Encodes every frame that it gets for so long, with TurboJPEG's one call for the format (BGR24 or I420).
EncodeCost encode_bare(const std::string& segment, int quality, double seconds);

/// Sends the clip, which is JPEG, to all who ask, as a multipart stream, until is_over(). All it does is
/// sleep and send: one blocking system call for each frame and client. Says its URL first.
void send_bare(const Clip& clip, unsigned fps);

}  // namespace shmvideo_bench
