// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "segment/crc32c.hpp"
#include "segment/created_segment.hpp"

namespace shmvideo_test {

inline shmvideo::SegmentPlan plan_of(const std::string& name, std::uint32_t slots = 3,
                                     std::uint64_t bytes = 8192) {
  shmvideo::SegmentPlan plan;
  plan.geometry = shmvideo::plan_geometry(slots, bytes);
  plan.name = name;
  plan.program = "unit-test";
  return plan;
}

/// A complete segment file that nobody writes to.
inline void make_segment(const std::filesystem::path& directory, const std::string& name) {
  shmvideo::CreatedSegment made(shmvideo::SegmentPaths(directory, name), plan_of(name), nullptr);
  made.publish_name();
}

inline void sign(shmv_header& header) {
  header.crc32c = shmvideo::crc32c(&header, offsetof(shmv_header, crc32c));
}

inline void write_file(const std::filesystem::path& path, const std::vector<char>& bytes) {
  std::ofstream(path, std::ios::binary).write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
}

}  // namespace shmvideo_test
