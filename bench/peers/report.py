# SPDX-License-Identifier: Apache-2.0
"""What bench/peers/run found, as a table in Markdown and as a plot."""
import collections
import html
import math
import statistics

COLOURS = ("#1b6ca8", "#d1495b", "#66a182", "#8d6a9f")


def quantile(values, part):
    ordered = sorted(values)
    return ordered[round(part * (len(ordered) - 1))] if ordered else math.nan


def number(value):
    if math.isnan(value):
        return "-"
    return f"{value:.0f}" if value >= 100 else f"{value:.1f}" if value >= 10 else f"{value:.2f}"


def spread(values):
    return "-" if not values else " / ".join(number(f(values)) for f in (min, statistics.median, max))


class Row:
    """All repetitions of one peer in one case."""

    def __init__(self):
        self.latencies, self.medians, self.rates = [], [], []
        self.writer_cpu, self.reader_cpu, self.longest_write = [], [], []
        self.frames = self.missed = self.torn = self.lost_readers = self.lost_writers = 0

    def add(self, writer, readers):
        if writer is None:
            self.lost_writers += 1
        else:
            self.rates.append(writer["fps"])
            self.writer_cpu.append(writer["cpu_ms"])
            self.longest_write.append(writer["write_max_ms"])
        there = [reader for reader in readers if reader is not None]
        self.lost_readers += len(readers) - len(there)
        times = [ms for reader in there for ms in reader["ms"]]
        self.latencies += times
        if times:
            self.medians.append(quantile(times, 0.5))
        for reader in there:
            self.frames += reader["frames"]
            self.missed += reader["missed"]
            self.torn += reader["torn"]
            self.reader_cpu.append(reader["cpu_ms"])

    def cells(self):
        seen = self.frames + self.missed
        return [spread(self.medians), number(quantile(self.latencies, 0.99)),
                number(max(self.latencies, default=math.nan)),
                spread(self.rates), f"{100 * self.missed / seen:.1f}" if seen else "-", f"{self.torn} of {self.frames}",
                number(statistics.median(self.writer_cpu)) if self.writer_cpu else "-",
                f"{statistics.median(self.reader_cpu):.3f}" if self.reader_cpu else "-"]


class Results:
    def __init__(self):
        self.rows = collections.defaultdict(Row)  # by case and peer, in the order of measuring

    def add(self, peer, case, writer, readers):
        # Of the one that is stopped only its end is told: what the others met is the question.
        told = readers[1:] if case[2] else readers
        self.rows[case, peer].add(writer, told)
        if case[2] and readers[0] is None:
            self.rows[case, peer].lost_readers += 1

    def markdown(self, repetitions):
        lines = ["### 1080p BGR24 by copy, beside peers", "",
                 f"ms; latency from before the copy; p50 and rate of each of {repetitions} repetitions: min / median / "
                 "max; p99 and max over all of them; CPU per frame", "",
                 "| fps | readers | peer | latency p50 | p99 | max | rate | missed % | torn "
                 "| CPU writer | CPU reader |",
                 "| --- " * 11 + "|"]
        for ((fps, readers, is_stopped), peer), row in self.rows.items():
            if not is_stopped:
                lines.append(f"| {fps or 'max'} | {readers} | {peer} | " + " | ".join(row.cells()) + " |")
        lines += ["", "### One of two readers stopped for a second, 30 fps", "",
                  "ms; what the other reader met, and the longest publish", "",
                  "| peer | latency p50 | p99 | max | missed % | torn | longest publish | readers lost |",
                  "| --- " * 8 + "|"]
        for ((_, _, is_stopped), peer), row in self.rows.items():
            if is_stopped:
                p50, p99, longest, _, missed, torn, _, _ = row.cells()
                lines.append(f"| {peer} | {p50} | {p99} | {longest} | {missed} | {torn} | "
                             f"{number(max(row.longest_write, default=math.nan))} | {row.lost_readers} |")
        return "\n".join(lines)

    def svg(self):
        """Latencies as bars on a logarithmic scale: p50 filled, p99 as a line above it."""
        cases = [case for case in dict.fromkeys(case for case, _ in self.rows) if not case[2]]
        peers = list(dict.fromkeys(peer for _, peer in self.rows))
        bar, gap, height, left, top = 22, 26, 260, 60, 30
        width = left + len(cases) * (len(peers) * bar + gap) + 20

        def y(ms):
            return top + height * (1 - (math.log10(min(max(ms, 0.1), 100)) + 1) / 3)

        parts = [f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{top + height + 90}" '
                 'font-family="sans-serif" font-size="12">', '<rect width="100%" height="100%" fill="white"/>',
                 f'<text x="{left}" y="18">latency in ms, copy included: p50 (bar), p99 (line)</text>']
        for tick in (0.1, 0.3, 1, 3, 10, 30, 100):
            parts.append(f'<line x1="{left}" x2="{width - 10}" y1="{y(tick):.1f}" y2="{y(tick):.1f}" stroke="#ddd"/>'
                         f'<text x="{left - 8}" y="{y(tick) + 4:.1f}" text-anchor="end">{tick:g}</text>')
        for i, case in enumerate(cases):
            x = left + 10 + i * (len(peers) * bar + gap)
            parts += self.bars(case, peers, x, bar, y, top + height)
            label = f"{case[1]} reader{'s' if case[1] > 1 else ''}, {'%d fps' % case[0] if case[0] else 'max'}"
            middle, below = x + len(peers) * bar / 2, top + height + 18
            parts.append(f'<text x="{middle}" y="{below}" text-anchor="middle">{label}</text>')
        for i, peer in enumerate(peers):
            x = left + i * 170
            parts.append(f'<rect x="{x}" y="{top + height + 40}" width="12" height="12" fill="{COLOURS[i % 4]}"/>'
                         f'<text x="{x + 18}" y="{top + height + 51}">{html.escape(peer)}</text>')
        return "\n".join([*parts, "</svg>", ""])

    def bars(self, case, peers, x, bar, y, bottom):
        for i, peer in enumerate(peers):
            row = self.rows.get((case, peer))
            if row and row.latencies:
                at = x + i * bar
                middle, tail = y(statistics.median(row.medians)), y(quantile(row.latencies, 0.99))
                yield (f'<rect x="{at}" y="{middle:.1f}" width="{bar - 4}" height="{bottom - middle:.1f}" '
                       f'fill="{COLOURS[i % 4]}"/><line x1="{at}" x2="{at + bar - 4}" y1="{tail:.1f}" y2="{tail:.1f}" '
                       f'stroke="{COLOURS[i % 4]}" stroke-width="2"/>')
