// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string_view>

namespace shmvideo::sink {

/// Looks for the end of a request's header while it comes in, and for shapes of lines that servers read
/// differently from one another, with which requests are smuggled past a proxy (RFC 9112, 2.2, 5.1 and
/// 5.2): line ends without their CR or LF, lines that go on in the next, NUL, blanks before a colon.
class HeadScan {
 public:
  /// `bytes` is all that has come of the request, from its first line on. True when its end, or a reason to
  /// refuse it, is among it.
  bool go_on(std::string_view bytes) noexcept;
  /// Of the header, its empty line included; 0: not there yet.
  std::size_t size() const noexcept { return size_; }
  /// Why this is no request to be answered; empty: it may be one. Of static storage.
  std::string_view problem() const noexcept { return problem_; }

 private:
  std::size_t line_ = 0;  // where it begins
  std::size_t seen_ = 0;  // before it there is nothing new
  std::size_t size_ = 0;
  std::string_view problem_;
};

}  // namespace shmvideo::sink
