// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <stdexcept>

namespace shmvideo::toolkit {

/// The user asked for something that cannot be: exit status 2. what() is one sentence without a
/// final dot that says which forms exist.
class UsageError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

}  // namespace shmvideo::toolkit
