// SPDX-License-Identifier: Apache-2.0
// What a message looks like on its way out.
#pragma once

#include <string>
#include <string_view>

#include "toolkit/messages/repeats.hpp"

namespace shmvideo::toolkit {

struct LogLine {
  std::string_view program;
  LogLevel level = LogLevel::info;
  std::string_view message;
  unsigned count = 1;  ///< how often it came
};

/// All are one line without its end, whatever a driver or a file name put into the message.
std::string json_line(const LogLine& line);
/// "16:04:05 info  message", in local time, for somebody who looks on.
std::string terminal_line(const LogLine& line, bool has_colour);
/// "<6>message": the priority; the journal adds time and program.
std::string journal_line(const LogLine& line);
/// "2026-11-21T16:04:05.123Z info  message", in UTC.
std::string stamped_line(const LogLine& line);
/// "2026-11-21T16:04:05.123Z shm-x[123] info  message", where several programs may write.
std::string file_line(const LogLine& line);

std::string on_one_line(std::string_view message);

}  // namespace shmvideo::toolkit
