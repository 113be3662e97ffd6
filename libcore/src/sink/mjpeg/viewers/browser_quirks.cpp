// SPDX-License-Identifier: Apache-2.0
#include "sink/mjpeg/viewers/browser_quirks.hpp"

namespace shmvideo::sink {

BrowserQuirks quirks_of(std::string_view user_agent) noexcept {
  const auto says = [user_agent](std::string_view word) {
    return user_agent.find(word) != std::string_view::npos;
  };
  // Every Chromium calls itself WebKit and Safari too; a Chrome of an iPhone ("CriOS") is WebKit indeed.
  if (!says("AppleWebKit/")) return {};
  if (says("Chrome/") || says("Chromium/")) return {.advance_headers = true};
  return {.dual_final_frames = true};
}

}  // namespace shmvideo::sink
