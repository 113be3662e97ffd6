// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <utility>

#include "shmvideo/shmv_result.h"

namespace shmvideo::capi {

/// Remembers the sentence for shmv_last_error() of this thread and gives the code back. Allocates nothing:
/// what does not fit is cut.
int fail(int code, const char* sentence, int system_errno = 0) noexcept;

/// What fail() is told for a NULL where none may be.
int fail_null() noexcept;

/// The code of the exception that is being handled, remembered as fail() does. The one place where C++'s
/// errors become C's.
int fail_with_current_exception() noexcept;

/// Calls what may throw. Nothing leaves the library but its int.
template <typename Call>
int guarded(Call&& call) noexcept {
  try {
    return std::forward<Call>(call)();
  } catch (...) {
    return fail_with_current_exception();
  }
}

}  // namespace shmvideo::capi
