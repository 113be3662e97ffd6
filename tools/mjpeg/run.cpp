// SPDX-License-Identifier: Apache-2.0
#include "run.hpp"

#include <algorithm>

#include "shmvideo/error.hpp"
#include "shmvideo/report.hpp"
#include "toolkit/output.hpp"
#include "toolkit/shared_options.hpp"

namespace shmvideo::mjpeg {
namespace {

constexpr const char* kUsualName = "billiards_video";

bool is_live(const FoundSegment& found, MappingGuard& guard) {
  try {
    const SegmentState state = report(found, &guard).state;
    return state == SegmentState::live || state == SegmentState::stalled;
  } catch (const Error&) {
    return false;
  }
}

/// As every tool that reads chooses, but with no segment at all a server starts on the usual name.
SegmentName choose(const Options& options, MappingGuard& guard) {
  const auto is_live_one = [&guard](const FoundSegment& found) { return is_live(found, guard); };
  if (!options.segment && std::ranges::none_of(list_segments(), is_live_one)) return SegmentName(kUsualName);
  return toolkit::choose_segment(options.segment);
}

sink::EventLog log_to(toolkit::Log& log) {
  return [&log](sink::EventLevel level, const std::string& sentence) {
    switch (level) {
      case sink::EventLevel::warn:
        return log.warn("{}", sentence);
      case sink::EventLevel::info:
        return log.info("{}", sentence);
      case sink::EventLevel::debug:
        return log.debug("{}", sentence);
    }
  };
}

}  // namespace

toolkit::ExitCode run(const Options& options, toolkit::ToolContext& context) {
  const SegmentName segment = choose(options, context.guard);
  sink::MjpegServer server({.segment = segment,
                            .host = options.host,
                            .port = options.port,
                            .defaults = options.serving,
                            .encoder_threads = 0,
                            .program = context.name,
                            .guard = &context.guard,
                            .log = log_to(context.log)});
  toolkit::write_output("listening on " + server.url() + "\n");
  context.log.info("serving {} at {}", segment.str(), server.url());
  server.run(context.stop.fd());
  context.log.info("stopped");
  return toolkit::ExitCode::done;
}

}  // namespace shmvideo::mjpeg
