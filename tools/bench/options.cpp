// SPDX-License-Identifier: Apache-2.0
#include "options.hpp"

#include <limits>
#include <string>
#include <vector>

#include "toolkit/shared_options.hpp"

namespace shmvideo::bench {
namespace {

using toolkit::UsageError;

constexpr std::uint32_t kClientsMax = 1000;
constexpr std::chrono::milliseconds kShortest(100);

void check(const toolkit::Cli& cli, const BenchOptions& options) {
  if (options.duration < kShortest) throw UsageError("--duration: use 100ms or more");
  for (const char* name : {"resolution", "fps", "format", "slots", "fast"}) {
    if (options.segment && cli.is_given(name)) {
      throw UsageError("--" + std::string(name) + " is for shm-bench's own writer; '" +
                       options.segment->str() + "' has one already");
    }
  }
  if (!options.segment && cli.is_given("numbers")) {
    throw UsageError("--numbers is for the pictures of a segment that is there already; name one");
  }
}

void define_clients(toolkit::Cli& cli, BenchOptions& options) {
  cli.group("Clients");
  cli.number("--clients", options.clients, 1, kClientsMax, "How many processes read");
  toolkit::add_timeout(cli, options.timeout);
  toolkit::add_duration(cli, options.duration).range("100ms or more");
  cli.option("--warmup", options.warmup, "Time before --duration begins, in which nothing counts");
  cli.choice("--grade", options.grade,
             {{"observe", Grade::observe, "in place, and asks afterwards whether it was whole"},
              {"copy", Grade::copy, "copies each frame out and works on the copy"},
              {"hold", Grade::hold, "in place, and the writer goes round it"}},
             "How clients read")
      .metavar("GRADE");
  cli.flag("--newest", options.newest, "Skip to the newest frame instead of reading all in order");
  cli.choice("--numbers", options.numbers,
             {{"auto", Numbers::automatic, "as 'pattern' where the source is the test pattern, else 'none'"},
              {"pattern", Numbers::pattern, "the frame's number, modulo 65536"},
              {"clip", Numbers::clip, "growing, and starting over when the clip does"},
              {"none", Numbers::none, "no numbers in the pictures"}},
             "What the numbers in a foreign segment's pictures must be")
      .metavar("WHICH");
  cli.flag("--churn", options.churn, "Let clients come and go");
  cli.flag("--chaos", options.chaos, "Stop and kill clients, and restart the own writer, at random");
  cli.number("--seed", options.seed, 0, std::numeric_limits<std::int64_t>::max(),
             "Repeat the chance of the run that printed this number")
      .if_unset("another one each time");
}

}  // namespace

void define(toolkit::Cli& cli, BenchOptions& options) {
  toolkit::add_read_segment(cli, options.segment)
      .if_unset("a private one, with a writer of its own")
      .not_configurable();
  define_clients(cli, options);
  cli.group("The own writer, where no NAME is given");
  toolkit::add_resolution(cli, options.resolution);
  toolkit::add_rate(cli, options.rate);
  toolkit::add_pixel_format(cli, options.format);
  toolkit::add_slots(cli, options.slots);
  toolkit::add_fast(cli, options.fast).details("Frames that are missed are no failure then.");
  cli.group("Verdict and report");
  cli.number("--allow-missed", options.allow_missed, 0, std::numeric_limits<std::int64_t>::max(),
             "Frames that all clients together may miss");
  cli.option("--max-growth", options.max_growth, "How much more private memory a process may use at the end");
  toolkit::add_json(cli, options.json);
  toolkit::add_interval(cli, options.interval, kShortest).if_unset("10s");
  cli.choice("--role", options.role,
             {{"supervisor", Role::supervisor}, {"reader", Role::reader}, {"writer", Role::writer}},
             "What this process is")
      .hidden();
  cli.number("--client", options.client, 0, kClientsMax - 1, "Which client this process is").hidden();
  cli.check([&cli, &options] { check(cli, options); });
}

}  // namespace shmvideo::bench
