# SPDX-License-Identifier: Apache-2.0
"""Goal 4: 50 clients of a segment of JPEG frames, which nobody has to encode."""
from goals import Measurement, at_least, at_most, both, number, spread, table
from load import run_clients
from servers import BareSend, ShmMjpeg, UStreamer

FPS = 60


class Passthrough(Measurement):
    goals = (4,)

    def __init__(self, bench):
        super().__init__(bench)
        self.clients = 5 if bench.is_smoke else 50
        self.servers = [server for server, _ in bench.servers("JPEG")]

    def turns(self):
        for server in self.servers:
            yield f"{server.label}, JPEG {FPS}", self.bench.seconds + 5, self.turn(server)

    def turn(self, server):
        def measure():
            with server(self.bench, self.bench.clip("JPEG"), FPS) as running:
                self.note(server, run_clients(self.bench, running, self.clients, self.bench.seconds))
        return measure

    def tables(self):
        ratios = {server: self.ratios(server, lambda run: run.us_per_sent_frame(), BareSend,
                                      lambda run: run.us_per_sent_frame()) for server in self.servers}
        yield from table(
            f"{self.clients} clients of JPEG frames at {FPS} frames/s",
            "As above; the frames are passed on as they are",
            ("server", "slowest client", "errors", "p50", "p99", "CPU", "CPU us per sent frame", "/ bare send",
             "load generator"),
            ([server.label, spread(self.values(server, lambda run: run.fast.rate_min)),
              sum(self.values(server, lambda run: run.errors)), spread(self.values(server, lambda run: run.fast.p50)),
              spread(self.values(server, lambda run: run.fast.p99)),
              spread(self.values(server, lambda run: run.cpu_percent)),
              spread(self.values(server, lambda run: run.us_per_sent_frame())), spread(ratios[server]),
              number(self.middle(server, lambda run: run.load_percent))]
             for server in self.servers if server in self.runs))

    def verdicts(self):
        ours = self.values(ShmMjpeg, lambda run: run.cpu_percent)
        theirs = self.values(UStreamer, lambda run: run.cpu_percent)
        rates = self.values(ShmMjpeg, lambda run: run.fast.rate_min)
        yield (f"4: {self.clients} clients of JPEG at {FPS}: below 30 % of a core",
               f"{spread(ours)} % at {spread(rates)} frames/s; ustreamer {spread(theirs)} %",
               both(at_most(ours, 30), at_least(rates, FPS * 59 / 60)))
