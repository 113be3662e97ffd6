// SPDX-License-Identifier: Apache-2.0
#include "options.hpp"

#include <limits>
#include <string>
#include <vector>

#include "http/target.hpp"
#include "toolkit/shared_options.hpp"

namespace shmvideo::bench {
namespace {

using toolkit::UsageError;

constexpr std::uint32_t kClientsMax = 10'000;
constexpr std::uint32_t kProcessesMax = 1000;
constexpr std::chrono::milliseconds kShortest(100);

/// Options that are for processes that read a segment, and those that are for clients of a server.
constexpr const char* kForSegments[] = {"name",  "grade", "newest",       "numbers",   "churn",
                                        "chaos", "seed",  "resolution",   "format",    "slots",
                                        "fast",  "role",  "allow-missed", "max-growth"};
constexpr const char* kForHttp[] = {"slow", "slow-rate", "stalled", "check-pictures", "report"};

void check_http(const toolkit::Cli& cli, const BenchOptions& options) {
  http::parse_target(*options.http);
  for (const char* name : kForSegments) {
    if (!cli.is_given(name)) continue;
    throw UsageError("--" + std::string(name) + " is for clients of a segment; leave it or --http out");
  }
  if (cli.is_given("slow-rate") && options.slow == 0)
    throw UsageError("--slow-rate is for slow clients; add --slow N");
  if (options.slow_rate.bytes == 0)
    throw UsageError("--slow-rate: use 1 or more; who reads nothing is --stalled");
}

void check(const toolkit::Cli& cli, const BenchOptions& options) {
  if (options.duration < kShortest) throw UsageError("--duration: use 100ms or more");
  if (options.http) return check_http(cli, options);
  for (const char* name : kForHttp) {
    if (cli.is_given(name)) {
      throw UsageError("--" + std::string(name) + " is for clients of a server; add --http URL");
    }
  }
  if (options.clients > kProcessesMax) {
    throw UsageError("--clients: each is a process, use 1 to 1000; with --http they are connections");
  }
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
  cli.number("--clients", options.clients, 1, kClientsMax, "How many read")
      .details("Each is a process, and there may be 1000. With --http each is a connection.");
  toolkit::add_timeout(cli, options.timeout)
      .details("With --http: how long a connection, and then the head of an answer, may take.");
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

void define_http(toolkit::Cli& cli, BenchOptions& options) {
  cli.group("Clients of a server");
  cli.option("--http", options.http, "Measure a server of MJPEG streams instead of a segment")
      .metavar("URL")
      .if_unset("a segment is measured")
      .not_configurable()
      .details(
          "http://HOST[:PORT]/PATH, or tcp://HOST:PORT for parts without an HTTP head before them. --clients "
          "is "
          "how many read as fast as they can.");
  cli.number("--slow", options.slow, 0, kClientsMax, "How many more read slowly");
  cli.option("--slow-rate", options.slow_rate, "What each slow client reads in a second")
      .details(
          "Their sockets have room for 64 KiB in the kernel, which is asked for before they connect: what "
          "waits "
          "there has left the server.");
  cli.number("--stalled", options.stalled, 0, kClientsMax,
             "How many more read the head of the answer and then nothing");
  cli.flag("--check-pictures", options.check_pictures, "Decode pictures, beside the measuring")
      .details(
          "A thread of its own decodes what it has time for. Without this, pictures are looked at by their "
          "ends "
          "and their length.");
  cli.option("--report", options.report, "Write a page with plots, for browsers")
      .if_unset("none")
      .not_configurable();
}

}  // namespace

void define(toolkit::Cli& cli, BenchOptions& options) {
  toolkit::add_read_segment(cli, options.segment)
      .if_unset("a private one, with a writer of its own")
      .not_configurable();
  define_clients(cli, options);
  define_http(cli, options);
  cli.group("The own writer, where no NAME is given");
  toolkit::add_resolution(cli, options.resolution);
  toolkit::add_rate(cli, options.rate)
      .details("With --http: the rate that the server's clients should have.")
      .if_unset("30; with --http the clients' median");
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
