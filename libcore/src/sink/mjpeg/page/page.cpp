// SPDX-License-Identifier: Apache-2.0
#include "sink/mjpeg/page/page.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <utility>

#include "sink/mjpeg/page/page_files.hpp"

namespace shmvideo::sink {
namespace {

// Nothing from elsewhere, no script or style but from our files, and no text that becomes one of them: what a
// segment is called is somebody else's word. It may be framed by pages of the same origin only.
constexpr std::string_view kPolicy =
    "Content-Security-Policy: default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'; "
    "require-trusted-types-for 'script'; trusted-types 'none'\r\n"
    "Referrer-Policy: no-referrer\r\n";

constexpr std::array<std::pair<std::string_view, std::string_view>, 4> kTypes{
    {{".html", "text/html; charset=utf-8"},
     {".css", "text/css; charset=utf-8"},
     {".js", "text/javascript; charset=utf-8"},
     {".svg", "image/svg+xml"}}};

std::string_view type_of(std::string_view name) noexcept {
  const auto found =
      std::ranges::find_if(kTypes, [&](const auto& type) { return name.ends_with(type.first); });
  return found != kTypes.end() ? found->second : "application/octet-stream";
}

Reply reply_with(const EmbeddedFile& file) {
  Reply reply;
  reply.content_type = type_of(file.name);
  reply.etag.append("\"").append(file.digest).append("\"");
  reply.headers = kPolicy;
  reply.shared = std::as_bytes(std::span(file.content));
  return reply;
}

}  // namespace

Reply page_reply() { return reply_with(page_files().front()); }

Reply page_file_reply(const Request& request) {
  const std::string_view path = request.target.path;
  const std::string_view name = path.substr(std::min(kPageFolder.size(), path.size()));
  const auto file = std::ranges::find(page_files(), name, &EmbeddedFile::name);
  if (file == page_files().end()) return error_reply(404, "the page has no file '" + std::string(name) + "'");
  return reply_with(*file);
}

}  // namespace shmvideo::sink
