// SPDX-License-Identifier: Apache-2.0
#include "session/statistics.hpp"

#include <fmt/format.h>

namespace shmvideo::capture {
namespace {

std::string causes(const WriterStatistics& statistics) {
  std::string text;
  for (unsigned i = 0; i < SHMV_DROP_CAUSES; ++i) {
    const char* word = to_string(static_cast<DropCause>(i));
    if (statistics.dropped[i] == 0 || word == nullptr) continue;
    text += fmt::format("{}{} {}", text.empty() ? "" : ", ", word, statistics.dropped[i]);
  }
  return text.empty() ? text : " (" + text + ")";
}

}  // namespace

std::string describe(const Progress& now, const Progress& before, std::chrono::nanoseconds between) {
  const double seconds = std::chrono::duration<double>(between).count();
  const double rate = seconds > 0 ? static_cast<double>(now.captured - before.captured) / seconds : 0;
  std::string text = fmt::format("captured {} ({:.1f}/s), published {}, dropped {}{}", now.captured, rate,
                                 now.writer.published, now.writer.dropped_total(), causes(now.writer));
  if (now.writer.revoked > 0) text += fmt::format(", revoked {}", now.writer.revoked);
  if (now.reopened > 0) text += fmt::format(", reopened {}", now.reopened);
  return text;
}

}  // namespace shmvideo::capture
