# SPDX-License-Identifier: Apache-2.0
"""What the scripts about who may come in share: a server with users and tokens, and questions to it."""
import base64
import http.client
import os
import re
import signal
import socket

from e2e import check, wait_until
from serving import Server

ADMIN, VIEWER, FRONT, GARDEN = (f"{word}-token-of-these-tests" for word in ("admin", "viewer", "front", "garden"))
PASSWORD = "correct horse"
# Of that password; the salt and the few rounds make it quick.
HASH = ("$6$rounds=1000$saltsalt$4GMtaIz3E1AdDi2SmCokEW0ehi.HdxNDcL3f"
        "GE1XXuzvo6kbx7UOloZKONqEk5H3JrQA4NOfU8BmqFPrpGqwA1")


def rules(front="front", garden="garden"):
    """Lines for each kind of entry; the two are segments."""
    return [f"token admin {ADMIN}", f"token viewer {VIEWER}", f"token viewer:{front} {FRONT}",
            f"token viewer:{garden} {GARDEN}", f"user viewer:{garden} ann {HASH}", f"user admin root {HASH}"]


def write_rules(place, lines, mode=0o600):
    path = os.path.join(place.scratch, "auth")
    with open(path + ".new", "w", encoding="utf-8") as file:
        file.write("\n".join(lines) + "\n")
    os.chmod(path + ".new", mode)
    os.replace(path + ".new", path)
    return path


def hang_up(server, pattern, seconds=60):
    """SIGHUP, and waits until it says that it has done what it does then."""
    before = len(server.process.err)
    server.process.send_signal(signal.SIGHUP)
    wait_until(lambda: re.search(pattern, server.process.err[before:]), seconds, pattern)


def guarded(place, *names, lines=None, options=()):
    """A server of these segments that lets in those of `lines`."""
    lines = lines or rules(names[0], names[-1])
    return Server(place, *names, "--auth-file", write_rules(place, lines), *options)


def basic(user, password):
    return "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()


def bearer(token):
    return "Bearer " + token


class Answer:
    def __init__(self, response, body):
        self.status, self.body = response.status, body
        self.headers = [(name.lower(), value) for name, value in response.getheaders()]

    def header(self, name):
        """All of that name, joined."""
        return ", ".join(value for each, value in self.headers if each == name.lower())


def ask(port, path, authorization=None, method="GET", body=True, timeout=60, **headers):
    """One request on a connection of its own; of streams only the head. Names of headers with _ for -."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=timeout)
    try:
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        if authorization:
            sent["Authorization"] = authorization
        connection.putrequest(method, path, skip_accept_encoding=True)
        for name, value in sent.items():
            connection.putheader(name, value)
        connection.endheaders()
        response = connection.getresponse()
        is_stream = "multipart" in (response.getheader("content-type") or "")
        return Answer(response, response.read() if body and not is_stream else b"")
    finally:
        connection.close()


def raw(port, data, seconds=60):
    """Sends bytes as they are and gives all that comes back until the server hangs up."""
    with socket.create_connection(("127.0.0.1", port), timeout=seconds) as connection:
        connection.sendall(data)
        connection.shutdown(socket.SHUT_WR)
        answer = b""
        while piece := connection.recv(65536):
            answer += piece
            check(len(answer) < 1 << 20, "an answer without an end")
        return answer
