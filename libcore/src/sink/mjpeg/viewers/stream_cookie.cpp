// SPDX-License-Identifier: Apache-2.0
#include "sink/mjpeg/viewers/stream_cookie.hpp"

#include <fmt/format.h>

#include <iterator>

namespace shmvideo::sink {
namespace {

/// Of those that RFC 6265 allows, the ones that mean nothing here or in a URL.
bool is_plain(char c) noexcept {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_' ||
         c == '.' || c == '~';
}

}  // namespace

std::string viewer_id_text(std::uint64_t id) { return fmt::format("{:016x}", id); }

std::string stream_cookie(std::string_view key, std::uint64_t id) {
  std::string text = "Set-Cookie: stream_client=";
  for (const char c : key.empty() ? std::string_view("0") : key) {
    if (is_plain(c)) {
      text += c;
    } else {
      fmt::format_to(std::back_inserter(text), "%{:02X}", static_cast<unsigned char>(c));
    }
  }
  return text.append("/").append(viewer_id_text(id)).append("; path=/; max-age=30\r\n");
}

}  // namespace shmvideo::sink
