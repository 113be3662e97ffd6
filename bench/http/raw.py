# SPDX-License-Identifier: Apache-2.0
"""Goals 1, 2, 3 and 5: 20 clients of a segment of raw frames."""
from goals import Measurement, at_least, at_most, both, number, spread, table
from load import run_clients
from servers import BareSend, GStreamer, ShmMjpeg


def rate(run):
    return run.fast.rate_min


def beyond_encoding(server):
    return lambda run: run.us_per_sent_frame(lambda thread: not server.is_encoder(thread))


def encoding_ms(run):
    """Processor ms of the encoder threads for each picture that was encoded."""
    per_second = run.server.cpu_ms_per_second(ShmMjpeg.is_encoder)
    return per_second * run.server.seconds / run.encodes if run.encodes else float("nan")


class Raw(Measurement):
    goals = (1, 2, 3, 5)
    clients = 20

    def __init__(self, bench):
        super().__init__(bench)
        self.cases = [("BGR24", 30)] if bench.is_smoke else [("BGR24", 30), ("BGR24", 60), ("I420", 60)]

    def turns(self):
        seconds = self.bench.seconds
        for format, fps in self.cases:
            yield f"bare encode, {format}", seconds + 1, self.encode_turn(format, fps)
            for server, given in self.bench.servers(format):
                yield f"{server.label}, {given} {fps}", seconds + 5, self.serve_turn(server, given, format, fps)

    def encode_turn(self, format, fps):
        return lambda: self.note(("encode", format, fps), self.bench.encode_bare(format, fps, self.bench.seconds * 0.6))

    def serve_turn(self, server, given, format, fps):
        def turn():
            with server(self.bench, self.bench.clip(given), fps) as running:
                self.note((server, format, fps), run_clients(self.bench, running, self.clients, self.bench.seconds))
        return turn

    def served(self):
        """(server, format, fps, key) of all that was measured."""
        for format, fps in self.cases:
            for server, given in self.bench.servers(format):
                if (server, format, fps) in self.runs:
                    yield server, given, fps, (server, format, fps)

    def tables(self):
        yield from table(
            f"{self.clients} clients of raw frames", "Frames/s of the slowest client; ms from capture to when the "
            "picture is whole at the client; server and load generator in % of a core; min / median / max of the "
            "repetitions",
            ("frames", "fps", "server", "slowest client", "errors", "p50", "p99", "CPU", "CPU us per sent frame",
             "load generator"),
            ([given, fps, server.label, spread(self.values(key, rate)), sum(self.values(key, lambda run: run.errors)),
              spread(self.values(key, lambda run: run.fast.p50)), spread(self.values(key, lambda run: run.fast.p99)),
              spread(self.values(key, lambda run: run.cpu_percent)),
              spread(self.values(key, lambda run: run.us_per_sent_frame())),
              number(self.middle(key, lambda run: run.load_percent))] for server, given, fps, key in self.served()))
        yield from table(
            "What encoding costs", "Processor ms of the threads that encode, for each picture, beside TurboJPEG's bare "
            "call on frames in the slots at the same rate",
            ("frames", "fps", "bare call", "shm-mjpeg", "shm-mjpeg / bare", "encodes per frame"),
            ([format, fps, spread(self.values(("encode", format, fps), lambda cost: cost[0])),
              spread(self.values((ShmMjpeg, format, fps), encoding_ms)), spread(self.encode_ratios(format, fps)),
              spread(self.encodes_per_frame(format, fps))] for format, fps in self.cases))
        yield from table(
            "What sending costs", "Processor us for each frame sent, of all threads but those that encode (of "
            "GStreamer: but the one that converts, encodes and packs), beside a plain program that only sends",
            ("frames", "fps", "server", "us", "/ bare send"),
            ([given, fps, server.label, spread(self.values(key, beyond_encoding(server))),
              spread(self.send_ratios(server, key))] for server, given, fps, key in self.served()))

    def encode_ratios(self, format, fps):
        return self.ratios((ShmMjpeg, format, fps), encoding_ms, ("encode", format, fps), lambda cost: cost[0])

    def encodes_per_frame(self, format, fps):
        return self.values((ShmMjpeg, format, fps), lambda run: run.encodes / max(run.source_frames, 1))

    def send_ratios(self, server, key):
        return self.ratios(key, beyond_encoding(server), (BareSend, *key[1:]), beyond_encoding(BareSend))

    def is_once(self, key):
        """A frame may have come and not be encoded yet when the counting begins or ends."""
        return all(run.encodes <= run.source_frames + 1 for run in self.runs.get(key, []))

    def mistakes(self):
        for case in self.cases:
            ours = (ShmMjpeg, *case)
            if errors := sum(self.values(ours, lambda run: run.errors)):
                yield f"{errors} errors of clients of {case}"
            if not self.is_once(ours):
                yield f"frames of {case} were encoded more than once"

    def verdicts(self):
        for format, fps in self.cases:
            what, ours = f"{format} {fps}", (ShmMjpeg, format, fps)
            rates, errors = self.values(ours, rate), sum(self.values(ours, lambda run: run.errors))
            yield (f"1: {self.clients} clients, {what}: {fps * 59 / 60:g} frames/s or more each, 0 errors",
                   f"{spread(rates)}, {errors} errors", both(at_least(rates, fps * 59 / 60), errors == 0))
            each, cost = self.encodes_per_frame(format, fps), self.encode_ratios(format, fps)
            yield (f"2: one encode per frame, {what}, at most 1.10 times the bare call",
                   f"{spread(each)}; {spread(cost)}", both(at_most(cost, 1.10), self.is_once(ours)))
            sending = self.send_ratios(ShmMjpeg, ours)
            yield (f"3: sending, {what}: at most 1.5 times the bare send", spread(sending), at_most(sending, 1.5))
            if fps == 60:
                yield self.latency_verdict(format, fps, ours)

    def latency_verdict(self, format, fps, ours):
        limit = self.middle(("encode", format, fps), lambda cost: cost[1]) + 2
        p50, p99 = (self.values(ours, lambda run, at=at: getattr(run.fast, at)) for at in ("p50", "p99"))
        beside = f"; GStreamer {spread(self.values((GStreamer, format, fps), lambda run: run.fast.p50))}"
        return (f"5: capture to client, {format} {fps}: p50 at most the bare encode + 2 ms = {number(limit)} ms, p99 "
                "twice that",
                f"p50 {spread(p50)}, p99 {spread(p99)}{beside}", both(at_most(p50, limit), at_most(p99, 2 * limit)))
