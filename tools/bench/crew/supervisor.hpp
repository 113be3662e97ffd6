// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "crew/agenda.hpp"
#include "crew/chaos.hpp"
#include "crew/crew.hpp"
#include "crew/process_figures.hpp"
#include "crew/subject.hpp"
#include "ledger/ledger.hpp"
#include "options.hpp"
#include "verdict/result.hpp"

namespace shmvideo::bench {

/// One run from its beginning to its end: writer, clients, warm-up, the window in which things count,
/// and what is left. One thread, one loop: it sleeps until a child ends, somebody wants it to stop, or
/// something is due.
class Supervisor {
 public:
  using Show = std::function<void(const Result&)>;

  /// Borrows everything. `show` is called once each interval with what is known by then.
  Supervisor(const BenchOptions& options, const Subject& subject, std::uint64_t seed,
             toolkit::ToolContext& context);
  /// Throws Error when it cannot begin.
  Result run(std::uint64_t interval_ns, const Show& show);

 private:
  using Condition = std::function<bool()>;

  void start();
  void measure(std::uint64_t interval_ns, const Show& show);
  void calm_down();
  void finish();
  void strike();
  void sample();
  /// Handles what happens until then, or until is_done(), or until there is no more point in it.
  void serve_until(std::uint64_t deadline_ns, const Condition& is_done = {});
  bool is_over() const;
  bool all_had_frames_since(std::uint64_t time_ns) const;
  void look_at_machine();
  void every(std::uint64_t interval_ns, std::function<void()> action);

  const BenchOptions& options_;
  const Subject& subject_;
  const std::uint64_t seed_;
  toolkit::ToolContext& context_;
  const Ledger ledger_;
  Agenda agenda_;
  Crew crew_;
  Chaos chaos_;
  bool is_calm_ = true;
  bool ended_early_ = false;
  MachineTime machine_before_;
  MachineTime machine_now_;
  SubjectCounts counts_before_;
  SubjectCounts counts_now_;
  std::uint64_t proportional_bytes_ = 0;
  std::vector<std::string> files_left_;

  // result_of_run.cpp
  Result result() const;
  void add_clients(Result& result, double window_s) const;
  void add_writer(Result& result, double window_s) const;
  void add_machine(Result& result, double window_s) const;
  double window_seconds() const;
};

}  // namespace shmvideo::bench
