// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>
#include <vector>

#include "sink/http/parameter_form.hpp"

namespace shmvideo::sink {

/// A header that an answer has; what it says stands in describe_headers().
struct AnswerHeader {
  std::string_view name;
  bool is_always = true;
};

/// A body that an answer may have. `schema` is one of describe_schemas(); empty: bytes, or text.
struct AnswerBody {
  std::string_view media_type;
  std::string_view schema = {};
};

/// One of the answers that a path may give.
struct Answer {
  unsigned status;
  std::string_view what;
  std::vector<AnswerBody> bodies = {};
  std::vector<AnswerHeader> headers = {};
};

/// What a path is there for, what it may be asked and what it may answer. Texts are of static storage.
struct Operation {
  std::string_view group;  ///< those of one group stand together
  std::string_view what;   ///< a few words
  std::string_view details = {};
  std::vector<ParameterForm> parameters = {};
  bool is_conditional = false;  ///< If-None-Match is understood
  std::vector<Answer> answers = {};
};

}  // namespace shmvideo::sink
