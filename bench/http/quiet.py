# SPDX-License-Identifier: Apache-2.0
"""Goals 7, 8 and 9: memory by clients, nobody who watches, and many who want little."""
import time

from goals import Measurement, at_least, at_most, both, none_above, spread, table
from load import Run, load_program, run_clients, told_by
from processes import Meter
from servers import ShmMjpeg, get

FPS = 30


class Memory(Measurement):
    goals = (7,)
    repeats = False

    def __init__(self, bench):
        super().__init__(bench)
        self.counts = (1, 4) if bench.is_smoke else (1, 20, 100)

    def turns(self):
        for count in self.counts:
            yield f"memory, {count} clients", self.bench.seconds + 5, lambda count=count: self.measure(count)

    def measure(self, count):
        samples = []
        with ShmMjpeg(self.bench, self.bench.clip("BGR24"), FPS) as running:
            # Few frames for each: what counts is that the clients are there.
            running.url += "?fps=5"
            run_clients(self.bench, running, count, self.bench.seconds,
                        watch=lambda program: samples.append(program.private_dirty_mib()))
        self.note(count, samples)

    def tables(self):
        yield from table("Memory by clients", "The server's own (Private_Dirty), MiB; raw frames, 5 frames/s each",
                         ("clients", "first look", "last look"),
                         ([count, spread(self.values(count, lambda all: all[0])),
                           spread(self.values(count, lambda all: all[-1]))]
                          for count in self.counts if count in self.runs))

    def verdicts(self):
        few, many = (self.values(count, lambda all: all[-1]) for count in (self.counts[0], self.counts[-1]))
        each = [1024 * (b - a) / (self.counts[-1] - self.counts[0]) for a, b in zip(few, many)]
        yield ("7: memory below 30 MiB, flat in clients",
               f"{spread(many)} MiB with {self.counts[-1]}; {spread(each)} KiB a client",
               both(none_above(many, 30), at_most(each, 64)))


class Idle(Measurement):
    goals = (8,)
    repeats = False

    def turns(self):
        self.seconds = 2 if self.bench.is_smoke else 60
        settling = 0 if self.bench.is_smoke else 8
        yield "idle", self.seconds + settling + 5, lambda: self.measure(settling)

    def measure(self, settling):
        with ShmMjpeg(self.bench, self.bench.clip("BGR24"), FPS) as running:
            get(f"{running.base}/snapshot")  # it has served somebody
            time.sleep(settling)  # it stays with the segment for some seconds, for those who come back
            meter = Meter(running.program)
            time.sleep(self.seconds)
            self.note("idle", meter.stop().cpu_ms_per_second() / 10)

    def tables(self):
        return ()

    def verdicts(self):
        percent = self.values("idle", lambda value: value)
        yield (f"8: nobody watches, for {self.seconds} s: below 0.1 % of a core",
               " / ".join(f"{value:.4f}" for value in percent) + " %", none_above(percent, 0.1))


class Many(Measurement):
    """Goal 9: many clients that want little beside a few that want all."""
    goals = (9,)

    def __init__(self, bench):
        super().__init__(bench)
        self.many, self.few = (20, 2) if bench.is_smoke else (500, 5)

    def turns(self):
        yield "many", self.bench.seconds + 6, self.measure

    def measure(self):
        seconds = self.bench.seconds
        with ShmMjpeg(self.bench, self.bench.clip("BGR24"), FPS) as running:
            with load_program(self.bench, f"{running.url}?fps=1", self.many, seconds + 1) as crowd:
                run = run_clients(self.bench, running, self.few, seconds)
                run.crowd = Run(told_by(crowd, seconds))
        self.note("many", run)

    def tables(self):
        def all_of(get):
            return spread(self.values("many", get))

        yield from table(
            f"{self.many} clients at 1 frame/s beside {self.few} at {FPS}", "One server, raw frames; its memory in MiB",
            ("slowest of the many", "their p99, ms", "slowest of the few", "their p50", "p99", "errors", "CPU",
             "memory"),
            [[all_of(lambda run: run.crowd.fast.rate_min), all_of(lambda run: run.crowd.fast.p99),
              all_of(lambda run: run.fast.rate_min), all_of(lambda run: run.fast.p50), all_of(lambda run: run.fast.p99),
              sum(self.values("many", lambda run: run.errors + run.crowd.errors)), all_of(lambda run: run.cpu_percent),
              all_of(lambda run: run.private_dirty_mib)]])

    def verdicts(self):
        few = self.values("many", lambda run: run.fast.rate_min)
        many = self.values("many", lambda run: run.crowd.fast.rate_avg)
        errors = sum(self.values("many", lambda run: run.errors + run.crowd.errors))
        yield (f"9: {self.many} clients at 1 frame/s beside {self.few} at {FPS}",
               f"{spread(many)} and {spread(few)}, {errors} errors",
               both(both(at_least(few, 0.98 * FPS), at_least(many, 0.98)), errors == 0))
