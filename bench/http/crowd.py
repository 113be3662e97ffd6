# SPDX-License-Identifier: Apache-2.0
"""Goal 6: clients that keep up, beside many that are slow or have stopped reading."""
from goals import Measurement, at_least, at_most, both, none_above, number, spread, table
from load import run_clients
from servers import BareSend, ShmMjpeg

FPS = 60
SLOW_BYTES_PER_SECOND = 500_000
UNSENT_BYTES = 128 * 1024
STALE_MS = 200


class Crowd(Measurement):
    goals = (6,)

    def __init__(self, bench):
        super().__init__(bench)
        self.fast, self.slow, self.stalled = (3, 3, 2) if bench.is_smoke else (20, 50, 20)
        self.seconds = 2 if bench.is_smoke else 2.5 * bench.seconds  # long enough for memory to grow
        self.servers = [server for server, given in bench.servers("BGR24") if server is not BareSend]
        self.frame_bytes = bench.frame_bytes

    def turns(self):
        for server in self.servers:
            for is_crowded in (False, True):
                seconds = self.seconds if is_crowded else self.bench.seconds
                yield f"{server.label}, crowd {is_crowded}", seconds + 5, self.turn(server, is_crowded, seconds)

    def turn(self, server, is_crowded, seconds):
        crowd = ["--slow", self.slow, "--slow-rate", SLOW_BYTES_PER_SECOND, "--stalled", self.stalled]
        more = crowd if is_crowded else []

        def measure():
            format = "BGR24" if "BGR24" in server.formats else "YUYV"
            samples = []
            with server(self.bench, self.bench.clip(format), FPS) as running:
                run = run_clients(self.bench, running, self.fast, seconds, *more,
                                  watch=lambda program: samples.append(program.private_dirty_mib()))
            run.memory = samples
            self.note((server, is_crowded), run)
        return measure

    def growth(self, server):
        """MiB a second."""
        return self.values((server, True), lambda run: (run.memory[-1] - run.memory[0]) / run.server.seconds)

    def oldest_allowed_ms(self):
        return STALE_MS + 1000 * (self.frame_bytes + UNSENT_BYTES) / SLOW_BYTES_PER_SECOND

    def tables(self):
        def row(server, is_crowded):
            key = server, is_crowded
            slow = [run.slow for run in self.runs[key] if run.slow]
            return [server.label, "crowd" if is_crowded else "nobody",
                    spread(self.values(key, lambda run: run.fast.rate_min)),
                    spread(self.values(key, lambda run: run.fast.p50)),
                    spread(self.values(key, lambda run: run.fast.p99)),
                    spread(self.values(key, lambda run: run.memory[-1])),
                    spread(self.growth(server)) if is_crowded else "",
                    spread([clients.p50 for clients in slow]), spread([clients.oldest for clients in slow]),
                    spread(self.values(key, lambda run: run.cpu_percent)),
                    number(self.middle(key, lambda run: run.load_percent))]

        yield from table(
            f"{self.fast} clients that keep up, alone and in a crowd",
            f"{FPS} frames/s of raw frames; the crowd: {self.slow} that read {SLOW_BYTES_PER_SECOND / 1000:.0f} KB/s "
            f"each and {self.stalled} that read nothing. Memory is the server's own (Private_Dirty); a slow client's "
            "frame is as old as it is when it is whole there",
            ("server", "beside", "slowest of them", "p50", "p99", "memory MiB", "grows MiB/s", "slow: age p50, ms",
             "slow: oldest", "CPU", "load generator"),
            (row(*key) for key in self.runs))

    def verdicts(self):
        alone, crowded = (ShmMjpeg, False), (ShmMjpeg, True)
        rates = self.ratios(crowded, lambda run: run.fast.rate_avg, alone, lambda run: run.fast.rate_avg)
        p50 = self.ratios(crowded, lambda run: run.fast.p50, alone, lambda run: run.fast.p50)
        yield ("6: in a crowd, rate within 1 %, p50 within 20 % of what it is alone", f"{spread(rates)}; {spread(p50)}",
               both(at_least(rates, 0.99), at_most(p50, 1.2)))
        growth, memory = self.growth(ShmMjpeg), self.values(crowded, lambda run: run.memory[-1])
        yield ("6, 7: memory flat, below 30 MiB", f"{spread(memory)} MiB, grows {spread(growth)} MiB/s",
               both(none_above(memory, 30), at_most(growth, 0.1)))
        oldest = [run.slow.oldest for run in self.runs.get(crowded, []) if run.slow]
        yield (f"6: a slow client's frame is never older than {self.oldest_allowed_ms():.0f} ms",
               f"{spread(oldest)} ms", none_above(oldest, self.oldest_allowed_ms()))
