# SPDX-License-Identifier: Apache-2.0
"""What shm-bench measures and says of itself when nothing goes wrong."""
import json
import re
import signal

from e2e import *
from bench_runs import *

KEYS = {"verdict", "reasons", "clients", "duration_s", "warmup_s", "ended_early", "frames", "missed", "overwritten",
        "torn", "misnumbered", "disordered", "checked", "fps", "latency_us", "cpu_percent", "proportional_bytes",
        "seed", "writer", "machine", "per_client", "segment", "grade", "order", "content", "files_left"}
CLIENT_KEYS = {"client", "fps", "attached_s", "frames", "missed", "overwritten", "torn", "misnumbered", "disordered",
               "checked", "attaches", "restarts", "latency_us", "cpu_percent", "private_bytes",
               "private_growth_bytes", "descriptors", "descriptor_growth", "processes"}


def check_latency(latency, what):
    values = [latency[key] for key in ("p50", "p90", "p99", "p999", "max")]
    check(values == sorted(values) and values[0] > 0, lambda: f"{what}: latencies do not rise: {latency}")


def check_sums(found):
    for key in ("frames", "missed", "overwritten", "torn", "misnumbered", "checked"):
        check_equal(sum(client[key] for client in found["per_client"]), found[key], f"the clients' sum of {key}")
    rates = sorted(client["fps"] for client in found["per_client"])
    check_equal((rates[0], rates[-1]), (found["fps"]["min"], found["fps"]["max"]), "the least and the highest rate")


@test
def a_small_run_passes_and_its_json_adds_up(place):
    found = bench_json(place, *LENIENT, "--clients", 3, "-t", "3s", "--seed", 5)
    check(KEYS <= found.keys(), lambda: f"missing: {KEYS - found.keys()}")
    check_equal((found["clients"], len(found["per_client"]), found["seed"]), (3, 3, 5), "clients and seed")
    check(2.9 < found["duration_s"] < 10, lambda: f"measured {found['duration_s']} s")
    check_sums(found)
    check_latency(found["latency_us"], "all")
    for client in found["per_client"]:
        check(CLIENT_KEYS <= client.keys(), lambda: f"missing: {CLIENT_KEYS - client.keys()}")
        check_latency(client["latency_us"], f"client {client['client']}")
        # What the writer published in the window is what each client got or missed.
        published = found["writer"]["published"]
        check(abs(client["frames"] + client["missed"] - published) <= 2, lambda: f"{client}, {published} published")
        check(client["private_bytes"] > 0 and client["descriptors"] > 3, lambda: f"no figures: {client}")
    check_equal(found["checked"], found["frames"], "frames whose content was checked")
    check_equal((found["torn"], found["disordered"], found["files_left"]), (0, 0, []), "what is wrong")
    check(found["frames"] > 3 * 15, lambda: f"only {found['frames']} frames of 90")


@test
def every_grade_and_order_passes(place):
    for grade in ("observe", "copy", "hold"):
        for order in ([], ["--newest"]):
            found = bench_json(place, *LENIENT, "--clients", 2, "-t", "1s", "--grade", grade, *order)
            wanted = (grade, "newest" if order else "in_order")
            check_equal((found["grade"], found["order"]), wanted, "what was asked for")
            check(found["frames"] > 0 and found["torn"] == 0, lambda: f"{grade}: {found}")


@test
def a_writer_at_full_speed_tears_nothing(place):
    """Two slots of 64 KiB: frames are overwritten all the time, and never delivered torn."""
    for grade in ("observe", "copy", "hold"):
        found = bench_json(place, "-r", "256x256", "-m", "GRAY8", "-b", 2, "--fast", "--clients", 2, "-t", "2s",
                           "--grade", grade)
        check(found["frames"] > 0 and found["checked"] == found["frames"], lambda: f"{grade}: {found}")
        print(f"  {grade}: {found['frames']} frames, {found['missed']} missed, {found['overwritten']} overwritten")


@test
def the_report_for_people_ends_with_the_verdict(place):
    result = place.run("shm-bench", *LENIENT, "--clients", 2, "-t", "1s", timeout=60).expect(0)
    lines = result.out.splitlines()
    check_equal(lines[-1], "PASS", "the last line")
    check(all(len(line) <= 80 for line in lines), "a line of more than 80 columns")
    check("2 clients of 'shm-bench-" in result.out and "seed" in result.out, lambda: f"what was run: {result}")


@test
def without_a_terminal_there_is_a_message_now_and_then(place):
    result = place.run("shm-bench", *SMALL, "--clients", 1, "-t", "1s", "--interval", "200ms", "--allow-missed", 99,
                       timeout=60).expect(0)
    check(result.err.count("1 client, p99") >= 2, lambda: f"no progress: {result}")
    check("\r" not in result.err and "\x1b" not in result.err, "escape sequences where no terminal is")


@test
def more_clients_than_the_table_has_entries_work_as_observers(place):
    # Whether so many keep up is the machine's business; that they all get frames, and whole ones, is not.
    found = json.loads(place.run("shm-bench", "--json", "-r", "160x120", "-f", "3", "--clients", 140, "-t", "4s",
                                 timeout=200).out)
    check_equal((found["clients"], found["observers"]), (140, 12), "clients, and those without an entry")
    idle = [client["client"] for client in found["per_client"] if client["frames"] == 0]
    check_equal((idle, found["torn"]), ([], 0), "clients without a frame, and torn frames")


@test
def a_signal_ends_it_early_with_the_report_so_far(place):
    for number in (signal.SIGINT, signal.SIGTERM):
        bench = place.start("shm-bench", *LENIENT, "--json", "--clients", 2, "-t", "1h", "-i", "100ms")
        wait_for_measuring(place, bench)
        wait_until(lambda: re.search(r"read \d+ .*, [1-9]\d*\.\d s of", bench.err), 30, "a second of measuring")
        found = parsed(bench.stop(number, seconds=30))
        check(found["ended_early"] and found["frames"] > 0, lambda: f"not an early end: {found}")
        check(found["duration_s"] < 60, lambda: f"measured {found['duration_s']} s")


@test
def a_signal_before_anything_was_measured_is_no_pass(place):
    bench = place.start("shm-bench", *SMALL, "--clients", 2, "--warmup", "1h", "-t", "1s")
    wait_until(lambda: len(children(bench)) == 2, 30, "the clients")
    result = bench.stop(signal.SIGINT, seconds=30).expect(1)
    check("no client got a frame" in result.out and "ended early" in result.out, lambda: f"{result}")


@test
def wrong_use_and_missing_segments_have_their_status(place):
    for arguments, status, words in ((["no-such", "--timeout", "100ms"], 4, "no segment 'no-such'"),
                                     (["x", "-r", "640x480"], 2, "--resolution"),
                                     (["--numbers", "clip"], 2, "--numbers"),
                                     (["--clients", 0], 2, "--clients"),
                                     (["--clients", 1001], 2, "--clients"),
                                     (["-t", "1ms"], 2, "--duration"),
                                     (["-r", "16384x16384", "-b", 1024], 1, "MiB"),
                                     (["--role", "reader"], 1, "--role")):
        result = place.run("shm-bench", "--quiet", *arguments)
        check_equal(result.status, status, f"the status of {arguments}: {result.err!r}")
        check(words in result.err, lambda: f"{arguments}: no {words!r} in {result.err!r}")
        check_equal(len(result.err.splitlines()), 1, f"lines on standard error of {arguments}: {result.err!r}")
        check_equal(result.out, "", f"the output of {arguments}")


main()
