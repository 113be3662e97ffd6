// SPDX-License-Identifier: Apache-2.0
#include "codec/libav/messages.hpp"

#include <algorithm>
#include <string>
#include <utility>

extern "C" {
#include <libavutil/log.h>
}

namespace shmvideo::codec::libav {
namespace {

/// The callback carries no data of ours, hence a global. Set once, before there are threads.
std::function<void(std::string_view)>& listener_of_process() {
  static std::function<void(std::string_view)> listener;
  return listener;
}

/// "[tcp @ 0x7fca6c001240] text" without the address: the same trouble is the same line then.
std::string without_addresses(std::string_view line) {
  static constexpr std::string_view kMark = " @ 0x";
  std::string text;
  for (auto at = line.find(kMark); at != line.npos; at = line.find(kMark)) {
    text += line.substr(0, at);
    line.remove_prefix(at + kMark.size());
    line.remove_prefix(std::min(line.find_first_not_of("0123456789abcdef"), line.size()));
  }
  return text += line;
}

void pass_on(void* object, int level, const char* format, va_list arguments) {
  if (level > av_log_get_level()) return;
  char line[1024];
  int is_at_start_of_line = 1;
  av_log_format_line(object, level, format, arguments, line, sizeof line, &is_at_start_of_line);
  std::string_view text(line);
  while (!text.empty() && (text.back() == '\n' || text.back() == '\r' || text.back() == ' '))
    text.remove_suffix(1);
  if (!text.empty()) listener_of_process()(without_addresses(text));
}

}  // namespace

void route_messages_of_process(std::function<void(std::string_view)> listener) {
  if (!listener) {
    av_log_set_level(AV_LOG_QUIET);
    return;
  }
  listener_of_process() = std::move(listener);
  av_log_set_level(AV_LOG_WARNING);
  av_log_set_callback(pass_on);
}

}  // namespace shmvideo::codec::libav
