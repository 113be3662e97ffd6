// SPDX-License-Identifier: Apache-2.0
#include "capi/boundary.hpp"

#include <cstdio>
#include <exception>
#include <new>

#include "shmvideo/error.hpp"
#include "shmvideo/version.hpp"

namespace shmvideo::capi {
namespace {

/// A path and what is to be said about it.
constexpr std::size_t kSentenceBytes = 1024;

/// An array rather than a string: an error is told without asking for memory, which may be what is missing.
thread_local char last_sentence[kSentenceBytes] = "";
thread_local int last_errno = 0;

int code_of(ErrorCode code) noexcept { return -static_cast<int>(code); }
static_assert(SHMV_ERROR_INVALID_ARGUMENT == -static_cast<int>(ErrorCode::invalid_argument));
static_assert(SHMV_ERROR_INVALID_NAME == -static_cast<int>(ErrorCode::invalid_name));
static_assert(SHMV_ERROR_NOT_FOUND == -static_cast<int>(ErrorCode::not_found));
static_assert(SHMV_ERROR_PERMISSION_DENIED == -static_cast<int>(ErrorCode::permission_denied));
static_assert(SHMV_ERROR_NOT_A_SEGMENT == -static_cast<int>(ErrorCode::not_a_segment));
static_assert(SHMV_ERROR_INCOMPATIBLE == -static_cast<int>(ErrorCode::incompatible));
static_assert(SHMV_ERROR_CORRUPT == -static_cast<int>(ErrorCode::corrupt));
static_assert(SHMV_ERROR_WRITER_EXISTS == -static_cast<int>(ErrorCode::writer_exists));
static_assert(SHMV_ERROR_OWNED_BY_OTHER_USER == -static_cast<int>(ErrorCode::owned_by_other_user));
static_assert(SHMV_ERROR_NO_SPACE == -static_cast<int>(ErrorCode::no_space));
static_assert(SHMV_ERROR_NO_PLACE == -static_cast<int>(ErrorCode::no_place));
static_assert(SHMV_ERROR_CANCELLED == -static_cast<int>(ErrorCode::cancelled));
static_assert(SHMV_ERROR_SYSTEM == -static_cast<int>(ErrorCode::system));

}  // namespace

int fail(int code, const char* sentence, int system_errno) noexcept {
  std::snprintf(last_sentence, sizeof last_sentence, "%s", sentence);
  last_errno = system_errno;
  return code;
}

int fail_null() noexcept { return fail(SHMV_ERROR_INVALID_ARGUMENT, "an argument is NULL that must not be"); }

int fail_with_current_exception() noexcept {
  try {
    throw;
  } catch (const Error& error) {
    return fail(code_of(error.code()), error.what(), error.system_errno());
  } catch (const std::bad_alloc&) {
    return fail(SHMV_ERROR_OUT_OF_MEMORY, "out of memory");
  } catch (const std::exception& error) {
    return fail(SHMV_ERROR_SYSTEM, error.what());
  } catch (...) {
    return fail(SHMV_ERROR_SYSTEM, "an error that says nothing of itself");
  }
}

}  // namespace shmvideo::capi

const char* shmv_result_name(int result) {
  switch (result) {
    case SHMV_OK:
      return "ok";
    case SHMV_TIMEOUT:
      return "timeout";
    case SHMV_STALLED:
      return "stalled";
    case SHMV_WRITER_GONE:
      return "writer_gone";
    case SHMV_CLOSED:
      return "closed";
    case SHMV_TOO_LARGE:
      return "too_large";
    case SHMV_NO_SLOT:
      return "no_slot";
    case SHMV_ERROR_OUT_OF_MEMORY:
      return "out_of_memory";
    case SHMV_ERROR_REVOKED:
      return "revoked";
    case SHMV_ERROR_NO_FRAME:
      return "no_frame";
    default:
      // C++'s codes have their words already; "unknown" for a number that is none of them.
      return to_string(static_cast<shmvideo::ErrorCode>(result > SHMV_ERROR_OUT_OF_MEMORY ? -result : 0));
  }
}

const char* shmv_last_error(void) { return shmvideo::capi::last_sentence; }
int shmv_last_errno(void) { return shmvideo::capi::last_errno; }
const char* shmv_version(void) { return shmvideo::version(); }
