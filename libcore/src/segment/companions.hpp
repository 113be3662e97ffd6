// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace shmvideo {

/// The only place that knows what the files of a segment are called.
inline constexpr std::string_view kLockSuffix = ".lock";
inline constexpr std::string_view kReadersSuffix = ".readers";

struct SegmentPaths {
  SegmentPaths(const std::filesystem::path& directory, const std::string& name)
      : segment(directory / name),
        lock(directory / (name + std::string(kLockSuffix))),
        readers(directory / (name + std::string(kReadersSuffix))),
        // Begins with a dot, as no segment name can; only the holder of the lock makes or removes it.
        unfinished(directory / ("." + name + ".new")),
        unfinished_lock(directory / ("." + name + std::string(kLockSuffix) + ".new")) {}
  std::filesystem::path segment;
  std::filesystem::path lock;
  std::filesystem::path readers;
  std::filesystem::path unfinished;
  std::filesystem::path unfinished_lock;
};

}  // namespace shmvideo
