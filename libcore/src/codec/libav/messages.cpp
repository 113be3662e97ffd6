// SPDX-License-Identifier: Apache-2.0
#include "codec/libav/messages.hpp"

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

void pass_on(void* object, int level, const char* format, va_list arguments) {
  if (level > av_log_get_level()) return;
  char line[1024];
  int is_at_start_of_line = 1;
  av_log_format_line(object, level, format, arguments, line, sizeof line, &is_at_start_of_line);
  std::string_view text(line);
  while (!text.empty() && (text.back() == '\n' || text.back() == '\r' || text.back() == ' '))
    text.remove_suffix(1);
  if (!text.empty()) listener_of_process()(text);
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
