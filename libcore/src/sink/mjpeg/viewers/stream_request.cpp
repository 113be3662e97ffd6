// SPDX-License-Identifier: Apache-2.0
#include "sink/mjpeg/viewers/stream_request.hpp"

#include "sink/mjpeg/viewers/browser_quirks.hpp"

namespace shmvideo::sink {

PartStyle style_of(const StreamRequest& request, std::string_view user_agent) noexcept {
  const BrowserQuirks quirks = quirks_of(user_agent);
  PartStyle style{.extra_headers = request.extra_headers.value_or(false),
                  .dual_final_frames = request.dual_final_frames.value_or(quirks.dual_final_frames),
                  .zero_data = request.zero_data.value_or(false)};
  style.advance_headers = request.advance_headers.value_or(quirks.advance_headers && !style.extra_headers);
  if (style.advance_headers) style.extra_headers = false;
  return style;
}

}  // namespace shmvideo::sink
