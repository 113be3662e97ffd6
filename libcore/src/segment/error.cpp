// SPDX-License-Identifier: Apache-2.0
#include "shmvideo/error.hpp"

#include <cstring>

#include "segment/system_error.hpp"
#include "shmvideo/mapping_guard.hpp"

namespace shmvideo {

const char* to_string(ErrorCode code) noexcept {
  switch (code) {
    case ErrorCode::invalid_argument:
      return "invalid_argument";
    case ErrorCode::invalid_name:
      return "invalid_name";
    case ErrorCode::not_found:
      return "not_found";
    case ErrorCode::permission_denied:
      return "permission_denied";
    case ErrorCode::not_a_segment:
      return "not_a_segment";
    case ErrorCode::incompatible:
      return "incompatible";
    case ErrorCode::corrupt:
      return "corrupt";
    case ErrorCode::writer_exists:
      return "writer_exists";
    case ErrorCode::owned_by_other_user:
      return "owned_by_other_user";
    case ErrorCode::no_space:
      return "no_space";
    case ErrorCode::no_place:
      return "no_place";
    case ErrorCode::source_failed:
      return "source_failed";
    case ErrorCode::cancelled:
      return "cancelled";
    case ErrorCode::codec_failed:
      return "codec_failed";
    case ErrorCode::system:
      return "system";
  }
  return "unknown";
}

Error::Error(ErrorCode code, const std::string& sentence, int system_errno)
    : std::runtime_error(sentence), code_(code), system_errno_(system_errno) {}
Error::~Error() = default;

MappingGuard::~MappingGuard() = default;

Error system_error(const std::string& what, int number) {
  char buffer[128];
  // The GNU strerror_r: thread-safe, returns the text.
  const char* text = ::strerror_r(number, buffer, sizeof buffer);
  return Error(ErrorCode::system, what + ": " + text, number);
}

}  // namespace shmvideo
