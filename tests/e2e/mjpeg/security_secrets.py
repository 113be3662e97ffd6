# SPDX-License-Identifier: Apache-2.0
"""Nothing that comes over HTTP runs a command or names a file, no secret is shown anywhere, and guessing ends."""
from admission import *
from e2e import *
from serving import *

PATIENCE = 60  # seconds
MARK = "named-by-a-request"


def requests():
    """Paths and headers of all kinds, with a mark where a name could be taken for one of a file or a command."""
    corpus = os.environ.get("SHMVIDEO_REQUEST_CORPUS", "")
    for entry in sorted(os.listdir(corpus)) if corpus else ():
        with open(os.path.join(corpus, entry), "rb") as file:
            yield file.read()[2:]  # after how the fuzzer cuts it
    values = [MARK, f"/tmp/{MARK}", f"../{MARK}", f"$(touch /tmp/{MARK})", f"`touch /tmp/{MARK}`",
              f";touch /tmp/{MARK}", f"|/tmp/{MARK}", f"file:///tmp/{MARK}", f"%2ftmp%2f{MARK}", f"%00{MARK}"]
    places = ["/{}", "/s/{}/", "/s/{}/snapshot", "/s/{}/stream/video", "/snapshot?key={}", "/stream/video?key={}",
              "/?action={}", "/stream/video/raw?format={}", "/snapshot?{}=1", "/snapshot?width={}", "/metrics?{}",
              "/healthz?{}=1", "/s/private.{}/", "/openapi.json?{}"]
    for place in places:
        for value in values:
            target = place.format(value.replace(" ", "%20"))
            yield f"GET {target} HTTP/1.1\r\nHost: {MARK}\r\nConnection: close\r\n\r\n".encode("latin-1")
    for value in values:
        yield (f"GET /snapshot HTTP/1.1\r\nHost: a\r\nUser-Agent: {value}\r\nCookie: {value}\r\nOrigin: {value}\r\n"
               f"Referer: {value}\r\nX-Forwarded-For: {value}\r\nIf-None-Match: {value}\r\n"
               "Connection: close\r\n\r\n").encode()
        yield f"PUT /{value} HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc".encode()


@test
def nothing_over_http_runs_a_command_or_names_a_file(place):
    require("strace")
    if place.run(shutil.which("strace"), "-o", "/dev/null", "true").status != 0:
        skip("strace may not trace here")
    name = place.segment()
    start_pattern(place, name, "320x240")
    folder = os.path.join(place.scratch, "files")
    os.mkdir(folder)
    log = os.path.join(place.scratch, "calls")
    calls = "execve,execveat,fork,vfork,clone,clone3,open,openat,openat2,creat,unlink,unlinkat,rename,renameat," \
            "renameat2,mkdir,mkdirat,link,linkat,symlink,symlinkat,mknod,mknodat,truncate,chmod,fchmodat,connect"
    server = place.start(shutil.which("strace"), "-f", "-o", log, "-e", "trace=" + calls, "-s", "300",
                         tool("shm-mjpeg"), name, "--port", 0, "--static", folder, "--allow-origin", "*")
    port = int(server.wait_for_output(r"listening on http://\S+:(\d+)/", PATIENCE).group(1))
    check_equal(http_get(port, "/snapshot", timeout=PATIENCE)[0], 200, "a picture")  # all threads are there
    with open(log, encoding="utf-8", errors="replace") as file:
        before = len(file.read())
    count = 0
    for data in requests():
        with contextlib.suppress(ConnectionError, socket.timeout):
            with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE) as connection:
                connection.sendall(data)
                connection.shutdown(socket.SHUT_WR)
                while len(connection.recv(65536)) > 0:
                    if b"stream" in data:
                        break
        count += 1
    check(count > 150, f"{count} requests")
    check_equal(ask(port, f"/static/{MARK}/x").status, 404, "a file that is not there")
    wait_until(lambda: MARK in open(log, encoding="utf-8", errors="replace").read()[before:], PATIENCE,
               "the one name that is looked for")
    with open(log, encoding="utf-8", errors="replace") as file:
        lines = file.read()[before:].splitlines()
    made = [re.sub(r"^\d+ +", "", line) for line in lines if "resumed>" not in line]
    commands = [line for line in made if re.match(r"(execve|fork|vfork|creat|unlink|rename|mkdir|link|symlink|mknod|"
                                                  r"truncate|chmod|fchmod|connect)", line)]
    check(not commands, f"calls that no request may lead to: {commands}")
    # A thread is no process.
    processes = [line for line in made if line.startswith("clone") and "CLONE_THREAD" not in line]
    check(not processes, f"new processes: {processes}")
    named = [line for line in made if MARK in line or "passwd" in line]
    others = [line for line in named if not re.match(r"openat2\(\d+, .*RESOLVE_NO_SYMLINKS.*RESOLVE_BENEATH|"
                                                     r"openat2\(\d+, .*RESOLVE_BENEATH.*RESOLVE_NO_SYMLINKS|"
                                                     r"openat2\(\d+, .*resolve=0x[0-9a-f]+", line)]
    check(named and not others, f"names of files out of requests: {others}")
    check(not os.path.exists(f"/tmp/{MARK}"), "a request made a file")
    with open(log, encoding="utf-8", errors="replace") as file:
        os.kill(int(file.read(100).split()[0]), signal.SIGTERM)  # the server's own: strace would leave it alone
    server.wait(PATIENCE)


@test
def no_secret_is_shown_anywhere(place):
    name = place.segment()
    start_pattern(place, name, "320x240")
    path = write_rules(place, rules(name, name))
    arguments = (name, "--auth-file", path, "--log-level", "debug", "--frame-log-interval", "1")
    server = Server(place, *arguments)
    wrong = "a-wrong-secret-that-was-typed"
    shown = [place.run("shm-mjpeg", *arguments, "--print-config").expect().out]
    for who in (bearer(ADMIN), bearer(wrong), basic("root", PASSWORD), basic("root", wrong), basic(wrong, "x"),
                basic("x", ADMIN), "Basic " + wrong, wrong):
        for path_asked in ("/", "/snapshot", "/stream/video", "/metrics", "/state", "/stream/video/status", "/none",
                           "/healthz", "/s/none/"):
            answer = ask(server.port, path_asked, who)
            shown.append(str(answer.headers) + answer.body.decode("latin-1"))
    hang_up(server, "read again: 6 entries")
    with open(f"/proc/{server.process.pid}/cmdline", encoding="utf-8") as file:
        shown.append(file.read())
    with open(f"/proc/{server.process.pid}/environ", encoding="utf-8") as file:
        shown.append(file.read())
    check("wrong password" in server.process.err and "wrong token" in server.process.err, "the log tells nothing")
    shown += [server.process.out, server.process.err]
    for secret in (ADMIN, VIEWER, FRONT, GARDEN, PASSWORD, HASH, wrong, basic("root", PASSWORD)[6:]):
        for text in shown:
            check(secret not in text, lambda s=secret, t=text: f"{s} is in: {t[max(0, t.find(s) - 300):][:600]}")


@test
def guessing_ends_but_not_for_those_who_are_known(place):
    name = place.segment()
    start_pattern(place, name, "320x240")
    server = guarded(place, name, name, lines=[f"token admin {ADMIN}", f"user viewer ann {HASH}"])
    check_equal(ask(server.port, "/", basic("ann", PASSWORD)).status, 200, "a user")
    stream = MjpegStream(server.port, "/stream/video", timeout=PATIENCE,
                         headers={"Authorization": basic("ann", PASSWORD)})
    # One that is stubborn is no guesser.
    for _ in range(40):
        check_equal(ask(server.port, "/", basic("ann", "an old password")).status, 401, "the same wrong one again")
    check_equal(ask(server.port, "/", basic("ann", PASSWORD)).status, 200, "a user beside it")
    statuses = [ask(server.port, "/", basic("ann", f"guess {i}")).status for i in range(60)]
    # Ten, and one more for each six seconds that this takes.
    check(statuses.count(401) < 60 and statuses[-1] in (401, 429), f"answers to guesses: {statuses}")
    check(429 in statuses, f"answers to guesses: {statuses}")
    refused = wait_until(lambda: (a := ask(server.port, "/", basic("eve", str(time.monotonic())))).status == 429 and a,
                         PATIENCE, "a guess that is not looked at")
    check(1 <= int(refused.header("retry-after")) <= 6, refused.headers)
    check_equal(ask(server.port, "/", bearer(ADMIN)).status, 200, "a token, which nobody guesses")
    next(iter(stream))  # who is in stays in
    stream.close()
    check_equal(len(re.findall(r"gave a wrong password", server.process.err)) < 60, True, "lines in the log")


main()
