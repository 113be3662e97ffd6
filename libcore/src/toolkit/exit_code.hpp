// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace shmvideo::toolkit {

/// What a tool's process ends with; the same in all of them, see EXIT STATUS in the man pages.
enum class ExitCode {
  done = 0,         ///< It did what it was asked to, or was told to stop.
  failed = 1,       ///< It could not.
  usage = 2,        ///< It was asked for something that it does not understand.
  frames_lost = 3,  ///< Done, but frames were lost (only where that was asked for).
  no_segment = 4,   ///< No such segment, or no writer within the time allowed.
};

}  // namespace shmvideo::toolkit
