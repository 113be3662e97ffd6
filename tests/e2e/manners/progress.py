# SPDX-License-Identifier: Apache-2.0
"""What lasts tells how it goes: a line on a terminal, messages now and then elsewhere, nothing when quiet."""
import json
import os
import re
import signal
import subprocess
import time
import urllib.request

from e2e import check, check_equal, free_port, main, test, tool, wait_until
from on_terminal import COLOUR, OnTerminal

PATTERN = ("--device", "pattern", "-r", "320x240", "-f", "50")


def start_pattern(place, *more):
    name = place.segment()
    capture = place.start("shm-capture", *PATTERN, "--name", name, *more)
    capture.wait_for_output("publishing")
    return name


@test
def capture_draws_how_far_it_is(place):
    name = place.segment()
    with OnTerminal(place, "shm-capture", *PATTERN, "--name", name, "-t", "60s") as seen:
        line = seen.wait_for_drawn(r"^published \d+ \(\d+\.\d/s\), \d+\.\d s of 60\.0 s, \d+ s left, dropped \d+")
        check("  " not in line, line)
        check_equal(seen.finish(signal.SIGINT), 0, "the status")
        last = seen.lines[-2]
        check(re.search(r"info  published \d+ \(\d+\.\d/s\), \d+\.\d s, dropped \d+", last), lambda: seen.raw)
        check_equal(seen.lines[-1], "", "what is left of the line")


@test
def capture_tells_what_is_left_of_a_count(place):
    with OnTerminal(place, "shm-capture", *PATTERN, "--name", place.segment(), "--count", 100000) as seen:
        seen.wait_for_drawn(r"^published \d+ of 100000 \(\d+\.\d/s\), \d+\.\d s, .* left, dropped")


@test
def capture_tells_what_it_waits_for(place):
    url = f"http://127.0.0.1:{free_port()}/x"
    with OnTerminal(place, "shm-capture", "-d", url, "--name", place.segment(), "--wait-device") as seen:
        seen.wait_for_drawn(rf"^waiting for '{re.escape(url)}', [1-9]\d* s$")
        check_equal(seen.finish(signal.SIGTERM), 0, "the status")


@test
def record_draws_how_far_it_is(place):
    name = start_pattern(place)
    with OnTerminal(place, "shm-record", name, "-o", "x.mkv", "-t", "60s") as seen:
        seen.wait_for_drawn(r"^recorded \d+ \(\d+\.\d/s\), \d+\.\d s of 60\.0 s, \d+ s left, [\d.]+ \w+, missed \d+")
        check_equal(seen.finish(signal.SIGINT), 0, "the status")
        check("wrote" in seen.lines[-2], lambda: seen.raw)


@test
def record_tells_how_long_it_has_waited_for_a_segment(place):
    name = place.segment()
    with OnTerminal(place, "shm-record", name, "-o", "x.mkv", "--timeout", "3s") as seen:
        seen.wait_for_drawn(rf"^waiting for frames of '{name}', [12] s of 3 s$")
        check_equal(seen.finish(), 4, "the status")
        check(seen.lines[-2].startswith("shm-record: "), lambda: seen.raw)


@test
def bench_draws_how_far_it_is(place):
    with OnTerminal(place, "shm-bench", "-r", "160x120", "-f", 20, "--clients", 2, "--warmup", "2s", "-t", "3s",
                    "--allow-missed", 99) as seen:
        check_equal(seen.finish(seconds=90), 0, "the status")
        check(any(d.startswith("waiting for 2 clients to warm up, ") for d in seen.drawn), lambda: str(seen.drawn))
        line = seen.wait_for_drawn(r"^read \d+ .*\d\.\d s of 3\.0 s, \d s left.*missed \d+", 1)
        check("least" in line, line)
        check_equal(seen.lines[-2], "PASS", "the last line")


@test
def mjpeg_draws_how_many_it_serves(place):
    name = start_pattern(place)
    port = free_port()
    with OnTerminal(place, "shm-mjpeg", name, "--port", port) as seen:
        seen.wait_for_drawn(r"^sent 0 .*0 viewers")
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/stream/video", timeout=20) as stream:
            def watched():
                stream.read(20000)
                return [d for d in seen.drawn if re.search(r"^sent [1-9]\d* \(\d+\.\d/s\), .*1 viewer, encoded", d)]
            wait_until(watched, 30, lambda: f"a viewer in {seen.drawn}")
        check_equal(seen.finish(signal.SIGINT), 0, "the status")


@test
def a_line_fits_a_narrow_terminal_and_keeps_the_losses(place):
    with OnTerminal(place, "shm-capture", *PATTERN, "--name", place.segment(), "-t", "60s", columns=50) as seen:
        line = seen.wait_for_drawn(r"^published .*dropped \d+$")
        check(len(line) < 50, line)
        seen.resize(200)
        seen.wait_for_drawn(r"^published .* of 60\.0 s, \d+ s left, dropped \d+")
        seen.resize(20)
        seen.wait_for_drawn(r"^published.{0,10}$")
        check(all(len(d) < 200 for d in seen.drawn), lambda: str(seen.drawn))


@test
def messages_pass_above_the_line(place):
    """Whatever is told while the line is there is whole, and the line comes again."""
    name = start_pattern(place)
    port = free_port()
    with OnTerminal(place, "shm-mjpeg", name, "--port", port, "--verbose") as seen:
        seen.wait_for_drawn("^sent 0")
        for _ in range(5):
            urllib.request.urlopen(f"http://127.0.0.1:{port}/snapshot", timeout=20).read()
        drawn = len(seen.drawn)
        wait_until(lambda: len(seen.drawn) > drawn + 1, 20, "the line again")
        check_equal(seen.finish(signal.SIGINT), 0, "the status")
        for line in seen.lines[:-1]:
            check(line.startswith("listening on ") or re.match(r"\d\d:\d\d:\d\d (info |debug|warn ) \S", line),
                  lambda: f"a garbled line {line!r} in {seen.raw!r}")


@test
def quiet_draws_nothing(place):
    for silence in ("--quiet", "--log-level=warn"):
        with OnTerminal(place, "shm-capture", *PATTERN, "--name", place.segment(), "-t", "2s", silence) as seen:
            check_equal(seen.finish(), 0, "the status")
            check_equal(seen.raw, "", f"what {silence} shows")


@test
def a_dumb_terminal_gets_plain_lines(place):
    with OnTerminal(place, "shm-capture", *PATTERN, "--name", place.segment(), "-t", "2s", "--log-level", "debug",
                    env={"TERM": "dumb"}) as seen:
        check_equal(seen.finish(), 0, "the status")
        check("\033" not in seen.raw and seen.drawn == [], lambda: repr(seen.raw))
        check("published" in seen.raw, lambda: repr(seen.raw))


@test
def colour_is_only_where_it_is_wanted(place):
    """A debug message is faint on a terminal."""
    arguments = ("shm-capture", "-d", f"http://127.0.0.1:{free_port()}/x", "--wait-device", "--verbose",
                 "--name", place.segment())
    with OnTerminal(place, *arguments) as seen:
        seen.wait_for("debug")
        check(COLOUR.search(seen.raw), lambda: f"no colour in {seen.raw!r}")
    with OnTerminal(place, *arguments, env={"NO_COLOR": "1"}) as seen:
        seen.wait_for("debug")
        check(not COLOUR.search(seen.raw), lambda: f"colour in {seen.raw!r}")


@test
def json_messages_and_a_line_do_not_mix(place):
    arguments = ("shm-capture", *PATTERN, "--name", place.segment(), "-t", "2s", "--log-format", "json")
    with OnTerminal(place, *arguments) as seen:
        check_equal(seen.finish(), 0, "the status")
        check_equal(seen.drawn, [], "what is drawn among JSON")
        for line in seen.lines[:-1]:
            json.loads(line)
    log = os.path.join(place.scratch, "log")
    with OnTerminal(place, *arguments, "--log-file", log) as seen:
        check_equal(seen.finish(), 0, "the status")
        check(seen.drawn, "no line where the messages go to a file")
    with open(log, encoding="utf-8") as file:
        check(any("published" in json.loads(line)["message"] for line in file), "no messages in the file")


@test
def a_stopped_terminal_does_not_stop_the_work(place):
    """Nobody reads the terminal any more: its buffer is full, and what is published goes on."""
    name = place.segment()
    read, write = os.pipe()
    os.set_blocking(write, False)
    try:
        while True:
            os.write(write, b"x" * 4096)
    except BlockingIOError:
        os.set_blocking(write, True)
    child = subprocess.Popen([tool("shm-capture"), *PATTERN, "--name", name, "--verbose"], env=place.env,
                             stdin=subprocess.DEVNULL, stderr=write)
    try:
        def published():
            result = place.run("shm-inspect", name, "--json")
            return json.loads(result.out)["published"] if result.status == 0 else 0
        first = wait_until(published, 30, "a frame")
        wait_until(lambda: published() > first + 20, 30, "more frames")
    finally:
        child.send_signal(signal.SIGINT)
        status = child.wait(20)
        os.close(read)
        os.close(write)
    check_equal(status, 0, "the status")


@test
def a_job_in_the_background_draws_nothing_into_the_prompt(place):
    """What sh runs with '&' has the terminal, but not its foreground."""
    script = 'set -m; "$0" "$@" & sleep 3; kill -INT $!; wait $!'
    arguments = [os.path.join(os.environ["SHMVIDEO_BIN"], "shm-capture"), *PATTERN, "--name", place.segment()]
    with OnTerminal(place, "/bin/sh", "-c", script, *arguments) as seen:
        seen.finish(seconds=40)
        check("publishing" in seen.raw, lambda: repr(seen.raw))
        check_equal(seen.drawn, [], "what is drawn in the background")


@test
def without_a_terminal_there_are_plain_messages(place):
    """Nothing that moves a cursor, and not many messages; the first one comes after ten seconds."""
    name = place.segment()
    capture = place.start("shm-capture", *PATTERN, "--name", name, "-t", "60s")
    found = capture.wait_for_output(r"info  (published \d+ .*)", 30).group(1)
    check(re.match(r"published \d+ \(\d+\.\d/s\), 1\d\.\d s of 60\.0 s, \d+ s left, dropped \d+", found), found)
    result = capture.stop()
    check("\033" not in result.err and "\r" not in result.err, lambda: repr(result.err))


@test
def a_source_that_is_lost_is_told_of_with_the_time_since_then(place):
    """Also by messages: the first of them comes up to ten seconds after the loss, and tells the truth."""
    name = start_pattern(place)
    port = free_port()
    server = place.start("shm-mjpeg", name, "--port", port)
    server.wait_for_output("listening")
    url = f"http://127.0.0.1:{port}/stream/video"
    capture = place.start("shm-capture", "-d", url, "--name", place.segment())
    capture.wait_for_output("info  published", 30)
    server.stop()
    capture.wait_for_output("trying to open it again", 20)
    lost = time.monotonic()
    found = int(capture.wait_for_output(rf"waiting for '{re.escape(url)}', (\d+) s", 30).group(1))
    passed = time.monotonic() - lost
    check(abs(found - passed) < 4, lambda: f"told {found} s, after {passed} s: {capture.err}")
    capture.stop().expect(0)


@test
def something_that_is_away_for_long_does_not_fill_a_log(place):
    """A server that is not there: half a minute of debug messages are a few lines."""
    url = f"http://127.0.0.1:{free_port()}/x"
    began = time.monotonic()
    capture = place.start("shm-capture", "-d", url, "--name", place.segment(), "--wait-device", "--verbose")
    wait_until(lambda: time.monotonic() > began + 25, 60, "time")
    lines = capture.stop().expect(0).err.splitlines()
    check(any("waiting for" in line for line in lines), lambda: "\n".join(lines))
    check(len(lines) < 25, lambda: f"{len(lines)} lines:\n" + "\n".join(lines))


main()
