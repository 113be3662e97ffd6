# SPDX-License-Identifier: Apache-2.0
"""Programs that run while something is measured, and what they use of the machine."""
import os
import select
import signal
import subprocess
import tempfile
import time

PATIENCE_S = 30


class CannotMeasure(Exception):
    """Why something is left out."""


def read(path):
    try:
        with open(path, encoding="utf-8") as file:
            return file.read()
    except OSError:  # it ended meanwhile
        return ""


class Program:
    """A program in the background, ended by its pid. Its first line on standard output says that it is ready, unless
    it has none to say and ends by itself (is_ready_at_once)."""

    def __init__(self, command, environment=None, is_ready_at_once=False):
        self.command = [str(word) for word in command]
        self.errors = tempfile.TemporaryFile()  # a pipe might fill up
        try:
            self.child = subprocess.Popen(self.command, env=environment, stdin=subprocess.DEVNULL,
                                          stdout=subprocess.PIPE, stderr=self.errors, text=True)
        except OSError as error:
            raise CannotMeasure(f"{self.command[0]} cannot be started: {error}") from None
        self.first_line = "" if is_ready_at_once else self._first_line()

    pid = property(lambda self: self.child.pid)

    def _first_line(self):
        ready, _, _ = select.select([self.child.stdout], [], [], PATIENCE_S)
        line = self.child.stdout.readline().strip() if ready else ""
        if not line:
            complaint = self.complaint()
            self.stop()
            raise CannotMeasure(f"{' '.join(self.command)} does not get ready: {complaint}")
        return line

    def output(self, timeout, statuses=(0,)):
        """All that it said, once it has ended by itself."""
        try:
            text, _ = self.child.communicate(timeout=timeout)
        except subprocess.TimeoutExpired:
            self.stop()
            raise CannotMeasure(f"{' '.join(self.command)} does not end") from None
        if self.child.returncode not in statuses:
            raise CannotMeasure(f"{' '.join(self.command)} failed (status {self.child.returncode}): "
                                f"{' '.join(self.complaint().split())}")
        return text

    def complaint(self):
        self.errors.seek(0)
        return self.errors.read().decode(errors="replace")[-300:]

    def stop(self):
        if self.child.poll() is None:
            self.child.send_signal(signal.SIGTERM)
            try:
                self.child.wait(timeout=PATIENCE_S)
            except subprocess.TimeoutExpired:
                self.child.kill()
                self.child.wait()
        self.child.stdout.close()
        self.errors.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()

    def cpu_by_thread(self):
        """Processor seconds so far of its threads, by their names."""
        seconds = {}
        for thread in os.listdir(f"/proc/{self.pid}/task"):
            folder = f"/proc/{self.pid}/task/{thread}"
            name, used = read(f"{folder}/comm").strip(), read(f"{folder}/schedstat").split()
            if used:
                seconds[name] = seconds.get(name, 0) + int(used[0]) * 1e-9
        return seconds

    def private_dirty_mib(self):
        """Memory that is its own and written to."""
        for line in read(f"/proc/{self.pid}/smaps_rollup").splitlines():
            if line.startswith("Private_Dirty:"):
                return int(line.split()[1]) / 1024
        return float("nan")


class Meter:
    """What a program used between two moments."""

    def __init__(self, program):
        self.program, self.before, self.began = program, program.cpu_by_thread(), time.monotonic()

    def stop(self):
        self.seconds = time.monotonic() - self.began
        self.by_thread = {name: used - self.before.get(name, 0)
                          for name, used in self.program.cpu_by_thread().items()}
        return self

    def cpu_ms_per_second(self, is_counted=lambda name: True):
        used = sum(seconds for name, seconds in self.by_thread.items() if is_counted(name))
        return 1000 * used / self.seconds


def busy_seconds():
    """Processor time that anything used on this machine, and what its host took away."""
    ticks = [int(word) for word in read("/proc/stat").split("\n", 1)[0].split()[1:9]]
    user, nice, system, _, _, irq, softirq, stolen = (tick / os.sysconf("SC_CLK_TCK") for tick in ticks)
    return user + nice + system + irq + softirq, stolen
