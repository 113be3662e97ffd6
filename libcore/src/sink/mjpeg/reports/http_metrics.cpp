// SPDX-License-Identifier: Apache-2.0
#include "sink/mjpeg/reports/http_metrics.hpp"

#include <algorithm>
#include <string_view>
#include <utility>
#include <vector>

#include "metrics/family.hpp"
#include "metrics/segment_metrics.hpp"
#include "segment/clock.hpp"
#include "shmvideo/report.hpp"
#include "sink/mjpeg/reports/door_metrics.hpp"
#include "sink/mjpeg/reports/process_metrics.hpp"

namespace shmvideo::sink {
namespace {

using metrics::Family;
using metrics::Labels;
using metrics::Type;

/// A counter of each segment, and where it comes from. One name may have several, told apart by a label.
struct Count {
  std::string_view name;
  std::string_view help;
  std::uint64_t ServingCounters::*counter;
  std::string_view label = {};  // empty: none
  std::string_view value = {};
};

constexpr std::string_view kMade = "Pictures made, by how: encoded, or a JPEG frame taken as it is.";
constexpr std::string_view kSent = "Pictures and frames sent to the end, by what was asked for.";
constexpr std::string_view kSkipped =
    "Frames that came while a stream was open and were not sent on it: not_due (more than its rate), slow "
    "(its connection), processor (no picture in time), late (older than it wants them).";
constexpr Count kCounts[] = {
    {"shm_video_http_frames_received_total", "Frames taken from the segment, while somebody wanted any.",
     &ServingCounters::frames_received},
    {"shm_video_http_pictures_made_total", kMade, &ServingCounters::encodes, "how", "encoded"},
    {"shm_video_http_pictures_made_total", kMade, &ServingCounters::copies, "how", "as_it_is"},
    {"shm_video_http_pictures_delivered_total", "Pictures handed to streams and for single answers.",
     &ServingCounters::deliveries},
    {"shm_video_http_cache_hits_total",
     "Deliveries of pictures that had been handed to somebody else before.", &ServingCounters::cache_hits},
    {"shm_video_http_sent_total", kSent, &ServingCounters::frames_served, "as", "stream"},
    {"shm_video_http_sent_total", kSent, &ServingCounters::snapshots_served, "as", "picture"},
    {"shm_video_http_sent_total", kSent, &ServingCounters::raw_frames_served, "as", "raw"},
    {"shm_video_http_sent_bytes_total", "Bytes sent on streams.", &ServingCounters::bytes_sent},
    {"shm_video_http_frames_skipped_total", kSkipped, &ServingCounters::skipped_not_due, "cause", "not_due"},
    {"shm_video_http_frames_skipped_total", kSkipped, &ServingCounters::skipped_slow, "cause", "slow"},
    {"shm_video_http_frames_skipped_total", kSkipped, &ServingCounters::skipped_processor, "cause",
     "processor"},
    {"shm_video_http_frames_skipped_total", kSkipped, &ServingCounters::skipped_late, "cause", "late"},
    {"shm_video_http_frames_revoked_total",
     "Frames that the writer took back while something was made of them.", &ServingCounters::revoked},
    {"shm_video_http_frames_failed_total", "Frames that nothing could be made of.", &ServingCounters::failed},
};

Labels of(const Channel& channel) { return {{"segment", channel.name().str()}}; }

void add_counts(std::vector<Family>& families, std::span<const Channel* const> channels) {
  for (const Count& count : kCounts) {
    if (families.empty() || families.back().name() != count.name)
      families.emplace_back(std::string(count.name), Type::counter, std::string(count.help));
    for (const Channel* channel : channels) {
      Labels labels = of(*channel);
      if (!count.label.empty()) labels.emplace_back(count.label, count.value);
      families.back().add(labels, channel->counters().*count.counter);
    }
  }
}

struct StageOf {
  const char* name;
  const char* help;
  StageHistogram StageTimes::*stage;
};

constexpr StageOf kStages[] = {
    {"shm_video_http_capture_to_encode_seconds",
     "From a frame's capture to when its encoding began; once for each picture.",
     &StageTimes::capture_to_encode},
    {"shm_video_http_encode_seconds", "Encoding a picture, with converting and scaling.",
     &StageTimes::encode},
    {"shm_video_http_capture_to_sent_seconds",
     "From a frame's capture to when a stream's connection had taken it; once for each part.",
     &StageTimes::capture_to_sent},
};

metrics::Histogram in_seconds(const StageHistogram& stage) {
  const auto seconds = [](std::uint64_t ns) { return static_cast<double>(ns) / 1e9; };
  metrics::Histogram histogram;
  for (std::size_t i = 0; i < StageHistogram::kBounds; ++i)
    histogram.buckets.push_back({seconds(StageHistogram::bound_ns(i)), stage.in_bucket(i)});
  histogram.beyond = stage.in_bucket(StageHistogram::kBounds);
  histogram.sum = seconds(stage.sum_ns());
  return histogram;
}

void add_stages(std::vector<Family>& families, std::span<const Channel* const> channels) {
  for (const auto& [name, help, stage] : kStages) {
    families.emplace_back(name, Type::histogram, help);
    for (const Channel* channel : channels)
      families.back().add(of(*channel), in_seconds(channel->stages().*stage));
  }
}

void add_streams(std::vector<Family>& families, std::span<const Channel* const> channels) {
  Family streams("shm_video_http_streams", Type::gauge, "Streams that are open.");
  Family rate("shm_video_http_stream_frames_per_second", Type::gauge,
              "Pictures that go to all open streams together, over the last seconds.");
  const std::uint64_t now_ns = monotonic_ns();
  for (const Channel* channel : channels) {
    const auto [count, fps] = channel->streams(now_ns);
    streams.add(of(*channel), std::uint64_t{count});
    rate.add(of(*channel), fps);
  }
  families.push_back(std::move(streams));
  families.push_back(std::move(rate));
}

void add_server(std::vector<Family>& families, const Serving& serving) {
  Family uptime("shm_video_http_uptime_seconds", Type::gauge, "Time since the server started.");
  uptime.add({}, static_cast<double>(age_ns(monotonic_ns(), serving.started_ns)) / 1e9);
  Family threads("shm_video_http_encoder_threads", Type::gauge, "Threads that encode.");
  threads.add({}, std::uint64_t{serving.encoder_threads});
  Family requests(
      "shm_video_http_requests_total", Type::counter,
      "Requests answered, by path (none: what is not there) and status; a stream when it begins.");
  for (const auto& [key, count] : serving.traffic.requests) {
    const auto& [path, status] = key;
    requests.add({{"path", path.empty() ? "none" : std::string(path)}, {"status", std::to_string(status)}},
                 count);
  }
  Family pressure("shm_video_http_processor_pressure", Type::gauge,
                  "How short of processor time encoding is: 0, not at all, to 4.");
  pressure.add({}, static_cast<std::uint64_t>(std::max(serving.runner.pressure_level(), 0)));
  for (Family* family : {&uptime, &threads, &pressure, &requests}) families.push_back(std::move(*family));
  add_door(families, serving.traffic);
  add_process(families);
}

std::vector<metrics::SeenSegment> look_at(std::span<const Channel* const> channels) {
  std::vector<metrics::SeenSegment> seen;
  for (const Channel* channel : channels) {
    seen.push_back({channel->name().str(), std::nullopt});
    try {
      seen.back().report = channel->report_segment();
    } catch (const Error&) {
      // Told as one that is not up.
    }
  }
  return seen;
}

}  // namespace

std::string metrics_text(std::span<const Channel* const> channels, const Serving& serving, bool has_server) {
  std::vector<Family> families;
  if (has_server) add_server(families, serving);
  add_streams(families, channels);
  add_counts(families, channels);
  add_stages(families, channels);
  auto text = metrics::to_text(families);
  return text + metrics::to_text(metrics::segment_metrics(look_at(channels)));
}

}  // namespace shmvideo::sink
