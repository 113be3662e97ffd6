// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace shmvideo::sink {

/// What a browser needs so that it shows the newest picture of a stream, and not the one before.
struct BrowserQuirks {
  /// It shows a part when it has read the head of the next: that head has to come with the part.
  bool advance_headers = false;
  /// It shows a part when the next one is whole: the last before a pause has to come twice.
  bool dual_final_frames = false;
};

/// By the User-Agent: Chromium and what is made of it want the first, WebKit (Safari, and every browser of
/// an iPhone) the second. Nothing for anybody else.
BrowserQuirks quirks_of(std::string_view user_agent) noexcept;

}  // namespace shmvideo::sink
