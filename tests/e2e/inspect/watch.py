# SPDX-License-Identifier: Apache-2.0
import fcntl
import json
import os
import pty
import re
import signal
import struct
import subprocess
import termios
import threading

from actors import kill, start_reader, start_writer
from e2e import check, check_equal, main, skip, test, tool, wait_until


class Terminal:
    """A tool in a terminal of a given size; collects what it draws."""

    def __init__(self, place, columns, rows, *arguments):
        try:
            self._master, slave = pty.openpty()
        except OSError as reason:  # a chroot without /dev/pts
            skip(f"no pseudo-terminal: {reason}")
        self._drawn = b""
        self.resize(columns, rows)
        self.child = subprocess.Popen([tool("shm-inspect"), *arguments], env=place.env, stdin=slave, stdout=slave,
                                      stderr=slave, start_new_session=True,
                                      preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0))
        os.close(slave)
        self._thread = threading.Thread(target=self._collect)
        self._thread.start()

    def _collect(self):
        try:
            while chunk := os.read(self._master, 65536):
                self._drawn += chunk
        except OSError:
            pass  # the other side is closed

    def resize(self, columns, rows):
        fcntl.ioctl(self._master, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def screens(self):
        """Each picture that was drawn whole, as lines."""
        pictures = self._drawn.decode().split("\033[H")[1:]
        return [re.sub(r"\033\[[0-9;?]*[a-zA-Z]", "", p.split("\033[J")[0]).split("\r\n")
                for p in pictures if "\033[J" in p]

    def raw(self):
        return self._drawn.decode()

    def stop(self, number=signal.SIGINT):
        self.child.send_signal(number)
        status = self.child.wait(10)
        self._thread.join(10)
        os.close(self._master)
        return status


def looks(result):
    return [json.loads(line) for line in result.out.splitlines()]


@test
def json_is_one_object_a_line_as_often_as_asked_for(place):
    name = place.segment()
    start_writer(place, name, frames=100000, interval_ms=5)
    seen = looks(place.run("shm-inspect", "--watch", "--json", "-i", "200ms", "-c", "4", name).expect(0))
    check_equal(len(seen), 4, "looks")
    check_equal(seen[0]["measured_fps"], None, "the first rate")
    check(all(look["measured_fps"] > 0 for look in seen[1:]), f"rates: {[look['measured_fps'] for look in seen]}")
    numbers = [look["last_frame"]["number"] for look in seen]
    check(numbers == sorted(numbers) and numbers[0] < numbers[-1], f"numbers go on: {numbers}")


@test
def a_duration_ends_the_watching(place):
    name = place.segment()
    start_writer(place, name)
    shown = place.run("shm-inspect", "--watch", "-i", "100ms", "-t", "500ms", name).expect(0)
    check(shown.seconds >= 0.5 and 2 <= len(shown.out.splitlines()) <= 6, shown)


@test
def without_a_terminal_each_look_is_a_line(place):
    name = place.segment()
    start_writer(place, name)
    lines = place.run("shm-inspect", "-w", "-i", "50ms", "-c", "3", name).expect(0).out.splitlines()
    check(len(lines) == 3 and all(name in line and "\033" not in line for line in lines), lines)


@test
def a_writers_death_and_return_are_seen(place):
    name = place.segment()
    first = start_writer(place, name)
    watching = place.start("shm-inspect", "--watch", "--json", "-i", "50ms", name)

    def last():
        lines = [line for line in watching.out.split("\n")[:-1] if line]
        return json.loads(lines[-1]) if lines else {}

    wait_until(lambda: last().get("state") == "live", 20, "live")
    kill(place, first)
    wait_until(lambda: last().get("state") == "dead", 20, "dead")
    second = start_writer(place, name, size="64x48")
    wait_until(lambda: last().get("width") == 64, 20, "the new size")
    check(last()["last_frame"]["number"] > 5, "numbers go on")
    second.stop(signal.SIGTERM)
    wait_until(lambda: last().get("state") == "absent", 20, "absent")
    start_writer(place, name)
    wait_until(lambda: last().get("state") == "live", 20, "live again")
    watching.stop().expect(0)


@test
def a_reader_that_misses_frames_is_called_slow(place):
    name = place.segment()
    start_writer(place, name, frames=100000, interval_ms=5)
    reader = start_reader(place, name, "copy", 100)
    watching = place.start("shm-inspect", "--watch", "-i", "500ms", name)
    watching.wait_for_output(rf"segment_actor \({reader.pid}\) slow: misses [0-9]+%", 20)
    reader.send_signal(signal.SIGSTOP)
    watching.wait_for_output(rf"segment_actor \({reader.pid}\) stuck", 20)
    watching.stop().expect(0)


@test
def a_screen_fits_the_terminal_and_follows_its_size(place):
    name = place.segment()
    start_writer(place, name, frames=100000, interval_ms=5)
    start_reader(place, name)
    terminal = Terminal(place, 60, 12, "--watch", "-i", "100ms", name)
    try:
        wait_until(lambda: len(terminal.screens()) >= 3, 20, "three screens")
        for screen in terminal.screens():
            check(len(screen) <= 12 and max(map(len, screen)) <= 60, f"60 x 12: {screen}")
        screen = "\n".join(terminal.screens()[-1])
        check(name in screen and "segment_actor" in screen and "fps" in screen, screen)
        check(any(bar in screen for bar in "▁▂▃▄▅▆▇█"), f"a sparkline in {screen}")
        terminal.resize(30, 5)
        wait_until(lambda: len(terminal.screens()[-1]) <= 5 and max(map(len, terminal.screens()[-1])) <= 30, 20,
                   "a screen of 30 x 5")
    finally:
        status = terminal.stop()
    check_equal(status, 0, "the status")
    check(terminal.raw().index("\033[?1049h") < terminal.raw().index("\033[?1049l"), "the terminal is given back")
    check("\033[?25h" in terminal.raw().split("\033[?25l")[-1], "the cursor is shown again")


@test
def a_new_window_size_is_drawn_without_waiting_for_the_next_look(place):
    name = place.segment()
    start_writer(place, name)
    terminal = Terminal(place, 80, 24, "--watch", "-i", "1h", name)
    try:
        wait_until(terminal.screens, 20, "the first screen")
        terminal.resize(40, 6)
        wait_until(lambda: len(terminal.screens()) >= 2 and max(map(len, terminal.screens()[-1])) <= 40, 20,
                   "the second screen")
    finally:
        terminal.stop()


@test
def without_a_name_all_segments_are_watched(place):
    names = [place.segment(), place.segment()]
    for name in names:
        start_writer(place, name)
    seen = looks(place.run("shm-inspect", "--watch", "--json", "-i", "50ms", "-c", "2").expect(0))
    check_equal([sorted(entry["name"] for entry in look) for look in seen], [sorted(names)] * 2, "both, twice")


@test
def watching_what_is_not_there_is_status_4(place):
    place.run("shm-inspect", "--watch", "nobody").expect(4)


main()
