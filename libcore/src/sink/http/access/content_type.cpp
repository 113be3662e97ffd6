// SPDX-License-Identifier: Apache-2.0
#include "sink/http/access/content_type.hpp"

#include <algorithm>
#include <utility>

namespace shmvideo::sink {
namespace {

constexpr std::pair<std::string_view, std::string_view> kTypes[] = {
    {"html", "text/html; charset=utf-8"},
    {"htm", "text/html; charset=utf-8"},
    {"css", "text/css; charset=utf-8"},
    {"js", "text/javascript; charset=utf-8"},
    {"mjs", "text/javascript; charset=utf-8"},
    {"json", "application/json"},
    {"map", "application/json"},
    {"webmanifest", "application/manifest+json"},
    {"txt", "text/plain; charset=utf-8"},
    {"md", "text/plain; charset=utf-8"},
    {"csv", "text/csv; charset=utf-8"},
    {"xml", "application/xml"},
    {"svg", "image/svg+xml"},
    {"png", "image/png"},
    {"jpg", "image/jpeg"},
    {"jpeg", "image/jpeg"},
    {"gif", "image/gif"},
    {"webp", "image/webp"},
    {"ico", "image/vnd.microsoft.icon"},
    {"pdf", "application/pdf"},
    {"wasm", "application/wasm"},
    {"woff", "font/woff"},
    {"woff2", "font/woff2"},
    {"mp4", "video/mp4"},
    {"webm", "video/webm"},
};

}  // namespace

std::string_view content_type_of(std::string_view file_name) noexcept {
  const auto dot = file_name.rfind('.');
  const auto extension = dot == file_name.npos ? std::string_view{} : file_name.substr(dot + 1);
  const auto is_same_letter = [](char one, char other) {
    return one == other || (one >= 'A' && one <= 'Z' && one - 'A' + 'a' == other);
  };
  const auto found = std::ranges::find_if(
      kTypes, [&](const auto& type) { return std::ranges::equal(extension, type.first, is_same_letter); });
  return found == std::end(kTypes) ? "application/octet-stream" : found->second;
}

}  // namespace shmvideo::sink
