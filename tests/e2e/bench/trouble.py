# SPDX-License-Identifier: Apache-2.0
"""shm-bench when things are broken: by itself (--churn, --chaos), and by the tests behind its back."""
import mmap
import os
import re
import signal
import time

from e2e import *
from bench_runs import *


def sabotage(path):
    """Writes over the payloads of a segment behind the protocol's back: most of the file, and its end."""
    with open(path, "r+b") as file, mmap.mmap(file.fileno(), 0) as memory:
        memory[len(memory) // 2:] = os.urandom(len(memory) - len(memory) // 2)


def segment_path(place):
    names = [entry for entry in os.listdir(place.directory) if entry.startswith("shm-bench-") and "." not in entry]
    return os.path.join(place.directory, names[0]) if names else None


@test
def frames_that_somebody_tears_are_found_and_fail(place):
    """A client that is stopped has frames before it when it goes on; meanwhile they are spoilt."""
    for grade in ("observe", "copy", "hold"):
        bench = place.start("shm-bench", *LENIENT, "--json", "--clients", 2, "-t", "5s", "-i", "100ms",
                            "--grade", grade)
        wait_for_measuring(place, bench)
        victim = children(bench)[1]
        for _ in range(3):
            os.kill(victim, signal.SIGSTOP)
            time.sleep(0.5)  # some frames' time
            sabotage(segment_path(place))
            os.kill(victim, signal.SIGCONT)
            time.sleep(0.2)
        found = parsed(bench.wait(60), status=1)
        check(found["per_client"][1]["torn"] > 0, lambda: f"{grade}: three blows, none seen: {found}")
        check(any("torn" in reason for reason in found["reasons"]), lambda: f"reasons: {found['reasons']}")
        print(f"  {grade}: {found['torn']} torn frames seen")


@test
def a_client_that_is_killed_from_outside_is_told_of(place):
    bench = place.start("shm-bench", *LENIENT, "--json", "--clients", 3, "-t", "4s", "-i", "100ms")
    wait_for_measuring(place, bench)
    os.kill(children(bench)[1], signal.SIGKILL)
    found = parsed(bench.wait(60), status=1)
    check("client 1 ended by itself, by signal 9 (Killed)" in found["reasons"], lambda: f"reasons: {found['reasons']}")
    check_equal(found["files_left"], [], "what was left")


@test
def a_client_that_is_stopped_from_outside_misses_frames(place):
    bench = place.start("shm-bench", *SMALL, "--json", "--clients", 2, "-t", "5s", "-i", "100ms", "--allow-missed", 3)
    wait_for_measuring(place, bench)
    victim = children(bench)[0]
    os.kill(victim, signal.SIGSTOP)
    wait_until(lambda: re.search(r"\b([3-9]|\d\d+)\.\d s of ", bench.err), 30, "three seconds of measuring")
    os.kill(victim, signal.SIGCONT)
    found = parsed(bench.wait(60), status=1)
    check(found["per_client"][0]["missed"] > 3, lambda: f"missed: {found}")
    check(any("missed" in reason for reason in found["reasons"]), lambda: f"reasons: {found['reasons']}")
    check(found["per_client"][0]["latency_us"]["max"] > 2e5, lambda: f"latency: {found['per_client'][0]}")


@test
def a_writer_that_is_killed_from_outside_ends_the_run(place):
    bench = place.start("shm-bench", *LENIENT, "--json", "--clients", 2, "-t", "1h", "-i", "100ms")
    wait_for_measuring(place, bench)
    os.kill(children(bench, "writer")[0], signal.SIGKILL)
    found = parsed(bench.wait(60), status=1)
    check("the writer ended by itself" in found["reasons"][0], lambda: f"reasons: {found['reasons']}")
    check_equal(found["files_left"], [], "what was left")


@test
def nobody_stays_behind_when_the_supervisor_is_killed(place):
    bench = place.start("shm-bench", *SMALL, "--clients", 3, "-t", "1h", "-i", "100ms")
    wait_for_measuring(place, bench)
    everybody = [*children(bench).values(), *children(bench, "writer").values()]
    check_equal(len(everybody), 4, "processes")
    os.kill(children(bench)[0], signal.SIGSTOP)  # stopped ones too
    bench.kill()
    wait_until(lambda: not any(is_shm_bench(pid) for pid in everybody), 20, "all processes to end")
    wait_until(lambda: os.listdir(place.directory) == [], 10, "the segment to go")


def is_shm_bench(pid):
    try:
        with open(f"/proc/{pid}/stat", encoding="utf-8") as file:
            name, _, rest = file.read().partition("(")[2].rpartition(")")
    except OSError:
        return False
    return name.startswith("shm-bench") and rest.split()[0] != "Z"


@test
def churn_and_chaos_pass_and_leave_nothing(place):
    found = bench_json(place, "-r", "320x240", "-f", "20", "--clients", 6, "-t", "10s", "--churn", "--chaos",
                       "--seed", 3, timeout=120)
    check(found["pauses"] > 0 and found["kills"] > 0, lambda: f"nothing was broken: {found}")
    check_equal((found["torn"], found["disordered"], found["files_left"]), (0, 0, []), "what is wrong")
    check(any(c["attaches"] > c["processes"] for c in found["per_client"]), "nobody came back in its own process")
    check(any(c["processes"] > 1 for c in found["per_client"]), "nobody came back as a new process")
    check(all(c["frames"] > 0 for c in found["per_client"]), "a client without frames")
    check_equal(os.listdir(place.directory), [], "what is left")


@test
def a_writer_that_is_killed_and_replaced_is_followed(place):
    """Chaos alone, and long enough that the writer is hit: its clients stay attached."""
    for seed in range(1, 6):
        found = bench_json(place, *SMALL, "--clients", 2, "-t", "8s", "--chaos", "--seed", seed, timeout=120)
        if found["writer_restarts"] and any(c["restarts"] for c in found["per_client"]):
            return
    raise Failure("five runs, and no client followed a writer to its successor")


@test
def an_early_end_in_the_middle_of_chaos_leaves_nothing(place):
    bench = place.start("shm-bench", *SMALL, "--json", "--clients", 3, "-t", "1h", "--churn", "--chaos", "-i", "100ms")
    wait_until(lambda: re.search(r"\b([3-9]|\d\d+)\.\d s of ", bench.err), 60, "three seconds of it")
    found = parsed(bench.stop(signal.SIGINT, seconds=40))
    check(found["ended_early"], lambda: f"not an early end: {found}")
    check_equal(os.listdir(place.directory), [], "what is left")


main()
