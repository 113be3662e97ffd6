// SPDX-License-Identifier: Apache-2.0
#include "metrics/segment_metrics.hpp"

#include <utility>

#include "shmvideo/pixel_format.hpp"

namespace shmvideo::metrics {
namespace {

double seconds(std::uint64_t ns) { return static_cast<double>(ns) / 1e9; }

Labels with(Labels labels, std::string name, std::string value) {
  labels.emplace_back(std::move(name), std::move(value));
  return labels;
}

/// As in Prometheus' "state sets": a sample for each, 1 for the one that holds.
template <typename State, std::size_t N>
void add_states(Family& family, const Labels& segment, const State (&states)[N], State present) {
  for (const State state : states)
    family.add(with(segment, "state", to_string(state)), std::uint64_t{state == present ? 1U : 0U});
}

std::string format_name(std::uint32_t fourcc) {
  const auto format = pixel_format_from_fourcc(fourcc);
  return format ? std::string(info_of(*format).name) : "unknown";
}

/// What becomes of the segments, and of the frames in them.
class SegmentFamilies {
 public:
  void add_unreadable(const Labels& segment) { up_.add(segment, std::uint64_t{0}); }
  void add(const Labels& segment, const SegmentReport& report);
  void move_to(std::vector<Family>& families);

 private:
  void add_info(const Labels& segment, const SegmentReport& report);

  Family up_{"shm_video_segment_up", Type::gauge, "Whether the segment can be read."};
  Family state_{"shm_video_segment_state", Type::gauge, "1 for the state that the segment is in."};
  Family source_state_{"shm_video_source_state", Type::gauge, "1 for the state that its source is in."};
  Family info_{"shm_video_segment_info", Type::gauge,
               "What the frames are and where they come from; always 1."};
  Family generation_{"shm_video_segment_generation", Type::gauge, "The segment's number under its name."};
  Family slots_{"shm_video_slots", Type::gauge, "How many frames have room."};
  Family capacity_{"shm_video_slot_capacity_bytes", Type::gauge, "How large a frame may be."};
  Family file_bytes_{"shm_video_file_bytes", Type::gauge, "The size of the segment's file."};
  Family heartbeat_{"shm_video_writer_heartbeat_age_seconds", Type::gauge,
                    "Time since the writer showed that it lives."};
  Family progress_{"shm_video_writer_progress_age_seconds", Type::gauge,
                   "Time since the writer showed that its loop turns."};
  Family reopened_{"shm_video_source_reopened_total", Type::counter,
                   "How often the source was opened again."};
  Family last_frame_age_{"shm_video_last_frame_age_seconds", Type::gauge,
                         "Time since the capture of the newest frame."};
  Family last_frame_bytes_{"shm_video_last_frame_bytes", Type::gauge, "The size of the newest frame."};
  Family rate_{"shm_video_frames_per_second", Type::gauge,
               "The rate of the frames that are there, by their times of capture."};
  Family nominal_rate_{"shm_video_nominal_frames_per_second", Type::gauge,
                       "The rate that the writer announces; 0 where it knows none."};
};

void SegmentFamilies::add_info(const Labels& segment, const SegmentReport& report) {
  const bool has_frame = report.last_frame.has_value();
  const std::uint32_t fourcc = has_frame ? report.last_frame->fourcc : report.stream.fourcc;
  const std::uint32_t width = has_frame ? report.last_frame->width : report.stream.width;
  const std::uint32_t height = has_frame ? report.last_frame->height : report.stream.height;
  Labels labels = segment;
  labels.emplace_back("kind", report.stream.kind == SHMV_KIND_CODED ? "coded" : "raw");
  labels.emplace_back("format", format_name(fourcc));
  labels.emplace_back("width", std::to_string(width));
  labels.emplace_back("height", std::to_string(height));
  labels.emplace_back("source", report.source);
  labels.emplace_back("program", report.program);
  labels.emplace_back("pid", std::to_string(report.writer_pid));
  info_.add(labels, std::uint64_t{1});
}

void SegmentFamilies::add(const Labels& segment, const SegmentReport& report) {
  static constexpr SegmentState kStates[] = {SegmentState::live, SegmentState::stalled, SegmentState::dead,
                                             SegmentState::closed};
  static constexpr SourceState kSourceStates[] = {SourceState::ok, SourceState::reconnecting,
                                                  SourceState::ended};
  up_.add(segment, std::uint64_t{1});
  add_states(state_, segment, kStates, report.state);
  add_states(source_state_, segment, kSourceStates, report.source_state);
  add_info(segment, report);
  generation_.add(segment, report.generation);
  slots_.add(segment, std::uint64_t{report.slot_count});
  capacity_.add(segment, report.slot_capacity_bytes);
  file_bytes_.add(segment, report.file_bytes);
  if (report.is_of_this_boot) {
    heartbeat_.add(segment, seconds(report.heartbeat_age_ns));
    progress_.add(segment, seconds(report.progress_age_ns));
  }
  reopened_.add(segment, report.source_reopened);
  if (report.last_frame) {
    if (report.is_of_this_boot) last_frame_age_.add(segment, seconds(report.last_frame_age_ns));
    last_frame_bytes_.add(segment, report.last_frame->payload_bytes);
  }
  rate_.add(segment, report.fps);
  const StreamInfo& stream = report.stream;
  const bool has_rate = stream.fps_numerator > 0 && stream.fps_denominator > 0;
  nominal_rate_.add(segment,
                    has_rate ? static_cast<double>(stream.fps_numerator) / stream.fps_denominator : 0.0);
}

void SegmentFamilies::move_to(std::vector<Family>& families) {
  for (Family* family :
       {&up_, &state_, &info_, &generation_, &slots_, &capacity_, &file_bytes_, &heartbeat_, &progress_,
        &source_state_, &reopened_, &last_frame_age_, &last_frame_bytes_, &rate_, &nominal_rate_})
    families.push_back(std::move(*family));
}

/// What the writer counts.
class FrameFamilies {
 public:
  void add(const Labels& segment, const SegmentReport& report);
  void move_to(std::vector<Family>& families);

 private:
  Family published_{"shm_video_frames_published_total", Type::counter, "Frames published."};
  Family dropped_{"shm_video_frames_dropped_total", Type::counter, "Frames not published, by cause."};
  Family revoked_{"shm_video_frames_revoked_total", Type::counter,
                  "Frames taken back from readers that held every slot."};
  Family stages_{"shm_video_stage_duration_seconds", Type::histogram,
                 "What each published frame cost its writer, by stage."};
};

Histogram histogram_of(const StageReport& stage) {
  Histogram histogram;
  for (std::size_t i = 0; i + 1 < stage.buckets.size(); ++i)
    histogram.buckets.push_back({seconds(stage_bound_ns(i)), stage.buckets[i]});
  histogram.beyond = stage.buckets.back();
  histogram.sum = seconds(stage.sum_ns);
  return histogram;
}

void FrameFamilies::add(const Labels& segment, const SegmentReport& report) {
  published_.add(segment, report.published);
  for (unsigned cause = 0; cause < SHMV_DROP_CAUSES; ++cause) {
    const char* word = to_string(static_cast<DropCause>(cause));
    // Causes that a later version knows are told once there are such drops.
    if (!word && report.dropped[cause] == 0) continue;
    dropped_.add(with(segment, "cause", word ? word : "cause_" + std::to_string(cause)),
                 report.dropped[cause]);
  }
  revoked_.add(segment, report.revoked);
  for (unsigned stage = 0; stage < SHMV_STAGES; ++stage)
    if (report.stages[stage].frames > 0)  // else it was not measured
      stages_.add(with(segment, "stage", to_string(static_cast<Stage>(stage))),
                  histogram_of(report.stages[stage]));
}

void FrameFamilies::move_to(std::vector<Family>& families) {
  for (Family* family : {&published_, &dropped_, &revoked_, &stages_}) families.push_back(std::move(*family));
}

/// Those who show that they read.
class ReaderFamilies {
 public:
  void add(const Labels& segment, const SegmentReport& report);
  void move_to(std::vector<Family>& families);

 private:
  Family readers_{"shm_video_readers", Type::gauge, "Readers that show themselves."};
  Family woken_{"shm_video_sleepers_woken", Type::gauge, "How many readers the newest frame woke."};
  Family seen_{"shm_video_reader_frames_seen_total", Type::counter, "Frames that the reader got."};
  Family missed_{"shm_video_reader_frames_missed_total", Type::counter,
                 "Frames published without the reader getting them."};
  Family held_{"shm_video_reader_frames_held", Type::gauge, "Frames that the reader holds."};
};

void ReaderFamilies::add(const Labels& segment, const SegmentReport& report) {
  readers_.add(segment, std::uint64_t{report.readers.size()});
  woken_.add(segment, std::uint64_t{report.sleepers_woken});
  for (const ReaderReport& reader : report.readers) {
    // A process may have several entries, and a pid stands for others in other containers.
    Labels labels = with(segment, "program", reader.program);
    labels.emplace_back("pid", std::to_string(reader.pid));
    labels.emplace_back("entry", std::to_string(reader.entry));
    seen_.add(labels, reader.seen);
    missed_.add(labels, reader.missed);
    held_.add(labels, std::uint64_t{reader.held});
  }
}

void ReaderFamilies::move_to(std::vector<Family>& families) {
  for (Family* family : {&readers_, &woken_, &seen_, &missed_, &held_})
    families.push_back(std::move(*family));
}

}  // namespace

std::vector<Family> segment_metrics(std::span<const SeenSegment> segments) {
  Family count("shm_video_segments", Type::gauge, "Segments that were looked at.");
  count.add({}, std::uint64_t{segments.size()});
  SegmentFamilies segment_families;
  FrameFamilies frame_families;
  ReaderFamilies reader_families;
  for (const SeenSegment& seen : segments) {
    const Labels segment{{"segment", seen.name}};
    if (!seen.report) {
      segment_families.add_unreadable(segment);
      continue;
    }
    segment_families.add(segment, *seen.report);
    frame_families.add(segment, *seen.report);
    reader_families.add(segment, *seen.report);
  }
  std::vector<Family> families;
  families.push_back(std::move(count));
  segment_families.move_to(families);
  frame_families.move_to(families);
  reader_families.move_to(families);
  return families;
}

}  // namespace shmvideo::metrics
