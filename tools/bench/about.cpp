// SPDX-License-Identifier: Apache-2.0
// What people are told of shm-bench.
#include "options.hpp"
#include "run.hpp"
#include "this_tool.hpp"

namespace shmvideo::bench {
namespace {

constexpr const char* kDescription =
    R"(shm-bench starts clients, each a process of its own, that read a segment for a while and check every frame. Then it says what each of them and all together got and missed, how long a frame took from being published to being in the reader's hands, what processor time, memory and descriptors that cost, and whether it is good: PASS or FAIL, with the reasons.

Without a NAME it makes a private segment and publishes frames in it whose every cache line tells which frame it belongs to, so that any mixture of two shows. A segment that is there already is read as it is: the order of frames is checked, and where the source is the built-in test pattern (or --numbers says that the pictures are numbered), the number in each picture too.

Clients read in order, so that every frame that they do not get counts as missed. Frames count that were published in the time that --duration says, after the warm-up; what is torn or out of order counts always.)";

constexpr const char* kVerdict =
    R"(FAIL is said, with each reason on a line of its own and exit status 1, when a frame was torn (accepted by the protocol, but not what was published), misnumbered or out of order; when clients missed more frames than --allow-missed; when a client had less than 95 % of the writer's rate, or the own writer less than 95 % of --fps; when a process ended by itself, or had no frame for 10 seconds; when a process grew by more than --max-growth of private memory or by more than 3 descriptors, or kept more shared memory than two segments have; and when files of the own segment were left behind.

Misses do not matter with --chaos, --fast and --newest, rates do not with --chaos and --fast, and clients' rates do not with --churn.)";

constexpr const char* kHttp =
    R"(With --http clients are connections to a server of MJPEG streams (multipart/x-mixed-replace) instead of processes that read a segment: shm-mjpeg, ustreamer, mjpg-streamer, or, with tcp://, GStreamer's multipartmux behind tcpserversink. One thread serves all of them, and says how much of a core it took: above 80 % the figures may be those of the tester. Pictures are not copied and not decoded; each has to begin with a JPEG's SOI marker, to end with EOI, and to be as long as its Content-Length says. --check-pictures decodes, too.

--clients read as fast as they can. --slow read so many bytes a second, and --stalled nothing after the head of the answer, as viewers do whose line is thin or whose window is hidden; that the server hangs up on those that are stalled is no error. All connect in the first half of the warm-up. Who loses the connection counts an error, and connects again a second later.

Latency is from the X-Timestamp of a part to its last byte at the client, by the time of day of both machines: the time of capture with shm-mjpeg, of sending with ustreamer, unless it is asked for extra_headers=1, which tell when it got the picture. A time from long ago, as mjpg-streamer has from drivers, is taken for one since the machine was started. For slow clients it is how old the picture is when they have it. X-Frame-Number tells what was skipped, repeated and out of order.

FAIL is said when there was an error, when a picture was broken or older than the one before, when a client had less than 95 % of --fps (else of the median of the fast clients) or waited 10 seconds for a picture, and when a slow client got none. What was not sent to a client, because the server passed to a newer frame, is told and is no reason.)";

constexpr const char* kHttpJson = R"(With --http the object has other keys. Times are in milliseconds:)";

std::vector<toolkit::Note> http_json_notes() {
  return {{"verdict, reasons, clients, duration_s, warmup_s, ended_early", "As above."},
          {"url, wanted_fps, slow_rate", "What was asked for."},
          {"errors, broken, disordered, reconnections",
           "Over all clients and the whole run; errors_by_kind and broken_by_kind tell them apart."},
          {"from_future", "Pictures that came before their X-Timestamp: the clocks do not agree."},
          {"fast, slow",
           "Of the clients of each kind: frames, bytes, skipped, repeated, fps (mean, min, median, max), "
           "latency_ms "
           "(count, p50, p90, p99, p999, max), longest_gap_ms, and long_gaps: those above three intervals."},
          {"stalled", "How many they are, and how often the server hung up on one."},
          {"decoding", "With --check-pictures: decoded, passed_over for want of time, undecodable."},
          {"tester", "cpu_percent of a core, waited_percent of the time for one, and whether it was_limit."},
          {"per_client", "The same for each client, with its kind."}};
}

constexpr const char* kJson =
    R"(--json prints one object. Counts and times are those of the measured time, over all clients:)";

std::vector<toolkit::Note> json_notes() {
  return {
      {"verdict, reasons", "\"PASS\" or \"FAIL\", and the sentences that say why."},
      {"clients, duration_s, warmup_s, ended_early, seed", "What was measured, and for how long."},
      {"frames, missed, overwritten",
       "Delivered; not delivered; of those, overwritten while they were read."},
      {"torn, misnumbered, disordered, checked",
       "Frames that were accepted but wrong, and those whose content was checked."},
      {"fps", "min, median and max of the clients' rates."},
      {"latency_us",
       "p50, p90, p99, p999 and max, in microseconds, from publishing to the return of the "
       "reader's call; at most 1/32 too high."},
      {"cpu_percent, proportional_bytes",
       "Of all clients: processor time in percent of one core; memory, shared pages divided among those who "
       "have them."},
      {"writer, machine",
       "What was published, and with what effort; cores, and how busy they were, also with "
       "other programs (others_percent)."},
      {"per_client",
       "The same for each client, with private_bytes, private_growth_bytes, descriptors and "
       "descriptor_growth."}};
}

toolkit::ToolInfo info() {
  toolkit::ToolInfo info;
  info.name = "shm-bench";
  info.about = "Measure and check a segment, or a server, with many clients";
  info.description = kDescription;
  info.examples = {
      {"shm-bench", "20 clients of a private 1080p30 segment for 10 seconds"},
      {"shm-bench --clients 20 --duration 1h --churn --chaos",
       "A long test in which everything is killed now and then"},
      {"shm-bench billiards_video --clients 5 -t 1m", "Five more readers for a segment that is in use"},
      {"shm-bench -r 3840x2160 -f 60 --grade copy --json", "Copies of large frames, for a program"},
      {"shm-bench --http http://localhost:8080/stream --slow 50 --report load.html",
       "20 viewers of a server beside 50 that are in its way, with plots"}};
  info.exit_status = {
      {"0 or 1",
       "After a measurement, also one that a signal ended early: whether the verdict is PASS or "
       "FAIL."}};
  info.sections = {
      {"VERDICT", kVerdict, {}},
      {"CHURN AND CHAOS",
       "With --churn each client stays between 0.2 and 3 seconds, detaches, and comes back: now in the "
       "same process, now in a new one. With --chaos clients are stopped (SIGSTOP) for up to 3 seconds "
       "or killed (SIGKILL) and replaced, every 0.1 to 0.6 seconds one; the own writer is killed or "
       "ended, and started again under the same name. A foreign writer is left alone. The last two "
       "seconds are calm, so that everybody is seen to come back.",
       {}},
      {"CLIENTS OF A SERVER", kHttp, {}},
      {"JSON", kJson, json_notes()},
      {"JSON OF --http", kHttpJson, http_json_notes()}};
  info.see_also = {"shm-capture", "shm-inspect", "shm-mjpeg"};
  return info;
}

}  // namespace
}  // namespace shmvideo::bench

shmvideo::toolkit::Tool shmvideo::this_tool() {
  return toolkit::make_tool(bench::info(), bench::define, bench::run);
}
