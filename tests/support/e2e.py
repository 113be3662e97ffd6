# SPDX-License-Identifier: Apache-2.0
"""End-to-end tests of the built tools, with nothing but Python's own library.

A script is a few functions and a last line:

    from e2e import *

    @test
    def a_capture_shows_up_in_the_list(place):
        name = place.segment()
        place.start("shm-capture", "--device", "pattern", "--name", name, "-r", "320x240")
        wait_until(lambda: name in place.run("shm-inspect").out, 10, "the segment in the list")

    main()

Each test gets a `Place`: a segment directory of its own ($SHM_VIDEO_DIR), a scratch folder, and the
processes that it started. When the test ends they are ended, by pid, and it fails if it left a
segment behind (in its own directory, or in /dev/shm under a name of this process).
"""
import atexit
import contextlib
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import traceback

from mjpeg_client import JpegError, MjpegStream, http_get, jpeg_size  # noqa: F401 (for the scripts)

SKIPPED = 77
_tests = []
_counter = 0


class Failure(Exception):
    """What a test found wrong."""


class Skip(Exception):
    """Why a test cannot run here."""


def skip(reason):
    raise Skip(reason)


def check(condition, message):
    if not condition:
        raise Failure(message() if callable(message) else message)


def check_equal(actual, expected, what):
    check(actual == expected, f"{what}: expected {expected!r}, got {actual!r}")


def wait_until(condition, seconds, what):
    """Waits until condition() is true and returns its value; fails after `seconds`, naming `what`."""
    deadline = time.monotonic() + seconds
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > deadline:
            raise Failure(f"waited {seconds} s in vain for {what() if callable(what) else what}")
        time.sleep(0.02)


def tool(name):
    """The path of a built tool; anything with a slash is a path already."""
    if "/" in name:
        return name
    folder = os.environ.get("SHMVIDEO_BIN")
    check(folder, "SHMVIDEO_BIN is not set: it names the folder of the built tools")
    path = os.path.join(folder, name)
    check(os.access(path, os.X_OK), f"{path} is not there: build it first")
    return path


def require(*programs):
    """Skips the test unless these programs of others are installed."""
    for program in programs:
        if not shutil.which(program):
            skip(f"{program} is not installed")


def free_port():
    """A TCP port of 127.0.0.1 that nobody uses now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Result:
    """What a program that ended left: status (negative: the signal), out, err (text), seconds."""

    def __init__(self, command, status, out, err, seconds):
        self.command, self.status, self.out, self.err, self.seconds = command, status, out, err, seconds

    def __str__(self):
        said = f"stdout: {self.out!r}\n  stderr: {self.err!r}"
        return f"{' '.join(self.command)}\n  status {self.status}\n  {said}"

    def expect(self, status=0):
        check(self.status == status, lambda: f"expected status {status} of: {self}")
        return self


class Process:
    """A tool in the background. Its output goes to files, so that it never waits for its test."""

    def __init__(self, command, env, folder, cwd):
        self.command = command
        self._paths = [tempfile.mkstemp(dir=folder, suffix=s) for s in (".out", ".err")]
        self._started = time.monotonic()
        self._child = subprocess.Popen(command, env=env, cwd=cwd, stdin=subprocess.DEVNULL,
                                       stdout=self._paths[0][0], stderr=self._paths[1][0])
        for descriptor, _ in self._paths:
            os.close(descriptor)

    def _text(self, index):
        with open(self._paths[index][1], encoding="utf-8", errors="replace") as file:
            return file.read()

    pid = property(lambda self: self._child.pid)
    out = property(lambda self: self._text(0))
    err = property(lambda self: self._text(1))
    is_running = property(lambda self: self._child.poll() is None)

    def send_signal(self, number):
        if self.is_running:
            self._child.send_signal(number)

    def wait(self, seconds=20):
        """Its Result once it has ended by itself; fails if it runs on."""
        try:
            status = self._child.wait(seconds)
        except subprocess.TimeoutExpired:
            command = " ".join(self.command)
            raise Failure(f"still running after {seconds} s: {command}\n  stderr: {self.err!r}") from None
        return Result(self.command, status, self.out, self.err, time.monotonic() - self._started)

    def stop(self, number=signal.SIGINT, seconds=10):
        """Asks it to stop and gives its Result."""
        self.send_signal(number)
        return self.wait(seconds)

    def kill(self):
        """Ends it for sure; stopped (SIGSTOP) processes too."""
        self.send_signal(signal.SIGKILL)
        return self.wait(5)

    def wait_for_output(self, pattern, seconds=10):
        """Waits until stdout or stderr matches; fails early when the process ends without it."""
        def look():
            ended = not self.is_running
            found = re.search(pattern, self.out) or re.search(pattern, self.err)
            check(found or not ended, lambda: f"ended without {pattern!r}: {self.wait(1)}")
            return found
        return wait_until(look, seconds, lambda: f"{pattern!r} of {self.command[0]}, which said {self.err!r}")


class Place:
    """What one test has to itself."""

    def __init__(self, name):
        self.name = name
        self.leaves_segments = False  # set it in a test that means to leave some, e.g. after kill -9
        self._processes = []
        parent = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
        self.directory = tempfile.mkdtemp(prefix=f"e2e-{os.getpid()}-", dir=parent)
        self.scratch = tempfile.mkdtemp(prefix=f"e2e-{os.getpid()}-")
        self._logs = tempfile.mkdtemp(prefix=f"e2e-{os.getpid()}-logs-")
        self.env = {k: v for k, v in os.environ.items()
                    if not k.startswith("SHM_VIDEO_") and k not in ("VIDEO_FILE", "LOG_LEVEL", "LOG_FORMAT")}
        self.env["SHM_VIDEO_DIR"] = self.directory
        # What the machine is configured to do is nothing to the tests.
        self.env["XDG_CONFIG_HOME"] = tempfile.mkdtemp(prefix=f"e2e-{os.getpid()}-config-")

    def segment(self, stem="e2e"):
        """A segment name that no other test or process uses."""
        global _counter
        _counter += 1
        return f"{stem}-e2e{os.getpid()}-{_counter}"

    def use_default_directory(self):
        """Lets the tools use /dev/shm itself, as users do. The name check still finds what is left."""
        del self.env["SHM_VIDEO_DIR"]

    def run(self, program, *arguments, timeout=20, stdin=None, env=None):
        """Runs a program to its end and gives its Result; says nothing about the status."""
        command = [tool(program), *map(str, arguments)]
        began = time.monotonic()
        try:
            done = subprocess.run(command, env={**self.env, **(env or {})}, cwd=self.scratch, timeout=timeout,
                                  input=stdin, stdin=subprocess.DEVNULL if stdin is None else None,
                                  capture_output=True, encoding="utf-8", errors="replace")
        except subprocess.TimeoutExpired as late:
            raise Failure(f"still running after {timeout} s: {' '.join(command)}\n  {late.stderr!r}") from late
        return Result(command, done.returncode, done.stdout, done.stderr, time.monotonic() - began)

    def start(self, program, *arguments, env=None):
        process = Process([tool(program), *map(str, arguments)], {**self.env, **(env or {})},
                          self._logs, self.scratch)
        self._processes.append(process)
        return process

    def _leftovers(self):
        shared = os.listdir("/dev/shm") if os.path.isdir("/dev/shm") else []
        mine = [f"/dev/shm/{entry}" for entry in shared if f"-e2e{os.getpid()}-" in entry]
        return mine + [os.path.join(self.directory, entry) for entry in os.listdir(self.directory)]

    def close(self):
        """Ends what runs, removes what is left, and gives the list of segment files that were left."""
        for process in self._processes:
            process.send_signal(signal.SIGCONT)
            process.send_signal(signal.SIGTERM)
        for process in self._processes:
            with contextlib.suppress(Failure):
                process.wait(10)
            if process.is_running:
                process.kill()
        left = self._leftovers()
        for path in left:
            with contextlib.suppress(OSError):
                os.unlink(path)
        for folder in (self.directory, self.scratch, self._logs, self.env["XDG_CONFIG_HOME"]):
            shutil.rmtree(folder, ignore_errors=True)
        return [] if self.leaves_segments else left

    def print_logs(self):
        for process in self._processes:
            for stream, text in (("stdout", process.out), ("stderr", process.err)):
                if text.strip():
                    print(f"  --- {stream} of {' '.join(process.command)}\n" + text[-4000:])


def test(function):
    """Registers a test; its name is a sentence."""
    _tests.append(function)
    return function


def _run_one(function):
    sentence = function.__name__.replace("_", " ")
    place = Place(sentence)
    atexit.register(place.close)  # also when the script itself is ended
    outcome, message = "ok", ""
    began = time.monotonic()
    try:
        function(place)
    except Skip as reason:
        outcome, message = "skipped", str(reason)
    except Failure as failure:
        outcome, message = "FAILED", str(failure)
    except Exception:  # pylint: disable=broad-except
        outcome, message = "FAILED", traceback.format_exc()
    if outcome == "FAILED":
        place.print_logs()
    left = place.close()
    atexit.unregister(place.close)
    if left and outcome == "ok":
        outcome, message = "FAILED", "left behind: " + ", ".join(left)
    took = f"{time.monotonic() - began:.1f} s"
    print(f"{outcome}: {sentence} ({took})" + (f": {message}" if message else ""), flush=True)
    return outcome


def main():
    """Runs the tests of this script, or those whose names contain an argument, and exits."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    chosen = [t for t in _tests if all(word in t.__name__ for word in sys.argv[1:])]
    outcomes = [_run_one(t) for t in chosen]
    if "FAILED" in outcomes or not outcomes:
        sys.exit(1)
    sys.exit(SKIPPED if set(outcomes) == {"skipped"} else 0)
