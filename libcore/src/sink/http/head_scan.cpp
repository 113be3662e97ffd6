// SPDX-License-Identifier: Apache-2.0
#include "sink/http/head_scan.hpp"

namespace shmvideo::sink {
namespace {

constexpr char kTlsHandshake = 0x16;

/// `line` is one of the header's, without its end.
std::string_view problem_of(std::string_view line, bool is_first) noexcept {
  if (line.find('\0') != line.npos) return "a line has a NUL in it";
  if (line.find('\r') != line.npos) return "a CR stands alone";
  if (is_first || line.empty()) return {};
  if (line.front() == ' ' || line.front() == '\t') return "a line goes on in the next one";
  const auto colon = line.find(':');
  if (colon == line.npos) return "a line is no header field: it has no colon";
  const bool has_blank = colon > 0 && (line[colon - 1] == ' ' || line[colon - 1] == '\t');
  return has_blank ? std::string_view("blanks stand before a colon") : std::string_view();
}

}  // namespace

bool HeadScan::go_on(std::string_view bytes) noexcept {
  if (!bytes.empty() && bytes.front() == kTlsHandshake) {
    problem_ = "this port speaks http, not https";
    return true;
  }
  for (;;) {
    const auto end = bytes.find('\n', seen_);
    if (end == bytes.npos) {
      seen_ = bytes.size();
      return false;
    }
    std::string_view line = bytes.substr(line_, end - line_);
    if (!line.ends_with('\r')) {
      problem_ = "a line ends without CR";
      return true;
    }
    line.remove_suffix(1);
    problem_ = problem_of(line, line_ == 0);
    if (!problem_.empty()) return true;
    const bool is_end = line.empty() && line_ > 0;
    line_ = seen_ = end + 1;
    if (is_end) size_ = line_;
    if (is_end) return true;
  }
}

}  // namespace shmvideo::sink
