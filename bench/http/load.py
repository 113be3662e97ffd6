# SPDX-License-Identifier: Apache-2.0
"""Clients at a server: shm-bench --http, and what both of them use meanwhile."""
import json
import time

from processes import CannotMeasure, Meter, Program


class Clients:
    """Those of one kind in one run, by what shm-bench says of them."""

    def __init__(self, told):
        self.count = told["clients"]
        self.frames = told["frames"]
        self.rate_min, self.rate_avg = told["fps"]["min"], told["fps"]["mean"]
        latency = told["latency_ms"]
        self.p50, self.p99, self.oldest = (latency[key] if latency["count"] else float("nan")
                                           for key in ("p50", "p99", "max"))

    sent_per_second = property(lambda self: self.count * self.rate_avg)


class Run:
    """One run: `fast` and `slow` clients, `errors`, and what the server and shm-bench used (see Meter)."""

    slow = None
    encodes = source_frames = None

    def __init__(self, told):
        self.fast = Clients(told["fast"])
        if told["slow"]["clients"]:
            self.slow = Clients(told["slow"])
        self.errors = told["errors"] + told["broken"]

    cpu_percent = property(lambda self: self.server.cpu_ms_per_second() / 10)
    load_percent = property(lambda self: self.load.cpu_ms_per_second() / 10)

    def us_per_sent_frame(self, is_counted=lambda thread: True):
        """Processor time of the server's threads that count."""
        sent = self.fast.sent_per_second + (self.slow.sent_per_second if self.slow else 0)
        return 1000 * self.server.cpu_ms_per_second(is_counted) / sent if sent else float("nan")


def load_program(bench, url, clients, seconds, *more):
    return Program([bench.bin / "shm-bench", "--http", url, "--clients", clients, "--json",
                    "--warmup", f"{1000 * bench.warmup:.0f}ms", "--duration", f"{1000 * seconds:.0f}ms", *more],
                   is_ready_at_once=True)


def told_by(program, seconds):
    # Its verdict, hence status 1, is about rates and errors, which are looked at here.
    return json.loads(program.output(seconds + 60, statuses=(0, 1)))


def run_clients(bench, server, clients, seconds, *more, watch=None):
    """Lets so many clients watch the server. Both are metered in the middle of the time that counts; `watch` is
    called with the server's program each half second meanwhile."""
    with load_program(bench, server.url, clients, seconds, *more) as load:
        time.sleep(bench.warmup + 0.15 * seconds)
        meters = Meter(server.program), Meter(load)
        before, end = server.counts(), time.monotonic() + 0.7 * seconds
        while (left := end - time.monotonic()) > 0:
            if watch:
                watch(server.program)
            time.sleep(min(0.5, left))
        used = [meter.stop() for meter in meters]
        after = server.counts()
        memory = server.program.private_dirty_mib()
        run = Run(told_by(load, seconds))
    if not run.fast.frames:
        raise CannotMeasure(f"clients of {server.label} got no frames")
    run.server, run.load = used
    run.private_dirty_mib = memory
    if before:
        run.encodes, run.source_frames = (late - early for late, early in zip(after, before))
    return run
