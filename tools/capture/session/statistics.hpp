// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

#include "shmvideo/writer.hpp"

namespace shmvideo::capture {

/// How far a capture has come.
struct Progress {
  std::uint64_t captured = 0;  ///< frames that the source had, published or not
  WriterStatistics writer;
  std::uint32_t reopened = 0;  ///< how often the source came back
};

/// "captured 150 (30.0/s), published 147, dropped 3 (late 2, corrupt 1)". The rate is of the time since
/// `before`.
std::string describe(const Progress& now, const Progress& before, std::chrono::nanoseconds between);

}  // namespace shmvideo::capture
