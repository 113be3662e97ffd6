// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>

#include "shmvideo/layout.h"
#include "shmvideo/report.hpp"
#include "shmvideo/writer.hpp"

namespace shmvideo {

/// The bucket of shmv_stage_times that counts a time.
std::size_t stage_bucket_of(std::uint64_t ns) noexcept;

/// The writer's count of what frames cost, over all its generations. What counts is in private memory;
/// headers get copies. One thread; allocates nothing.
class StageTimes {
 public:
  void add(Stage stage, std::uint64_t ns, shmv_header& header) noexcept;
  /// Brings all of it into a fresh header.
  void write(shmv_header& header) const noexcept;

 private:
  shmv_stage_times stages_[SHMV_STAGES] = {};
};

/// What stands in a header, which may be anything and change meanwhile.
StageReport report_stage(const shmv_header& header, Stage stage) noexcept;

}  // namespace shmvideo
