// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <stdexcept>
#include <string>

#include "shmvideo/export.hpp"

namespace shmvideo {

/// Why setting something up failed. Each value says what the caller can do about it.
enum class ErrorCode {
  invalid_argument = 1,  ///< The caller asked for something that cannot be; fix the argument.
  invalid_name,          ///< Not a segment name (see SegmentName); choose another.
  not_found,             ///< Nothing of that name; start a writer or wait for one.
  permission_denied,     ///< The segment is there but not for this user; ask its owner for --mode.
  not_a_segment,         ///< A file of that name that is something else; it is left alone.
  incompatible,          ///< A segment of another major version or with unknown features; upgrade.
  corrupt,               ///< A segment whose header contradicts itself or its size; remove it.
  writer_exists,         ///< A live writer owns the name; stop it or choose another name.
  owned_by_other_user,   ///< A leftover of another user, who (or root) must remove it.
  no_space,              ///< The place has too few free pages, or the memory cgroup has.
  no_place,              ///< No directory is usable for segments.
  source_failed,         ///< A source of frames could not be opened or read.
  cancelled,             ///< The caller asked to stop while it was being set up.
  codec_failed,          ///< A codec refused its input or settings.
  system,                ///< The operating system refused; see system_errno().
};

/// A stable lower-case word for each code ("writer_exists"), for logs and JSON.
SHMVIDEO_EXPORT const char* to_string(ErrorCode code) noexcept;

/// The one exception of this library. Thrown only while setting up (attach, create, open, parse);
/// the frame path reports by enums. what() is one sentence without a final dot, for people.
class SHMVIDEO_EXPORT Error : public std::runtime_error {
 public:
  Error(ErrorCode code, const std::string& sentence, int system_errno = 0);
  ~Error() override;
  ErrorCode code() const noexcept { return code_; }
  /// The errno behind it, 0 when there is none.
  int system_errno() const noexcept { return system_errno_; }

 private:
  ErrorCode code_;
  int system_errno_;
};

}  // namespace shmvideo
