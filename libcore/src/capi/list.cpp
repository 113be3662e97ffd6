// SPDX-License-Identifier: Apache-2.0
#include <cstdint>
#include <vector>

#include "capi/boundary.hpp"
#include "capi/read_status.hpp"
#include "capi/stream_info.hpp"
#include "shmvideo/report.hpp"
#include "shmvideo/shmv_list.h"

using namespace shmvideo;

struct shmv_list {
  std::vector<SegmentReport> reports;    // whose texts are lent
  std::vector<std::string> paths;        // as text, by report
  std::vector<shmv_segment_info> infos;  // by report
};

namespace {

/// As much of a report as C gets. The texts are the report's and `path`.
shmv_segment_info describe(const SegmentReport& report, const std::string& path) {
  shmv_segment_info info{};
  info.struct_bytes = sizeof info;
  info.state = static_cast<std::uint32_t>(capi::to_c(report.state));
  info.source_state = static_cast<std::uint32_t>(report.source_state);
  info.slot_count = report.slot_count;
  info.slot_capacity_bytes = report.slot_capacity_bytes;
  info.generation = report.generation;
  info.latest = report.latest;
  info.published = report.published;
  info.revoked = report.revoked;
  info.dropped = report.dropped_total;
  info.fps = report.fps;
  info.last_frame_age_ns = report.last_frame ? report.last_frame_age_ns : UINT64_MAX;
  info.readers = static_cast<std::uint32_t>(report.readers.size());
  info.writer_pid = report.writer_pid;
  info.stream = capi::to_c(report.stream);
  info.name = report.name.c_str();
  info.path = path.c_str();
  info.program = report.program.c_str();
  info.source = report.source.c_str();
  return info;
}

std::vector<SegmentReport> reports_of_all() {
  std::vector<SegmentReport> reports;
  for (const FoundSegment& found : list_segments()) {
    try {
      reports.push_back(report(found));
    } catch (const Error&) {
      // Gone since it was found, or not to be read: not among those that there are.
    }
  }
  return reports;
}

}  // namespace

int shmv_list_open(const char* name, shmv_list** list) {
  if (!list) return capi::fail_null();
  *list = nullptr;
  return capi::guarded([&] {
    auto made = std::make_unique<shmv_list>();
    if (name)
      made->reports.push_back(report(SegmentName(name)));
    else
      made->reports = reports_of_all();
    for (const SegmentReport& report : made->reports) made->paths.push_back(report.path.string());
    for (std::size_t i = 0; i < made->reports.size(); ++i)
      made->infos.push_back(describe(made->reports[i], made->paths[i]));
    *list = made.release();
    return SHMV_OK;
  });
}

size_t shmv_list_count(const shmv_list* list) { return list ? list->infos.size() : 0; }

const shmv_segment_info* shmv_list_at(const shmv_list* list, size_t index) {
  return list && index < list->infos.size() ? &list->infos[index] : nullptr;
}

void shmv_list_free(shmv_list* list) { delete list; }

int shmv_remove(const char* name) {
  if (!name) return capi::fail_null();
  return capi::guarded([&] {
    remove_segment(SegmentName(name));
    return SHMV_OK;
  });
}
