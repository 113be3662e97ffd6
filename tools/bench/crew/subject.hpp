// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "ledger/ledger.hpp"
#include "options.hpp"
#include "shmvideo/mapping_guard.hpp"
#include "shmvideo/name.hpp"

namespace shmvideo::bench {

/// The segment that a run is about.
struct Subject {
  SegmentName name;
  bool is_own = false;  ///< made by our own writer, for this run
  Content content = Content::none;
  std::string picture;     ///< "1920x1080 BGR24"
  std::string source;      ///< what its writer says
  double nominal_fps = 0;  ///< 0: unknown, or as fast as it goes
};

/// A private segment, or the one that was named: waited for until it has a live writer. Throws
/// Error(not_found) otherwise, and what attaching throws.
Subject choose_subject(const BenchOptions& options, toolkit::ToolContext& context);

/// What the segment itself says. Numbers of a foreign writer: nothing is trusted, some are shown.
struct SubjectCounts {
  std::uint64_t latest = 0;
  std::uint64_t revoked = 0;
  std::uint64_t dropped = 0;
  std::uint64_t file_bytes = 0;
};
std::optional<SubjectCounts> look_at(const Subject& subject, MappingGuard& guard);

/// The files of the segment that are there, in any of the places where segments are.
std::vector<std::string> files_of(const SegmentName& name);

}  // namespace shmvideo::bench
