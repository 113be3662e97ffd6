// SPDX-License-Identifier: Apache-2.0
#include "http/run_http.hpp"

#include <optional>

#include "http/engine.hpp"
#include "http/load_json.hpp"
#include "http/load_text.hpp"
#include "http/load_verdict.hpp"
#include "http/page/page.hpp"
#include "http/picture_checker.hpp"
#include "toolkit/messages/progress.hpp"
#include "toolkit/terminal/output.hpp"

namespace shmvideo::bench::http {
namespace {

using toolkit::ExitCode;

Plan plan_of(const BenchOptions& options) {
  Plan plan;
  plan.target = parse_target(*options.http);
  plan.address = choose(addresses_of(plan.target));
  plan.fast = options.clients;
  plan.slow = options.slow;
  plan.stalled = options.stalled;
  plan.slow_rate = options.slow_rate.bytes;
  plan.warmup = options.warmup;
  plan.duration = options.duration;
  plan.timeout = options.timeout;
  plan.wanted_fps = options.rate ? options.rate->per_second() : 0;
  return plan;
}

}  // namespace

ExitCode run_http(const BenchOptions& options, toolkit::ToolContext& context) {
  const Plan plan = plan_of(options);
  if (options.report) check_writable(*options.report);
  context.log.info("{}", crowd_text(plan));
  Floor floor(plan);
  std::optional<PictureChecker> checker;
  if (options.check_pictures) {
    checker.emplace();
    floor.look_at_picture = [&checker](std::span<const char> picture) { checker->offer(picture); };
  }
  Engine engine(floor, context);
  toolkit::Progress progress(context.log, options.interval.value_or(toolkit::Progress::kUsualInterval));
  LoadResult result =
      engine.run(progress.interval(), [&](const Glimpse& glimpse) { progress.show(report(glimpse, plan)); });
  if (checker) result.decoding = checker->finish();
  progress.clear();
  const Verdict verdict = judge(result);
  const std::string warning = warning_of(result);
  if (!warning.empty() && options.json) context.log.warn("{}", warning);
  toolkit::write_output(options.json ? to_json(result, verdict) : to_text(result, verdict));
  if (options.report) write_page(*options.report, to_page(result, verdict));
  return verdict.is_pass() ? ExitCode::done : ExitCode::failed;
}

}  // namespace shmvideo::bench::http
