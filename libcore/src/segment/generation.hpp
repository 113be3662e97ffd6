// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/stat.h>

#include <array>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>

#include "segment/geometry.hpp"
#include "segment/mapping.hpp"
#include "segment/shared_memory_access.hpp"
#include "segment/unique_fd.hpp"
#include "shmvideo/layout.h"
#include "shmvideo/name.hpp"

namespace shmvideo {

/// What has become of a generation, as its header, the kernel's word on its owner and its file say.
enum class Fate { live, superseded, closed, dead };

/// The first candidate place's file of that name, whatever it is.
std::optional<std::filesystem::path> find_segment(const SegmentName& name);

/// A segment file, opened and validated, but not mapped. `header` is a private copy whose texts end.
struct OpenedSegment {
  std::filesystem::path path;
  UniqueFd fd;
  struct stat status {};
  shmv_header header{};
  Geometry geometry;
};
/// Opens a file read-only. Throws Error like Reader::attach(). Reads by pread: whatever happens to the
/// file meanwhile, there is no signal.
OpenedSegment open_segment_file(const std::filesystem::path& path);

/// True if the kernel that runs now made it so: it clears nothing at a power cut, and a file on disk may be
/// of an earlier boot.
bool is_of_this_boot(const shmv_header& fixed) noexcept;
/// The verdict on a header's words; `fixed` gives the boot that it was made in.
Fate judge_fate(std::uint32_t state, std::uint32_t owner, const shmv_header& fixed) noexcept;

/// One inode of a segment, validated and mapped read-only. Immutable; thread-safe.
class Generation {
 public:
  /// Opens NAME in the first candidate place that has it. Throws Error like Reader::attach().
  static std::shared_ptr<const Generation> open(const SegmentName& name, MappingGuard* guard);
  /// The same for a given file.
  static std::shared_ptr<const Generation> open_file(const std::filesystem::path& path, MappingGuard* guard);

  Generation(OpenedSegment opened, MappingGuard* guard);

  const std::filesystem::path& path() const noexcept { return opened_.path; }
  /// The file as it was when opened.
  const struct stat& status() const noexcept { return opened_.status; }
  /// The private copy of the immutable block; later fields are as they were when opened.
  const shmv_header& fixed() const noexcept { return opened_.header; }
  const Geometry& geometry() const noexcept { return near_.geometry; }

  /// The live header; read single words of it with shmvideo::shared.
  const shmv_header& live() const noexcept { return *reinterpret_cast<const shmv_header*>(near_.data); }
  const shmv_descriptor& descriptor(std::uint32_t slot) const noexcept {
    return *reinterpret_cast<const shmv_descriptor*>(near_.data + near_.geometry.descriptor_offset +
                                                     std::uint64_t{slot} *
                                                         near_.geometry.descriptor_stride_bytes);
  }
  const std::uint64_t& index(std::uint64_t number) const noexcept {
    return reinterpret_cast<const std::uint64_t*>(
        near_.data + near_.geometry.index_offset)[number & (near_.geometry.index_count - 1U)];
  }
  std::span<const std::byte> payload(std::uint32_t slot) const noexcept {
    return {
        near_.data + near_.geometry.payload_offset + std::uint64_t{slot} * near_.geometry.slot_stride_bytes,
        near_.geometry.slot_capacity_bytes};
  }
  /// What fixed() says of them; here because every frame asks.
  std::uint64_t number() const noexcept { return near_.number; }
  bool knows_holds_by_number() const noexcept { return near_.knows_holds_by_number; }

  bool is_poisoned() const noexcept { return mapping_.is_poisoned(); }
  Fate fate() const noexcept;
  /// True if `path` leads to another inode by now, or to none.
  bool is_replaced() const noexcept;

 private:
  /// What every frame needs, on neighbouring lines: a reader that was woken has to fetch them all.
  struct Near {
    const std::byte* data = nullptr;
    std::uint64_t number = 0;
    Geometry geometry;
    bool knows_holds_by_number = false;
    bool is_of_this_boot = false;
  };
  Mapping mapping_;
  Near near_;
  OpenedSegment opened_;
};

using BootId = std::array<std::uint8_t, 16>;
/// The id of this boot; zeros where /proc does not tell.
BootId read_boot_id() noexcept;

}  // namespace shmvideo
