// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>

#include "sink/http/reply.hpp"
#include "sink/http/request.hpp"

namespace shmvideo::sink {

/// Who may see what lies at a path.
enum class Audience {
  anyone,  ///< also those who say nothing of themselves
  viewer,  ///< those who may see the pictures of its segment
  admin,   ///< those who may see everything
};

/// Stands before all handlers. The loop's thread only.
class Gate {
 public:
  virtual ~Gate() = default;
  /// What a request gets instead of an answer, if it is not let through. Called once for each, before it is
  /// told whether there is something at its path at all (there `audience` is viewer). Writes down in it for
  /// whom it is, and the headers that its answer has to have.
  virtual std::optional<Reply> refuse(Request& request, Audience audience) = 0;
};

}  // namespace shmvideo::sink
