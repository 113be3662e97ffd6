// SPDX-License-Identifier: Apache-2.0
#include "sink/mjpeg/description/headers.hpp"

#include <string_view>

namespace shmvideo::sink {
namespace {

struct Header {
  std::string_view name;
  std::string_view what;
  std::string_view pattern;  // a regular expression for the whole value
};

constexpr std::string_view kWhole = "^[0-9]+$";
constexpr std::string_view kList = "^[0-9]+(,[0-9]+)*$";
constexpr Header kHeaders[] = {
    {"Cache-Control",
     "Pictures, raw frames and files may be kept and are asked for again each time; nothing else may.",
     "^(private, no-cache|no-cache, no-store, must-revalidate)$"},
    {"ETag", "Of this frame in this form; for If-None-Match.", R"(^"[!#-~]+"$)"},
    {"Content-Security-Policy", "What the page may do: nothing that is not its own.",
     "^default-src 'none'; "},
    {"Referrer-Policy", "The address of the page is told to nobody.", "^no-referrer$"},
    {"Retry-After", "Seconds after which asking again may help.", kWhole},
    {"Set-Cookie",
     "stream_client=KEY/ID, by which a page finds itself among the clients of the status and in clients_stat "
     "of "
     "the state.",
     "^stream_client=[^;/]+/[0-9a-f]{16}; path=/; max-age=30$"},
    {"WWW-Authenticate", "How to say who asks.", "^(Basic|Bearer) "},
    {"X-Accel-Buffering", "For proxies, which must not gather frames.", "^no$"},
    {"X-Timestamp", "When the frame was captured, in seconds since 1970.", R"(^[0-9]+\.[0-9]{6}$)"},
    {"X-Frame-Number", "The frame's number, counted by its writer.", kWhole},
    {"X-Format", "The pixel format, as the parameter format names it; or JPEG, H264, H265.", "^[A-Z0-9]+$"},
    {"X-Width", "Pixels.", kWhole},
    {"X-Height", "Pixels.", kWhole},
    {"X-Strides", "Bytes from row to row, for each plane.", kList},
    {"X-Offsets", "Where each plane begins.", kList},
    {"X-Color-Range", "Of the YUV formats.", "^(full|limited|unknown)$"},
    {"Location", "Where it is.", "^.+/$"},
};

}  // namespace

Json describe_headers() {
  Json headers = Json::object();
  for (const Header& each : kHeaders)
    headers[std::string(each.name)] = {{"description", each.what},
                                       {"schema", {{"type", "string"}, {"pattern", each.pattern}}}};
  return headers;
}

}  // namespace shmvideo::sink
