// SPDX-License-Identifier: Apache-2.0
#include "sink/mjpeg/viewers/browser_quirks.hpp"

#include "support/catch.hpp"

using namespace shmvideo::sink;

namespace {

constexpr const char* kChromium[] = {
    // Chrome on Linux, Windows and Android; headless; Chromium of Debian
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/125.0.0.0 "
    "Safari/537.36",
    "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Mobile "
    "Safari/537.36",
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/126.0.6478.36 "
    "Safari/537.36",
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Ubuntu Chromium/80.0.3987.87 "
    "Chrome/80.0.3987.87 Safari/537.36",
    // Edge, Opera, Samsung Internet, Qt WebEngine
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 "
    "Safari/537.36 Edg/126.0.0.0",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/124.0.0.0 "
    "Safari/537.36 OPR/110.0.0.0",
    "Mozilla/5.0 (Linux; Android 13; SM-S911B) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/25.0 "
    "Chrome/121.0.0.0 Mobile Safari/537.36",
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) QtWebEngine/5.15.13 "
    "Chrome/87.0.4280.144 Safari/537.36",
};

constexpr const char* kWebKit[] = {
    // Safari on a Mac, an iPhone and an iPad
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 "
    "Safari/605.1.15",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
    "Version/17.5 Mobile/15E148 Safari/604.1",
    "Mozilla/5.0 (iPad; CPU OS 12_5_7 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/12.1.2 "
    "Mobile/15E148 Safari/604.1",
    // Chrome and Firefox on an iPhone; GNOME Web
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
    "CriOS/126.0.6478.54 Mobile/15E148 Safari/604.1",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 14_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
    "FxiOS/127.0 Mobile/15E148 Safari/605.1.15",
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/16.0 Safari/605.1.15",
};

constexpr const char* kOthers[] = {
    "",
    "curl/7.88.1",
    "Lavf/59.27.100",
    "VLC/3.0.18 LibVLC/3.0.18",
    "python-requests/2.28.1",
    "Wget/1.21.3",
    "Mozilla/5.0 (X11; Linux x86_64; rv:127.0) Gecko/20100101 Firefox/127.0",
    "Mozilla/5.0 (Android 14; Mobile; rv:127.0) Gecko/127.0 Firefox/127.0",
    "Chrome/126.0.0.0",
};

}  // namespace

TEST_CASE("browsers made of Chromium get the next head early", "[sink][mjpeg]") {
  for (const char* agent : kChromium) {
    INFO(agent);
    CHECK(quirks_of(agent).advance_headers);
    CHECK_FALSE(quirks_of(agent).dual_final_frames);
  }
}

TEST_CASE("browsers made of WebKit get the last frame twice", "[sink][mjpeg]") {
  for (const char* agent : kWebKit) {
    INFO(agent);
    CHECK_FALSE(quirks_of(agent).advance_headers);
    CHECK(quirks_of(agent).dual_final_frames);
  }
}

TEST_CASE("nobody else gets anything odd", "[sink][mjpeg]") {
  for (const char* agent : kOthers) {
    INFO(agent);
    CHECK_FALSE(quirks_of(agent).advance_headers);
    CHECK_FALSE(quirks_of(agent).dual_final_frames);
  }
}
