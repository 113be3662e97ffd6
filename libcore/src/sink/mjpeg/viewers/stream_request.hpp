// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "sink/mjpeg/viewers/stream_plan.hpp"

namespace shmvideo::sink {

/// What a viewer asks of its stream.
struct StreamRequest {
  StreamWishes wishes{};
  /// A picture whose frame is older than this when it would be sent is not sent; 0: there is no such limit.
  std::chrono::nanoseconds max_delay{0};
  std::optional<bool> extra_headers = std::nullopt;      ///< each part tells more about its picture
  std::optional<bool> advance_headers = std::nullopt;    ///< unset: as the browser needs it
  std::optional<bool> dual_final_frames = std::nullopt;  ///< unset: as the browser needs it
  std::optional<bool> zero_data = std::nullopt;          ///< heads without pictures
  std::string key{};                                     ///< what the viewer calls itself
};

/// How the parts of a stream look.
struct PartStyle {
  bool extra_headers = false;
  bool advance_headers = false;
  bool dual_final_frames = false;
  bool zero_data = false;
};

/// As asked, and where nothing was asked as the browser of that User-Agent needs it. A head that comes before
/// its picture is known has nothing to say about it: who asks for extra headers reads them, and gets heads in
/// advance only when it asks for these too; then they win, as with ustreamer.
PartStyle style_of(const StreamRequest& request, std::string_view user_agent) noexcept;

}  // namespace shmvideo::sink
