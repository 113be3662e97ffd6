// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/stat.h>

#include <atomic>
#include <cstdint>
#include <functional>
#include <string>

#include "segment/companions.hpp"
#include "segment/geometry.hpp"
#include "segment/mapping.hpp"
#include "segment/unfinished_file.hpp"
#include "shmvideo/frame_info.hpp"
#include "shmvideo/layout.h"

namespace shmvideo {

/// What a new generation is made from.
struct SegmentPlan {
  Geometry geometry;
  StreamInfo stream;
  std::string name;
  std::string program;
  std::string source;
  std::uint64_t generation = 1;
  std::uint64_t first_number = 1;
  std::uint8_t stream_uuid[16] = {};
  mode_t mode = 0640;
  gid_t group = static_cast<gid_t>(-1);  ///< -1: leave it
  std::function<bool()> is_cancelled{};  ///< see WriterOptions
};

/// A generation that this process made and may write to. It is complete, but nobody can find it,
/// until publish_name(). Only the holder of the NameLock may have one.
class CreatedSegment {
 public:
  /// Reserves, maps and initialises. Throws Error: no_space, permission_denied, cancelled, system.
  CreatedSegment(const SegmentPaths& paths, const SegmentPlan& plan, MappingGuard* guard);
  CreatedSegment(const CreatedSegment&) = delete;
  CreatedSegment& operator=(const CreatedSegment&) = delete;

  /// Puts it under its name, in the place of whatever was there. Throws Error(owned_by_other_user).
  void publish_name();
  /// True if the name leads to this file, and the file has its size; also before it got its name. May
  /// be asked while publish_name() runs.
  bool is_intact() const noexcept;
  /// Removes the name if it still leads here.
  void unlink_name() noexcept;

  const Geometry& geometry() const noexcept { return geometry_; }
  shmv_header& header() const noexcept { return *reinterpret_cast<shmv_header*>(mapping_.data()); }
  shmv_descriptor& descriptor(std::uint32_t slot) const noexcept {
    return *reinterpret_cast<shmv_descriptor*>(mapping_.data() + geometry_.descriptor_offset +
                                               std::uint64_t{slot} * geometry_.descriptor_stride_bytes);
  }
  std::uint64_t& index(std::uint64_t number) const noexcept {
    return reinterpret_cast<std::uint64_t*>(mapping_.data() +
                                            geometry_.index_offset)[number & (geometry_.index_count - 1U)];
  }
  std::byte* payload(std::uint32_t slot) const noexcept {
    return mapping_.data() + geometry_.payload_offset + std::uint64_t{slot} * geometry_.slot_stride_bytes;
  }
  bool is_poisoned() const noexcept { return mapping_.is_poisoned(); }

 private:
  void initialise(const SegmentPlan& plan) noexcept;
  SegmentPaths paths_;
  Geometry geometry_;
  UnfinishedFile file_;
  struct stat status_ {};
  Mapping mapping_;
  std::atomic<bool> is_named_{false};
};

}  // namespace shmvideo
