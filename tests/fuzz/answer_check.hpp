// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace shmvideo_test {

/// How many answers there were, by their status.
struct AnswerCounts {
  std::size_t good = 0;     ///< 2xx and 3xx
  std::size_t refused = 0;  ///< 4xx
  std::size_t failed = 0;   ///< 5xx
  std::size_t streams = 0;  ///< of the good ones

  std::size_t all() const { return good + refused + failed; }
  AnswerCounts& operator+=(const AnswerCounts& other);
};

struct Expected {
  bool is_cut = false;    ///< the end may be missing: not all of it was read
  bool has_head = false;  ///< some requests may have been HEAD: bodies may be missing
};

/// Goes through all that a server sent on one connection, answer by answer: status lines, headers, bodies as
/// long as the headers say, JSON that is JSON, nothing after what was said to be the last. Empty when all is
/// well, else what is wrong.
std::string check_answers(std::string_view bytes, const Expected& expected, AnswerCounts& counts);

}  // namespace shmvideo_test
