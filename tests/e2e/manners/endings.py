# SPDX-License-Identifier: Apache-2.0
"""How all tools end: signals, closed and full outputs, and the statuses that go with them."""
import fcntl
import glob
import os
import pty
import signal
import struct
import subprocess
import termios
import time

from e2e import *

TOOLS = sorted(os.path.basename(path) for path in glob.glob(os.path.join(os.environ.get("SHMVIDEO_BIN", ""), "shm-*"))
               if os.access(path, os.X_OK) and os.path.isfile(path))
PATIENCE = 40


class Scene:
    """A tool in the middle of its work: `arguments`, what it says when it is there, what it leaves by rights."""

    def __init__(self, place, tool):
        self.place, self.tool = place, tool
        self.segment = place.segment()
        self.made = None
        source = place.segment()
        if tool == "shm-capture":
            self.arguments = ["-d", "pattern", "-n", self.segment, "-r", "320x240"]
            self.made = self.segment
            self.is_there = lambda err, out: "publishing" in err
        elif tool == "shm-bench":
            # A run that is cut short is judged by what it saw: nothing is to be held against two clients.
            self.arguments = ["-t", "60", "--clients", "2", "-r", "320x240", "-f", "5", "--warmup", "0", "-i", "100ms",
                              "--allow-missed", "1000000", "--max-growth", "1G"]
            self.is_there = lambda err, out: err.count("\n") > 3
        else:
            place.start("shm-capture", "-d", "pattern", "-n", source, "-r", "320x240",
                        "-f", "20").wait_for_output("publishing", 30)
        if tool == "shm-inspect":
            self.arguments = ["--watch", "--json", "-i", "50ms", source]
            self.is_there = lambda err, out: out
        elif tool == "shm-mjpeg":
            self.arguments = [source, "-p", str(free_port())]
            self.is_there = lambda err, out: "serving" in err
        elif tool == "shm-record":
            self.file = os.path.join(place.scratch, "film.mkv")
            self.arguments = ["-n", source, "-o", self.file, "--codec", "mjpeg", "--overwrite"]
            self.is_there = lambda err, out: os.path.exists(self.file)

    def start(self):
        if self.tool == "shm-record" and os.path.exists(self.file):
            os.unlink(self.file)
        process = self.place.start(self.tool, *self.arguments)
        wait_until(lambda: self.is_there(process.err, process.out) or not process.is_running, PATIENCE,
                   lambda: f"{self.tool} at work: {process.err!r}")
        check(process.is_running, lambda: f"{self.tool} runs: {process.err!r}")
        return process

    def check_nothing_left(self):
        left = [entry for entry in os.listdir(self.place.directory)
                if (self.made and self.made in entry) or "shm-bench" in entry]
        check(not left, lambda: f"{self.tool} left {left}")


def scenes(place):
    known = [tool for tool in TOOLS
             if tool in ("shm-capture", "shm-inspect", "shm-mjpeg", "shm-record", "shm-bench")]
    check(known, f"there are tools in {os.environ.get('SHMVIDEO_BIN')}")
    for tool in known:
        yield Scene(place, tool)


def command(scene, *more):
    return [tool(scene.tool), *map(str, scene.arguments), *more]


@test
def the_first_signal_is_a_request(place):
    for scene in scenes(place):
        for number in (signal.SIGINT, signal.SIGTERM):
            ended = scene.start().stop(number, PATIENCE)
            check_equal(ended.status, 0, f"status of {scene.tool} after {number.name}: {ended}")
            scene.check_nothing_left()


def waiting_in(pipe):
    """How many bytes nobody has read yet."""
    return struct.unpack("i", fcntl.ioctl(pipe, termios.FIONREAD, b"\0" * 4))[0]


@test
def a_second_signal_ends_what_does_not_end(place):
    # One that was told to take its time, and gets nothing off its hands.
    name = place.segment()
    place.leaves_segments = True
    fifo = os.path.join(place.scratch, "fifo.mjpeg")
    os.mkfifo(fifo)
    place.start("shm-capture", "-d", "pattern", "-n", name, "-r", "640x480").wait_for_output("publishing", 30)
    reader = os.open(fifo, os.O_RDONLY | os.O_NONBLOCK)  # that reads nothing
    try:
        record = place.start("shm-record", "-n", name, "-o", fifo, "--codec", "mjpeg", "--container", "mjpeg",
                             "--overwrite", "--shutdown-timeout", "1h")
        wait_until(lambda: waiting_in(reader) > 30_000, 60, lambda: f"a pipe that fills: {record.err!r}")
        time.sleep(1)
        record.send_signal(signal.SIGTERM)
        time.sleep(1)  # longer than the same wish can take
        check(record.is_running, "it waits for the pipe, as it was told to")
        check_equal(record.stop(signal.SIGTERM, PATIENCE).status, -signal.SIGTERM, "status after a second signal")
    finally:
        os.close(reader)


@test
def a_request_for_the_configuration_does_not_end_it(place):
    for scene in scenes(place):
        process = scene.start()
        process.send_signal(signal.SIGHUP)
        process.wait_for_output("SIGHUP: there is no configuration file to read again", 30)
        check(process.is_running, f"{scene.tool} goes on")
        check_equal(process.stop(signal.SIGTERM, PATIENCE).status, 0, f"status of {scene.tool}")


@test
def the_end_of_its_terminal_stops_it(place):
    for scene in scenes(place):
        errors = open(os.path.join(place.scratch, "errors"), "w+", encoding="utf-8")
        output = os.path.join(place.scratch, "output")
        pid, terminal = pty.fork()
        if pid == 0:
            os.dup2(errors.fileno(), 2)
            os.dup2(os.open(output, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), 1)
            os.chdir(place.scratch)
            os.execve(command(scene)[0], command(scene), place.env)

        def said():
            with open(errors.name, encoding="utf-8") as text, open(output, encoding="utf-8") as shown:
                return scene.is_there(text.read(), shown.read())
        try:
            wait_until(lambda: os.path.exists(output) and said(), PATIENCE, f"{scene.tool} at work")
            os.close(terminal)
            status = wait_for(pid)
        except Exception:
            os.kill(pid, signal.SIGKILL)
            raise
        check_equal(os.waitstatus_to_exitcode(status), 0, f"status of {scene.tool}")
        scene.check_nothing_left()


def wait_for(pid):
    """What waitpid() says of a child that ends in time."""
    ended = []

    def look():
        found, status = os.waitpid(pid, os.WNOHANG)
        if found:
            ended.append(status)
        return ended
    wait_until(look, PATIENCE, f"the end of process {pid}")
    return ended[0]


@test
def who_ignores_the_end_of_the_terminal_outlives_it(place):
    for scene in scenes(place):
        process = place.start("/bin/sh", "-c", 'trap "" HUP; exec "$@"', "sh", *command(scene))
        wait_until(lambda: scene.is_there(process.err, process.out), PATIENCE, f"{scene.tool} at work")
        process.send_signal(signal.SIGHUP)
        time.sleep(0.3)
        check(process.is_running, f"{scene.tool} goes on")
        check("SIGHUP" not in process.err, "and does not read anything again")
        check_equal(process.stop(signal.SIGTERM, PATIENCE).status, 0, f"status of {scene.tool}")


def shell(place, scene, redirection):
    return place.start("/bin/sh", "-c", f'exec "$@" {redirection}', "sh", *command(scene))


@test
def a_closed_standard_input_is_nobody_s_business(place):
    for scene in scenes(place):
        process = shell(place, scene, "<&-")
        wait_until(lambda: scene.is_there(process.err, process.out), PATIENCE, f"{scene.tool} at work")
        check_equal(process.stop(signal.SIGTERM, PATIENCE).status, 0, f"status of {scene.tool}")


@test
def help_and_version_fail_where_they_cannot_be_written(place):
    for name in TOOLS:
        for option in ("--help", "--version", "--print-config"):
            full = place.run("/bin/sh", "-c", 'exec "$@" >/dev/full', "sh", tool(name), option)
            check_equal(full.status, 1, f"{name} {option} to a full device: {full}")
            check(full.err.startswith(f"{name}: ") and full.err.count("\n") == 1, lambda: f"one line: {full}")
            closed = place.run("/bin/sh", "-c", 'exec "$@" >&-', "sh", tool(name), option)
            check_equal(closed.status, 1, f"{name} {option} without an output: {closed}")
            check(closed.err.startswith(f"{name}: ") and closed.err.count("\n") == 1, lambda: f"one line: {closed}")
            gone = broken_pipe(place, [tool(name), option])
            check_equal(gone.status, 0, f"{name} {option} to a reader that has gone: {gone}")
            check(not gone.err, lambda: f"nothing is said: {gone}")
        place.run(name, "--no-such-option").expect(2)


def broken_pipe(place, arguments):
    read_end, write_end = os.pipe()
    os.close(read_end)
    try:
        done = subprocess.run(arguments, env=place.env, cwd=place.scratch, stdin=subprocess.DEVNULL, stdout=write_end,
                              stderr=subprocess.PIPE, encoding="utf-8", timeout=PATIENCE, check=False)
    finally:
        os.close(write_end)
    return Result(arguments, done.returncode, "", done.stderr, 0)


@test
def a_reader_that_goes_away_stops_what_it_reads(place):
    for scene in scenes(place):
        if scene.tool in ("shm-capture", "shm-bench"):
            continue  # they write nothing to standard output while they work
        if scene.tool == "shm-record":
            scene.arguments[scene.arguments.index("-o") + 1] = "-"
            scene.arguments += ["--container", "mjpeg"]
        ended = broken_pipe(place, command(scene))
        expected = 1 if scene.tool == "shm-record" else 0  # a recording is not whole then
        check_equal(ended.status, expected, f"status of {scene.tool}: {ended}")
        check(ended.err.count("\n") <= 3, lambda: f"not many words: {ended}")


@test
def a_full_device_is_a_failure_that_is_said_once(place):
    for scene in scenes(place):
        if scene.tool in ("shm-capture", "shm-bench"):
            continue
        if scene.tool == "shm-record":
            scene.arguments[scene.arguments.index("-o") + 1] = "-"
            scene.arguments += ["--container", "mjpeg"]
        process = shell(place, scene, ">/dev/full")
        ended = process.wait(PATIENCE)
        check_equal(ended.status, 1, f"status of {scene.tool}: {ended}")
        last = ended.err.rstrip().splitlines()[-1]
        check("No space left on device" in last, lambda: f"the last line says why: {ended}")
        check_equal(ended.err.count("No space left"), 1, f"said once: {ended}")


main()
