// SPDX-License-Identifier: Apache-2.0
#include "segment/created_segment.hpp"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fstream>

#include "segment/clock.hpp"
#include "segment/crc32c.hpp"
#include "segment/generation.hpp"
#include "segment/reserve.hpp"
#include "segment/same_file.hpp"
#include "segment/system_error.hpp"

namespace shmvideo {
namespace {

/// Copies a text into a zero-terminated field, cut between UTF-8 characters if it is too long.
template <std::size_t N>
void set_text(char (&field)[N], const std::string& text) {
  std::size_t bytes = std::min(text.size(), N - 1);
  while (bytes < text.size() && bytes > 0 && (text[bytes] & 0xc0) == 0x80) --bytes;
  std::memcpy(field, text.data(), bytes);
}

std::uint64_t own_start_ticks() {
  std::ifstream in("/proc/self/stat");
  std::string line;
  std::getline(in, line);
  // Field 2 (the program's name) may hold blanks and brackets; count from its last bracket.
  const auto end = line.rfind(')');
  if (end == std::string::npos) return 0;
  std::size_t at = end + 1;
  for (int field = 2; field < 21 && at != std::string::npos; ++field) at = line.find(' ', at + 1);
  return at == std::string::npos ? 0 : std::strtoull(line.c_str() + at, nullptr, 10);
}

std::uint64_t own_pid_namespace() {
  struct stat status {};
  return ::stat("/proc/self/ns/pid", &status) == 0 ? status.st_ino : 0;
}

/// The file's descriptor, once every page of it is there.
int reserved(const UnfinishedFile& file, const SegmentPaths& paths, const SegmentPlan& plan) {
  reserve_pages(file.fd(), plan.geometry.segment_bytes, paths.segment.parent_path(), plan.is_cancelled);
  return file.fd();
}

}  // namespace

CreatedSegment::CreatedSegment(const SegmentPaths& paths, const SegmentPlan& plan, MappingGuard* guard)
    : paths_(paths),
      geometry_(plan.geometry),
      file_(paths, plan.mode, plan.group),
      mapping_(reserved(file_, paths, plan), plan.geometry.segment_bytes, Mapping::Access::read_write,
               guard) {
  populate_for_writing(mapping_.data(), mapping_.bytes(), plan.is_cancelled);
  gather_into_huge_pages(mapping_.data(), mapping_.bytes(), plan.is_cancelled);
  ::fstat(file_.fd(), &status_);
  initialise(plan);
}

void CreatedSegment::initialise(const SegmentPlan& plan) noexcept {
  shmv_header& h = header();
  h.magic = SHMV_MAGIC;
  h.abi_major = SHMV_ABI_MAJOR;
  h.abi_minor = SHMV_ABI_MINOR;
  h.endian_tag = SHMV_ENDIAN_TAG;
  h.header_bytes = SHMV_HEADER_BYTES;
  h.immutable_bytes = offsetof(shmv_header, crc32c) + sizeof h.crc32c;
  h.segment_bytes = geometry_.segment_bytes;
  h.slot_count = geometry_.slot_count;
  h.index_count = geometry_.index_count;
  h.descriptor_offset = geometry_.descriptor_offset;
  h.index_offset = geometry_.index_offset;
  h.payload_offset = geometry_.payload_offset;
  h.slot_stride_bytes = geometry_.slot_stride_bytes;
  h.slot_capacity_bytes = geometry_.slot_capacity_bytes;
  h.descriptor_stride_bytes = geometry_.descriptor_stride_bytes;
  h.feature_compat = SHMV_COMPAT_HOLD_BY_NUMBER;
  h.kind = plan.stream.kind;
  h.generation = plan.generation;
  h.first_number = plan.first_number;
  std::memcpy(h.stream_uuid, plan.stream_uuid, sizeof h.stream_uuid);
  const BootId boot = read_boot_id();
  std::memcpy(h.boot_id, boot.data(), boot.size());
  h.created_monotonic_ns = monotonic_ns();
  h.created_realtime_ns = realtime_ns();
  h.writer_pid = static_cast<std::uint32_t>(::getpid());
  h.writer_uid = ::geteuid();
  h.writer_pidns_inode = own_pid_namespace();
  h.writer_start_ticks = own_start_ticks();
  h.fourcc = plan.stream.fourcc;
  h.width = plan.stream.width;
  h.height = plan.stream.height;
  h.fps_numerator = plan.stream.fps_numerator;
  h.fps_denominator = plan.stream.fps_denominator;
  set_text(h.name, plan.name);
  set_text(h.program, plan.program);
  set_text(h.source, plan.source);
  h.crc32c = crc32c(&h, offsetof(shmv_header, crc32c));

  h.state = SHMV_STATE_LIVE;
  h.source_state = SHMV_SOURCE_OK;
  h.source_state_since_ns = h.heartbeat_ns = h.progress_ns = h.created_monotonic_ns;
  h.clock_monotonic_ns = h.created_monotonic_ns;
  h.clock_realtime_ns = h.created_realtime_ns;
  if (plan.stream.fps_numerator != 0)
    h.frame_interval_ns =
        std::uint64_t{1'000'000'000} * plan.stream.fps_denominator / plan.stream.fps_numerator;
}

void CreatedSegment::publish_name() {
  if (!file_.finish()) {
    const int number = errno;
    if (number == EPERM || number == EACCES)
      throw Error(ErrorCode::owned_by_other_user,
                  "segment '" + paths_.segment.filename().string() +
                      "' is a leftover of another user; only that user or root can remove it (shm-inspect " +
                      paths_.segment.filename().string() + " --remove); or choose another name",
                  number);
    throw system_error("cannot put the segment at " + paths_.segment.string(), number);
  }
  is_named_ = true;
}

bool CreatedSegment::is_intact() const noexcept {
  if (!is_named_) return !is_poisoned();
  struct stat there {};
  return !is_poisoned() && leads_to(paths_.segment, status_, there) &&
         static_cast<std::uint64_t>(there.st_size) >= geometry_.segment_bytes;
}

void CreatedSegment::unlink_name() noexcept {
  if (leads_to(paths_.segment, status_)) ::unlink(paths_.segment.c_str());
}

}  // namespace shmvideo
