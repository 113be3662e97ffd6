# SPDX-License-Identifier: Apache-2.0
"""Where messages go to, what a line of them has, and what becomes of a log file that is moved away."""
import json
import os
import re
import signal
import socket
import threading

from e2e import check, check_equal, main, test, wait_until

PATTERN = ("--device", "pattern", "-r", "160x120", "-f", "50")
STAMP = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z"
TOOLS = ("shm-capture", "shm-inspect", "shm-mjpeg", "shm-record", "shm-bench")


def text_of(path):
    try:
        with open(path, encoding="utf-8") as file:
            return file.read()
    except FileNotFoundError:
        return ""


@test
def a_log_file_takes_the_place_of_standard_error(place):
    log = os.path.join(place.scratch, "log")
    result = place.run("shm-capture", *PATTERN, "--name", place.segment(), "--count", 3, "--log-file", log).expect(0)
    check_equal(result.err, "", "standard error")
    lines = text_of(log).splitlines()
    check(any("publishing" in line for line in lines), lambda: str(lines))
    for line in lines:
        check(re.match(STAMP + r" shm-capture\[\d+\] (error|warn |info |debug) \S", line), line)


@test
def last_words_are_in_the_file_and_on_standard_error_in_every_tool(place):
    log = os.path.join(place.scratch, "log")
    wrong = {"shm-capture": ("-d", "/no/film.mp4"), "shm-inspect": ("nobody",), "shm-mjpeg": ("--port", "1"),
             "shm-record": ("nobody", "-o", "x.mkv", "--timeout", "0s"),
             "shm-bench": ("nobody", "--timeout", "0s")}
    if os.geteuid() == 0:
        wrong["shm-mjpeg"] = ("--host", "192.0.2.1")  # root may have port 1
    for name in TOOLS:
        result = place.run(name, *wrong[name], "--log-file", log)
        check(result.status in (1, 4), lambda: f"no failure: {result}")
        lines = result.err.splitlines()
        check(len(lines) == 1 and lines[0].startswith(f"{name}: "), lambda: f"not one line: {result}")
        said = lines[0].partition(": ")[2]
        check(said.count(said[:20]) == 1, lambda: f"told twice: {result}")
        check(re.search(rf"{name}\[\d+\] error {re.escape(said)}$", text_of(log), re.M), lambda: text_of(log))


@test
def a_log_file_that_cannot_be_is_refused_before_anything_is_done(place):
    for name in TOOLS:
        result = place.run(name, "--log-file", "/no/such/folder/log")
        if name == "shm-record":
            check(result.status in (1, 2), lambda: str(result))  # it has no --output either
            continue
        check_equal(result.status, 1, f"the status of {name}")
        check_equal(result.err, f"{name}: cannot open the log file '/no/such/folder/log': No such file or directory; "
                    "make its directory first\n", "the sentence")


@test
def a_log_file_that_is_moved_away_is_made_anew_at_sighup(place):
    log = os.path.join(place.scratch, "log")
    capture = place.start("shm-capture", *PATTERN, "--name", place.segment(), "--log-file", log, "--verbose")
    wait_until(lambda: "publishing" in text_of(log), 20, "the first messages")
    os.rename(log, log + ".1")
    capture.send_signal(signal.SIGHUP)
    wait_until(lambda: os.path.exists(log), 20, "the new file")
    capture.stop().expect(0)
    check("published" in text_of(log), lambda: f"the last message is not in the new file: {text_of(log)!r}")
    check("publishing" in text_of(log + ".1") and "published" not in text_of(log + ".1"), "the old one was written on")


@test
def two_tools_with_one_file_do_not_mix_their_lines(place):
    log = os.path.join(place.scratch, "log")
    tools = [place.start("shm-capture", "-d", f"http://127.0.0.1:1/{'x' * 3000}{i}", "--wait-device", "--verbose",
                         "--name", place.segment(), "--log-file", log) for i in range(4)]
    wait_until(lambda: text_of(log).count("\n") > 20, 30, "messages")
    for one in tools:
        one.stop().expect(0)
    lines = text_of(log).splitlines()
    for line in lines:
        check(re.match(STAMP + r" shm-capture\[\d+\] \w+ ", line) and len(re.findall(STAMP, line)) == 1,
              lambda: f"a mixed line: {line[:200]!r}")
    check_equal(len({re.search(r"\[(\d+)\]", line).group(1) for line in lines}), 4, "who wrote")


@test
def a_full_disk_is_told_once_and_stops_nothing(place):
    result = place.run("shm-capture", *PATTERN, "--name", place.segment(), "--count", 20, "--verbose",
                       "--log-file", "/dev/full").expect(0)
    check_equal(result.err, "shm-capture: cannot write to the log file '/dev/full': No space left on device; "
                "goes on without it\n", "what is said")


@test
def json_messages_are_objects_with_everything(place):
    result = place.run("shm-capture", *PATTERN, "--name", place.segment(), "--count", 3, "--log-format", "json")
    for line in result.expect(0).err.splitlines():
        found = json.loads(line)
        check_equal(found["program"], "shm-capture", "program")
        check(re.fullmatch(STAMP, found["time"]) and found["level"] == "info" and found["pid"] > 0, line)
    failed = place.run("shm-inspect", "nobody", "--log-format", "json")
    check_equal(json.loads(failed.err)["level"], "error", "the level of last words")


class FlakyServer:
    """Takes connections on a port, and closes them at once."""

    def __init__(self):
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port = self._socket.getsockname()[1]
        self.count = 0
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self):
        while True:
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            self.count += 1
            connection.close()

    def close(self):
        self._socket.close()


@test
def attempts_that_fail_in_the_same_way_are_folded(place):
    server = FlakyServer()
    capture = place.start("shm-capture", "-d", f"http://127.0.0.1:{server.port}/x", "--name", place.segment(),
                          "--wait-device", "--verbose")
    wait_until(lambda: server.count >= 7, 60, "seven attempts")
    lines = capture.stop().expect(0).err.splitlines()
    server.close()
    bodies = [re.sub(rf"^{STAMP} ", "", line) for line in lines]
    check(all(" @ 0x" not in body for body in bodies), lambda: "addresses in\n" + "\n".join(lines))
    often = [body for body in set(bodies) if bodies.count(body) > 3]
    check(not often and len(bodies) < 25, lambda: f"again and again: {often}, in\n" + "\n".join(lines))


main()
