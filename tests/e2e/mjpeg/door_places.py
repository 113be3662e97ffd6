# SPDX-License-Identifier: Apache-2.0
"""Where shm-mjpeg listens: unix sockets, and sockets that somebody else made."""
import json
import os
import re
import signal
import socket
import stat
import subprocess
import sys

from doors import *
from e2e import *
from serving import start_pattern


def unix_path(place):
    return os.path.join(place.scratch, "door.sock")


@test
def a_unix_socket_serves_all_that_a_port_serves(place):
    require("curl")
    name, path = place.segment(), unix_path(place)
    start_pattern(place, name)
    server = Opened(place, name, "--unix", path, "--unix-mode", "600")
    check_equal(server.urls, [f"unix:{path}"], "where it listens")
    check_equal(stat.S_IMODE(os.lstat(path).st_mode), 0o600, "the socket's mode")
    got = place.run("/usr/bin/curl", "-sS", "--retry", 20, "--retry-delay", 1, "--fail", "-o", "now.jpg",
                    "--unix-socket", path, "http://localhost/snapshot", timeout=60).expect(0)
    with open(os.path.join(place.scratch, "now.jpg"), "rb") as picture:
        check_equal(jpeg_size(picture.read()), (640, 480), f"the picture ({got.err})")
    viewer = Watching(connect(path))
    viewer.wait_for_more()
    status = json.loads(ask(connect(path), "/stream/video/status")[2])
    check_equal(status["clients"][0]["peer"], f"unix (pid {os.getpid()})", "the viewer's name")
    viewer.close()
    server.process.stop().expect(0)
    check(not os.path.exists(path), "the socket is left")


@test
def a_stale_socket_is_replaced_and_a_live_one_or_a_file_is_not(place):
    name, path = place.segment(), unix_path(place)
    killed = Opened(place, name, "--unix", path)
    killed.process.kill()
    check(stat.S_ISSOCK(os.lstat(path).st_mode), "kill -9 left no socket behind")
    server = Opened(place, name, "--unix", path)
    refused = place.run("shm-mjpeg", name, "--unix", path).expect(1)
    check("is used by another program" in refused.err and len(refused.err.splitlines()) == 1, refused.err)
    check_equal(ask(connect(path), "/")[0], 200, "the first one's answer")
    server.process.stop().expect(0)
    with open(path, "w", encoding="utf-8") as file:
        file.write("precious")
    refused = place.run("shm-mjpeg", name, "--unix", path).expect(1)
    check("is no socket" in refused.err, refused.err)
    with open(path, encoding="utf-8") as file:
        check_equal(file.read(), "precious", "the file")


@test
def tcp_beside_a_unix_socket_is_for_those_who_ask_for_it(place):
    name, path = place.segment(), unix_path(place)
    both = Opened(place, name, "--unix", path, "--port", 0, count=2)
    check(both.urls[0].startswith("http://127.0.0.1:") and both.urls[1] == f"unix:{path}", both.urls)
    for to in (both.port, path):
        check_equal(ask(connect(to), "/")[0], 200, f"the page at {to}")
    both.process.stop().expect(0)
    config = os.path.join(place.scratch, "config.json")
    with open(config, "w", encoding="utf-8") as file:
        json.dump({"shm-mjpeg": {"port": 0, "unix": path}}, file)
    check_equal(len(Opened(place, name, "--config", config, count=2).urls), 2, "places of a configuration")


@test
def whom_a_request_is_for_is_believed_from_those_who_are_trusted_only(place):
    name, path = place.segment(), unix_path(place)
    start_pattern(place, name)
    server = Opened(place, name, "--unix", path, "--port", 0, count=2)
    line = "X-Forwarded-For: 198.51.100.7, 192.0.2.1"

    def peers(to):
        connection = connect(to)
        connection.sendall(f"GET /stream/video HTTP/1.1\r\nHost: a\r\n{line}\r\n\r\n".encode())
        hear(connection, lambda heard: heard.count(b"X-Timestamp") > 1)
        found = [client["peer"] for client in json.loads(ask(connect(path), "/stream/video/status")[2])["clients"]]
        connection.close()
        wait_until(lambda: not json.loads(ask(connect(path), "/stream/video/status")[2])["clients"], 30, "nobody")
        return found

    check_equal(peers(path), ["192.0.2.1"], "by a unix socket")
    check(peers(server.port)[0].startswith("127.0.0.1:"), "a stranger was believed")
    server.process.stop().expect(0)
    server = Opened(place, name, "--unix", path, "--port", 0, "--trusted-proxy", "192.0.2.0/24",
                    "--trusted-proxy", "127.0.0.1", count=2)
    check_equal(peers(server.port), ["198.51.100.7"], "by a proxy that is trusted, as the one before it is")


def listening(kind, place):
    """A socket that listens, as systemd would pass it on."""
    made = socket.socket(socket.AF_UNIX if kind == "unix" else socket.AF_INET)
    made.bind(unix_path(place) if kind == "unix" else ("127.0.0.1", 0))
    if kind != "idle":
        made.listen()
    return made


# Only the process itself knows the pid that the program will have.
PASS_ON = """
import fcntl, os, sys
pid, names, *rest = sys.argv[1:]
given, command = rest[:rest.index("--")], rest[rest.index("--") + 1:]
# First out of the way of where they go: one that is there already would stay closed to the program.
for number, fd in enumerate([fcntl.fcntl(int(fd), fcntl.F_DUPFD, 3 + len(given)) for fd in given]):
    os.dup2(fd, 3 + number, inheritable=True)
os.environ.update(LISTEN_PID=pid or str(os.getpid()), LISTEN_FDS=str(len(given)), LISTEN_FDNAMES=names)
os.execv(command[0], command)
"""


def passing(place, sockets, *options, names="", listen_pid=""):
    """shm-mjpeg with these as its descriptors 3, 4 ..."""
    fds = [one.fileno() for one in sockets]
    command = [sys.executable, "-c", PASS_ON, listen_pid, names, *map(str, fds), "--", tool("shm-mjpeg"),
               place.segment(), *map(str, options)]
    process = subprocess.Popen(command, env=place.env, cwd=place.scratch, stdin=subprocess.DEVNULL, pass_fds=fds,
                               stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    place._processes.append(PassedTo(process))
    return process


class PassedTo:
    """What Place wants of a process that it did not start."""

    command, out, err = ["shm-mjpeg"], "", ""

    def __init__(self, child):
        self._child = child

    is_running = property(lambda self: self._child.poll() is None)

    def send_signal(self, number):
        if self.is_running:
            self._child.send_signal(number)

    def wait(self, seconds):
        self._child.wait(seconds)

    kill = wait


@test
def sockets_that_were_passed_are_served_and_no_port_beside_them(place):
    tcp, unix = listening("tcp", place), listening("unix", place)
    process = passing(place, [tcp, unix], names="web:local")
    port = tcp.getsockname()[1]
    lines = [process.stdout.readline().strip() for _ in range(2)]
    check_equal(lines, [f"listening on http://127.0.0.1:{port}/", f"listening on unix:{unix_path(place)}"], "lines")
    for to in (port, unix_path(place)):
        check_equal(ask(connect(to), "/")[0], 200, f"the page at {to}")
    process.send_signal(signal.SIGTERM)
    out, err = process.communicate(timeout=30)
    check_equal((process.returncode, out), (0, ""), f"its end: {err}")
    check(os.path.exists(unix_path(place)), "it removed a socket that is not its own")


@test
def what_was_passed_to_somebody_else_is_left_alone_and_what_does_not_listen_is_refused(place):
    process = passing(place, [listening("tcp", place)], "--port", 0, listen_pid="1")
    check(process.stdout.readline().startswith("listening on http://127.0.0.1:"), "it does not listen by itself")
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=30)
    process = passing(place, [listening("idle", place)], names="web")
    out, err = process.communicate(timeout=30)
    check_equal((process.returncode, out), (1, ""), f"its end: {err}")
    check("descriptor 3 (web)" in err and len(err.splitlines()) == 1, err)


@test
def systemd_socket_activate_starts_it_with_the_first_connection(place):
    program = "/usr/bin/systemd-socket-activate"
    require(program)
    name, port = place.segment(), free_port()
    waiting = place.start(program, "-l", f"127.0.0.1:{port}", "--fdname=web", tool("shm-mjpeg"), name)
    waiting.wait_for_output("Listening on", 30)
    check_equal(ask(connect(port), "/")[0], 200, "the page")
    check_equal(re.findall(r"listening on (\S+)", waiting.out), [f"http://127.0.0.1:{port}/"], "where it listens")
    waiting.stop(signal.SIGTERM).expect(0)


main()
