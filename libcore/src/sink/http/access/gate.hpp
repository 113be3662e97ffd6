// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <optional>
#include <variant>

#include "sink/http/reply.hpp"
#include "sink/http/request.hpp"

namespace shmvideo::sink {

/// Who may see what lies at a path.
enum class Audience {
  anyone,  ///< also those who say nothing of themselves
  member,  ///< those who may see anything at all
  viewer,  ///< those who may see the pictures of its segment
  admin,   ///< those who may see everything
};

/// It cannot be told yet. To be called once; calls `again`, on the loop's thread, when the same request is to
/// be handled once more; not at all if the server ends before that.
using NotYet = std::function<void(std::function<void()> again)>;
/// What a request gets instead of an answer.
using Refusal = std::variant<Reply, NotYet>;

/// Stands before all handlers. The loop's thread only.
class Gate {
 public:
  virtual ~Gate() = default;
  /// What a request gets instead of an answer, if it is not let through. Called once for each, before it is
  /// told whether there is something at its path at all (there `audience` is viewer). Writes down in it for
  /// whom it is, and the headers that its answer has to have.
  virtual std::optional<Refusal> refuse(Request& request, Audience audience) = 0;
};

}  // namespace shmvideo::sink
