// SPDX-License-Identifier: Apache-2.0
#include "run.hpp"

#include <signal.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <random>

#include "crew/member.hpp"
#include "crew/subject.hpp"
#include "crew/supervisor.hpp"
#include "http/run_http.hpp"
#include "ledger/ledger.hpp"
#include "roles/reader_role.hpp"
#include "roles/writer_role.hpp"
#include "toolkit/messages/progress.hpp"
#include "toolkit/terminal/output.hpp"
#include "verdict/report_json.hpp"
#include "verdict/report_text.hpp"
#include "verdict/verdict.hpp"

namespace shmvideo::bench {
namespace {

using toolkit::ExitCode;

/// A process that the supervisor started.
ExitCode run_role(const BenchOptions& options, toolkit::ToolContext& context) {
  const bool is_writer = options.role == Role::writer;
  const Ledger ledger = Ledger::open(kLedgerDescriptor);
  // Nobody stays behind: a client that is stopped too dies with the supervisor; the writer may clear up.
  ::prctl(PR_SET_PDEATHSIG, is_writer ? SIGTERM : SIGKILL);
  if (::getppid() != ledger.settings().supervisor_pid) return ExitCode::failed;  // it died before that
  ::prctl(PR_SET_NAME, is_writer ? "shm-bench-w" : "shm-bench-r");
  if (is_writer) return run_writer(ledger, context);
  if (options.client >= ledger.settings().clients) return ExitCode::usage;
  return run_reader(ledger, options.client, context);
}

std::uint64_t choose_seed(const BenchOptions& options) {
  // Short enough to be typed.
  return options.seed.value_or(std::random_device{}() % 1'000'000);
}

}  // namespace

toolkit::ExitCode run(const BenchOptions& options, toolkit::ToolContext& context) {
  if (options.role != Role::supervisor) return run_role(options, context);
  if (options.http) return http::run_http(options, context);
  const std::uint64_t seed = choose_seed(options);
  const Subject subject = choose_subject(options, context);
  context.log.info("{} of {} ({}), seed {}", clients_text(options.clients), subject.name.str(),
                   subject.picture, seed);
  if (options.chaos && !subject.is_own) {
    context.log.warn("--chaos leaves the writer of {} alone, it is not ours", subject.name.str());
  }
  toolkit::Progress progress(context.log, options.interval.value_or(toolkit::Progress::kUsualInterval));
  const auto began = toolkit::Progress::Clock::now();
  Supervisor supervisor(options, subject, seed, context);
  const auto interval = static_cast<std::uint64_t>(progress.interval().count());
  const Result result = supervisor.run(interval, [&progress, began](const Result& so_far) {
    progress.show(report(so_far, toolkit::Progress::Clock::now() - began));
  });
  progress.clear();
  const Verdict verdict = judge(result, {options.allow_missed, options.max_growth.bytes});
  toolkit::write_output(options.json ? to_json(result, verdict) : to_text(result, verdict));
  return verdict.is_pass() ? ExitCode::done : ExitCode::failed;
}

}  // namespace shmvideo::bench
