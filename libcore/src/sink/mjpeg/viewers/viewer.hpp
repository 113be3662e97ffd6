// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

#include "sink/http/access/access.hpp"
#include "sink/mjpeg/pictures/rendition_store.hpp"
#include "sink/mjpeg/serving_defaults.hpp"

namespace shmvideo::sink {

/// How one viewer's stream goes, for those who ask.
struct ViewerFacts {
  std::uint64_t id = 0;         ///< unlike any other's since the server started
  std::string peer;             ///< address and port
  std::string key;              ///< what it calls itself
  std::string agent;            ///< its User-Agent
  Rendition rendition;          ///< in force
  double fps_limit = 0;         ///< in force
  double fps = 0;               ///< over the last seconds
  double bytes_per_second = 0;  ///< the same
  std::uint64_t frames = 0;     ///< sent to the end
  std::uint64_t skipped = 0;    ///< published while it watched, but not sent
  std::uint64_t bytes = 0;
  double lag_ms = 0;  ///< from the capture of the last picture to when it was through, as far as we know
  double queued_bytes = 0;         ///< still with the kernel
  std::string reason;              ///< why it gets less than it asked for; empty: it does not
  std::uint64_t connected_ns = 0;  ///< monotonic clock
  bool extra_headers = false;
  bool advance_headers = false;
  bool dual_final_frames = false;
  bool zero_data = false;
};

/// One who is served from a channel; it adds itself and removes itself.
class Viewer : public PictureWaiter {
 public:
  using PictureWaiter::PictureWaiter;
  /// Ends it at once.
  virtual void close() = 0;
  virtual bool is_stream() const noexcept = 0;
  /// What the server gives to those who ask for nothing has changed.
  virtual void take_defaults(const ServingDefaults& defaults) noexcept = 0;
  /// By what right it watches; null: it is gone with the next picture anyway.
  virtual const Access* access() const noexcept { return nullptr; }
  /// The writer has gone, in good order or not.
  virtual void writer_lost() {}
  /// A writer that was about to come does not: who waits for a first frame need not wait longer.
  virtual void no_writer_comes() {}
  /// Pictures per second over the last seconds.
  virtual double rate(std::uint64_t now_ns) const noexcept = 0;
  virtual ViewerFacts facts(std::uint64_t now_ns) const = 0;
};

}  // namespace shmvideo::sink
