# SPDX-License-Identifier: Apache-2.0
"""Prometheus' text format, read strictly: what it does not allow is a failure."""
import re
import shutil
import subprocess

from e2e import check

_NAME = r"[a-zA-Z_:][a-zA-Z0-9_:]*"
_LABEL = re.compile(r'([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\["\\n])*)"(,|$)')
_SAMPLE = re.compile(rf"({_NAME})(?:\{{(.*)\}})? (\S+)")
_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?([eE][+-]?\d+)?|Inf)|NaN")
_ESCAPES = {r"\\": "\\", r"\"": '"', r"\n": "\n"}


def _labels(text):
    labels, at = {}, 0
    while at < len(text):
        found = _LABEL.match(text, at)
        check(found and found.group(1) not in labels, f"labels: {text!r}")
        labels[found.group(1)] = re.sub(r"\\.", lambda m: _ESCAPES[m.group()], found.group(2))
        at = found.end()
    return frozenset(labels.items())


def _check_histogram(name, samples):
    series = {}
    for (sample, labels), value in samples.items():
        if sample == name + "_bucket":
            bound = float(dict(labels)["le"])
            series.setdefault(frozenset(l for l in labels if l[0] != "le"), []).append((bound, value))
    for labels, buckets in series.items():
        counts = [count for _, count in sorted(buckets)]
        check(counts == sorted(counts) and max(buckets)[0] == float("inf"), f"buckets of {name}: {buckets}")
        check(samples[(name + "_count", labels)] == counts[-1], f"the count of {name}")
        check((name + "_sum", labels) in samples, f"the sum of {name}")


def parse(text):
    """{(name, frozenset of labels): value}. Each family has its help, its type and its samples, once."""
    samples, types, family = {}, {}, None
    check(text.endswith("\n"), "the last line has no end")
    for line in text.splitlines():
        if line.startswith("# HELP "):
            family = line.split(" ")[2]
            check(family not in types, f"twice: {line}")
            types[family] = None
        elif line.startswith("# TYPE "):
            _, _, name, kind = line.split(" ")
            check(name == family and types[name] is None, f"in its place: {line}")
            check(kind in ("counter", "gauge", "histogram"), line)
            check((kind == "counter") == name.endswith("_total"), f"the name of a {kind}: {name}")
            types[name] = kind
        else:
            found = _SAMPLE.fullmatch(line)
            check(found and _NUMBER.fullmatch(found.group(3)), f"a sample: {line!r}")
            suffixes = ("_bucket", "_sum", "_count") if types[family] == "histogram" else ("",)
            check(found.group(1) in [family + suffix for suffix in suffixes], f"in the family {family}: {line}")
            key = (found.group(1), _labels(found.group(2) or ""))
            check(key not in samples, f"twice: {line}")
            samples[key] = float(found.group(3))
    for name, kind in types.items():
        if kind == "histogram":
            _check_histogram(name, samples)
    _ask_others(text)
    return samples


def _ask_others(text):
    """What Prometheus' own programs say, where they are installed."""
    asked = [["promtool", "check", "metrics"]] if shutil.which("promtool") else []
    script = "import sys\nfrom prometheus_client.parser import text_string_to_metric_families as parse\n" \
             "for family in parse(sys.stdin.read()): assert family.samples, family"
    has_parser = subprocess.run(["/usr/bin/python3", "-c", "import prometheus_client.parser"], capture_output=True,
                                check=False).returncode == 0
    if has_parser:
        asked.append(["/usr/bin/python3", "-c", script])
    for command in asked:
        done = subprocess.run(command, input=text.encode(), capture_output=True, check=False, timeout=60)
        check(done.returncode == 0 and not done.stdout and not done.stderr, f"{command[0]}: {done}")


def value(samples, name, **labels):
    """The one sample with these labels among others; None without."""
    wanted = set(labels.items())
    found = [v for (sample, has), v in samples.items() if sample == name and wanted <= has]
    check(len(found) < 2, f"{name} with {labels} stands for {len(found)} samples")
    return found[0] if found else None
