// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>

#include "shmvideo/frame_info.hpp"
#include "sink/mjpeg/pictures/rendition.hpp"
#include "sink/mjpeg/serving_defaults.hpp"
#include "sink/mjpeg/viewers/adaptation.hpp"

namespace shmvideo::sink {

/// What a viewer asked for itself; for the rest it has the server's defaults.
struct StreamWishes {
  std::optional<int> quality = std::nullopt;
  std::optional<int> fps = std::nullopt;
  std::optional<std::uint32_t> width = std::nullopt;
  std::optional<std::uint32_t> height = std::nullopt;
  std::optional<bool> adaptive = std::nullopt;
};

/// What one stream is to have: its viewer's wishes, completed by the server's defaults, less what it gives up
/// where its connection or the processor is too slow. Arithmetic only.
class StreamPlan {
 public:
  StreamPlan(const StreamWishes& wishes, const ServingDefaults& defaults);
  void take_defaults(const ServingDefaults& defaults);

  /// See Adaptation::observe(). False at all times for a stream that does not give way.
  bool observe(std::uint64_t now_ns, unsigned sent, unsigned missed);
  /// Steps that all streams that give way give up alike, for the processor's sake. True when that makes a
  /// difference here.
  bool set_pressure(int steps) noexcept;

  bool is_adaptive() const noexcept { return is_adaptive_; }
  /// Steps below what was asked, for the connection's sake and for the processor's.
  int level() const noexcept { return is_adaptive_ ? adaptation_.level() : 0; }
  int pressure() const noexcept { return pressure_; }
  const StreamStep& step() const noexcept { return adaptation_.step(pressure_); }
  /// Pictures per second.
  int fps() const noexcept { return step().fps; }
  int wished_fps() const noexcept { return fps_; }
  int wished_quality() const noexcept { return wished_.quality; }
  /// For pictures of frames like this one: the size given up is a part of what it has else.
  Rendition rendition(const FrameInfo& frame) const noexcept;

 private:
  const StreamWishes wishes_;
  Rendition wished_;
  int fps_ = 30;
  bool is_adaptive_ = false;
  Adaptation adaptation_;
  int pressure_ = 0;
};

}  // namespace shmvideo::sink
