// SPDX-License-Identifier: Apache-2.0
#include "metrics/segment_metrics.hpp"

#include <set>
#include <sstream>

#include "shmvideo/pixel_format.hpp"
#include "support/catch.hpp"

using namespace shmvideo;
using namespace shmvideo::metrics;

namespace {

SegmentReport some_report() {
  SegmentReport report;
  report.state = SegmentState::stalled;
  report.source_state = SourceState::reconnecting;
  report.stream = {SHMV_KIND_RAW, info_of(PixelFormat::bgr24).fourcc, 640, 480, 30000, 1001};
  report.source = "rtsp://\"here\"\n";
  report.program = "shm-capture";
  report.published = 12;
  report.dropped[SHMV_DROP_LATE] = 3;
  report.revoked = 1;
  report.source_reopened = 2;
  report.heartbeat_age_ns = 1'500'000'000;
  report.fps = 29.5;
  report.stages[SHMV_STAGE_CONVERT].buckets[2] = 7;
  report.stages[SHMV_STAGE_CONVERT].buckets[SHMV_STAGE_BUCKETS - 1] = 1;
  report.stages[SHMV_STAGE_CONVERT].frames = 8;
  report.stages[SHMV_STAGE_CONVERT].sum_ns = 50'000'000'000;
  report.readers.resize(2);
  report.readers[0].program = report.readers[1].program = "twice";
  report.readers[1].entry = 1;
  report.readers[1].missed = 4;
  return report;
}

std::string text_of(const std::vector<SeenSegment>& segments) { return to_text(segment_metrics(segments)); }

bool has_line(const std::string& text, const std::string& line) {
  return ("\n" + text).find("\n" + line + "\n") != std::string::npos;
}

}  // namespace

TEST_CASE("without segments there is the number of them", "[metrics]") {
  CHECK(text_of({}) ==
        "# HELP shm_video_segments Segments that were looked at.\n"
        "# TYPE shm_video_segments gauge\n"
        "shm_video_segments 0\n");
}

TEST_CASE("what cannot be read is down, and hides nobody else", "[metrics]") {
  const std::string text = text_of({{"bad", std::nullopt}, {"good", some_report()}});
  CHECK(has_line(text, "shm_video_segments 2"));
  CHECK(has_line(text, "shm_video_segment_up{segment=\"bad\"} 0"));
  CHECK(has_line(text, "shm_video_segment_up{segment=\"good\"} 1"));
  CHECK(text.find("bad", text.find("segment_up{segment=\"good\"}")) == std::string::npos);
}

TEST_CASE("each figure of a report has its line", "[metrics]") {
  const std::string text = text_of({{"s", some_report()}});
  for (const char* line :
       {"shm_video_segment_state{segment=\"s\",state=\"stalled\"} 1",
        "shm_video_segment_state{segment=\"s\",state=\"live\"} 0",
        "shm_video_source_state{segment=\"s\",state=\"reconnecting\"} 1",
        "shm_video_frames_published_total{segment=\"s\"} 12",
        "shm_video_frames_dropped_total{segment=\"s\",cause=\"late\"} 3",
        "shm_video_frames_dropped_total{segment=\"s\",cause=\"source\"} 0",
        "shm_video_frames_revoked_total{segment=\"s\"} 1", "shm_video_source_reopened_total{segment=\"s\"} 2",
        "shm_video_writer_heartbeat_age_seconds{segment=\"s\"} 1.5",
        "shm_video_frames_per_second{segment=\"s\"} 29.5", "shm_video_readers{segment=\"s\"} 2",
        "shm_video_reader_frames_missed_total{segment=\"s\",program=\"twice\",pid=\"0\",entry=\"1\"} 4",
        "shm_video_segment_info{segment=\"s\",kind=\"raw\",format=\"BGR24\",width=\"640\",height=\"480\","
        "source=\"rtsp://\\\"here\\\"\\n\",program=\"shm-capture\",pid=\"0\"} 1",
        "shm_video_stage_duration_seconds_bucket{segment=\"s\",stage=\"convert\",le=\"2.048e-06\"} 0",
        "shm_video_stage_duration_seconds_bucket{segment=\"s\",stage=\"convert\",le=\"4.096e-06\"} 7",
        "shm_video_stage_duration_seconds_bucket{segment=\"s\",stage=\"convert\",le=\"+Inf\"} 8",
        "shm_video_stage_duration_seconds_sum{segment=\"s\",stage=\"convert\"} 50",
        "shm_video_stage_duration_seconds_count{segment=\"s\",stage=\"convert\"} 8"}) {
    INFO(line);
    CHECK(has_line(text, line));
  }
  CHECK(text.find("stage=\"read\"") == std::string::npos);  // not measured
  CHECK(text.find("last_frame") == std::string::npos);      // there is none
}

TEST_CASE("of a segment of an earlier boot no ages are told", "[metrics]") {
  SegmentReport report = some_report();
  report.last_frame.emplace();
  CHECK(text_of({{"s", report}}).find("age_seconds{") != std::string::npos);
  report.is_of_this_boot = false;
  const std::string text = text_of({{"s", report}});
  CHECK(text.find("age_seconds{") == std::string::npos);
  CHECK(has_line(text, "shm_video_last_frame_bytes{segment=\"s\"} 0"));
}

TEST_CASE("no sample stands there twice, and no family", "[metrics]") {
  std::istringstream text(text_of({{"a", some_report()}, {"b", some_report()}}));
  std::set<std::string> seen;
  for (std::string line; std::getline(text, line);) {
    INFO(line);
    CHECK(seen.insert(line.substr(0, line.rfind(' '))).second);
  }
}
