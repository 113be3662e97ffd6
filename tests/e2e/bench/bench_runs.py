# SPDX-License-Identifier: Apache-2.0
"""What the tests of shm-bench share: small runs, and the processes of one."""
import json
import os

from e2e import Failure, check, check_equal

# Small and slow enough for a machine that is busy with other tests.
SMALL = ["-r", "320x240", "-f", "10", "--warmup", "500ms"]
# Where it is not about losses, which such a machine may bring.
LENIENT = [*SMALL, "--allow-missed", 1000]


def bench_json(place, *arguments, status=0, timeout=120):
    """Runs it to its end; gives its JSON."""
    return parsed(place.run("shm-bench", "--json", *arguments, timeout=timeout), status)


def parsed(result, status=0):
    try:
        found = json.loads(result.out)
    except ValueError:
        raise Failure(f"no JSON: {result}") from None
    check(result.status == status, lambda: f"status {result.status} instead of {status}: {found['reasons']}")
    check_equal(found["verdict"], "PASS" if status == 0 else "FAIL", "the verdict")
    return found


def children(bench, role="reader"):
    """The processes that this run started, as {client: pid}."""
    found = {}
    for entry in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{entry}/cmdline", "rb") as file:
                words = file.read().decode().split("\0")
            with open(f"/proc/{entry}/stat", encoding="utf-8") as file:
                parent = int(file.read().rpartition(")")[2].split()[1])
        except (OSError, IndexError):
            continue
        if parent == bench.pid and f"--role={role}" in words:
            found[int(words[2].partition("=")[2])] = int(entry)
    return found


def wait_for_measuring(place, bench, seconds=30):
    """Waits until the window has begun: a run with --interval 100ms tells how it goes."""
    bench.wait_for_output(r"read \d+ .* clients?, p99", seconds)
