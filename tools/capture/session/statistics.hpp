// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>

#include "shmvideo/writer.hpp"
#include "toolkit/messages/progress_text.hpp"
#include "toolkit/shared_options.hpp"

namespace shmvideo::capture {

/// How far a capture has come.
struct Progress {
  std::uint64_t captured = 0;  ///< frames that the source had, published or not
  WriterStatistics writer;
  std::uint32_t reopened = 0;  ///< how often the source came back
};

/// "published 147 of 300, 5.0 s of 10.0 s, dropped 3 (late 2, corrupt 1)".
toolkit::ProgressReport report(const Progress& now, std::chrono::nanoseconds elapsed,
                               const toolkit::RunLimits& limits);
/// The same at the end: "published 300 (30.0/s), 10.0 s, dropped 0", with the rate over all of the time.
toolkit::ProgressReport conclusion(const Progress& now, std::chrono::nanoseconds elapsed);

}  // namespace shmvideo::capture
