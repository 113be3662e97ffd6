# SPDX-License-Identifier: Apache-2.0
"""What a measurement of one or more goals is, and how what it found is told."""
import pathlib
import statistics
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "peers"))
import report  # noqa: E402 (beside the peers)
from report import number  # noqa: E402

__all__ = ["Measurement", "at_least", "at_most", "both", "none_above", "number", "spread", "table"]


def spread(values):
    """Min / median / max; one alone stands by itself."""
    return number(values[0]) if len(values) == 1 else report.spread(values)


class Measurement:
    """Its `turns` take turns, repetition by repetition; then it tells its tables and verdicts."""
    goals = ()
    repeats = True

    def __init__(self, bench):
        self.bench = bench
        self.runs = {}  # by what was measured: what each repetition gave

    def turns(self):
        """(what for people, seconds that it takes, function) of each."""
        raise NotImplementedError

    def note(self, key, value):
        self.runs.setdefault(key, []).append(value)

    def values(self, key, get):
        return [get(run) for run in self.runs.get(key, [])]

    def middle(self, key, get):
        return self.median(self.values(key, get))

    @staticmethod
    def median(values):
        return statistics.median(values) if values else float("nan")

    def ratios(self, key, get, other, get_other):
        """Of repetitions that belong together."""
        return [mine / its for mine, its in zip(self.values(key, get), self.values(other, get_other)) if its]

    def tables(self):
        """Lines of Markdown."""
        raise NotImplementedError

    def mistakes(self):
        """What is wrong however slow the machine is."""
        return ()

    def verdicts(self):
        """(goal, what was measured, whether it holds or None) of each."""
        raise NotImplementedError


def table(title, about, head, rows):
    yield f"\n### {title}\n"
    yield f"{about}\n"
    yield "| " + " | ".join(head) + " |"
    yield "| --- " * len(head) + "|"
    for row in rows:
        yield "| " + " | ".join(map(str, row)) + " |"


def at_least(values, limit):
    return statistics.median(values) >= limit if values else None


def at_most(values, limit):
    return statistics.median(values) <= limit if values else None


def none_above(values, limit):
    return max(values) <= limit if values else None


def both(first, second):
    """None if either is."""
    return None if first is None or second is None else first and second
