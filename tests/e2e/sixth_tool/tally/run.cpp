// SPDX-License-Identifier: Apache-2.0
#include "run.hpp"

#include "shmvideo/reader.hpp"
#include "toolkit/messages/progress.hpp"
#include "toolkit/terminal/output.hpp"

namespace shmvideo::tally {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

toolkit::ExitCode run(const TallyOptions& options, toolkit::ToolContext& context) {
  std::uint32_t every = options.every;
  context.on_reload<TallyOptions>([&every](const TallyOptions& now) { every = now.every; });
  ReaderOptions reading;
  reading.program = context.name;
  reading.guard = &context.guard;
  reading.attach_timeout = options.timeout;
  const auto reader = toolkit::attach(toolkit::choose_segment(options.name), reading);

  toolkit::Progress progress(context.log);
  toolkit::ProgressReport report{
      .verb = "counted", .wanted = options.limits.count, .duration = options.limits.duration};
  const auto began = Clock::now();
  Frame frame;
  while (!context.wait_for(0ms) && report.done < report.wanted.value_or(UINT64_MAX)) {
    report.elapsed = Clock::now() - began;
    if (report.duration && report.elapsed >= *report.duration) break;
    progress.show(report);
    if (reader->next(frame, 50ms) == ReadStatus::frame && frame.info().number % every == 0) ++report.done;
  }
  progress.clear();
  toolkit::write_output(std::to_string(report.done) + "\n");
  return toolkit::ExitCode::done;
}

}  // namespace shmvideo::tally
