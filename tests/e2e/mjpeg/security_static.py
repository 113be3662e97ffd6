# SPDX-License-Identifier: Apache-2.0
"""--static: what is served of a folder, and that nothing leads out of it."""
from admission import *
from e2e import *
from serving import *

SECRET = "this-is-not-in-the-folder"


def fill(place):
    """A folder with files, and one beside it that must never be served."""
    folder = os.path.join(place.scratch, "files")
    os.makedirs(folder + "/pictures")
    os.makedirs(folder + "/.git")
    with open(place.scratch + "/secret", "w", encoding="utf-8") as file:
        file.write(SECRET)
    for name, text in (("index.html", "<p>files"), ("a b.txt", "text"), ("app.js", "1"), ("pictures/index.html", "<p>"),
                       (".hidden", SECRET), (".git/config", SECRET), ("pictures/x.bin", "x" * 100)):
        with open(f"{folder}/{name}", "w", encoding="utf-8") as file:
            file.write(text)
    os.symlink("../secret", folder + "/link")
    os.symlink(place.scratch, folder + "/up")
    os.symlink("a b.txt", folder + "/within")
    os.symlink("/", folder + "/root")
    os.mkfifo(folder + "/pipe")
    with contextlib.suppress(OSError):
        os.mknod(folder + "/device", 0o644 | 0o020000, os.makedev(1, 5))  # zeroes without an end
    return folder


def start(place, *options):
    return Server(place, place.segment(), "--static", fill(place), *options)


@test
def files_are_served_as_they_are(place):
    server = start(place)
    for path, status, kind, body in (
            ("/static/", 200, "text/html; charset=utf-8", b"<p>files"),
            ("/static/index.html", 200, "text/html; charset=utf-8", b"<p>files"),
            ("/static/a%20b.txt", 200, "text/plain; charset=utf-8", b"text"),
            ("/static/app.js?_=17", 200, "text/javascript; charset=utf-8", b"1"),
            ("/static/pictures/", 200, "text/html; charset=utf-8", b"<p>"),
            ("/static/pictures/x.bin", 200, "application/octet-stream", b"x" * 100),
            ("/static/pictures", 308, "application/json", None),
            ("/static/none", 404, "application/json", None),
            ("/static", 404, "application/json", None),
            ("/s/none/static/index.html", 404, "application/json", None)):
        answer = ask(server.port, path)
        check_equal((answer.status, answer.header("content-type")), (status, kind), path)
        check(body is None or answer.body == body, f"{path}: {answer.body!r}")
        check_equal(answer.header("x-content-type-options"), "nosniff", path)
        head = ask(server.port, path, method="HEAD")
        check_equal((head.status, head.header("content-length"), head.body),
                    (status, str(len(answer.body)), b""), f"HEAD {path}")
    check_equal(ask(server.port, "/static/pictures").header("location"), "./pictures/", "where the folder is")
    check_equal(ask(server.port, "/static/", method="PUT").status, 405, "PUT")


@test
def who_has_a_file_is_told_so(place):
    server = start(place)
    first = ask(server.port, "/static/app.js")
    tag, changed = first.header("etag"), first.header("last-modified")
    check(tag and changed.endswith(" GMT"), first.headers)
    for headers, status in (({"If_None_Match": tag}, 304), ({"If_None_Match": '"x", W/' + tag}, 304),
                            ({"If_Modified_Since": changed}, 304), ({"If_None_Match": '"x"'}, 200),
                            ({"If_None_Match": '"x"', "If_Modified_Since": changed}, 200),
                            ({"If_Modified_Since": "Sun, 06 Nov 1994 08:49:37 GMT"}, 200)):
        answer = ask(server.port, "/static/app.js", **headers)
        check_equal(answer.status, status, f"with {headers}")
        check(status == 200 or not answer.body, f"304 with a body: {answer.body!r}")
    os.utime(place.scratch + "/files/app.js", (1, 1))
    check_equal(ask(server.port, "/static/app.js", If_None_Match=tag).status, 200, "once it has changed")


@test
def nothing_leads_out_of_the_folder(place):
    server = start(place)
    outside = place.scratch + "/secret"
    ways = ["../secret", "%2e%2e/secret", "%2E%2E/secret", ".%2e/secret", "..%2fsecret", "%2e%2e%2fsecret",
            "..%5csecret", "..\\secret", "%252e%252e/secret", "%252e%252e%252fsecret", "..%c0%afsecret", "..%00/secret",
            "%00../secret", "pictures/../../secret", "pictures/%2e%2e/%2e%2e/secret", "./../secret", "....//secret",
            "/../secret", "link", "up/secret", "root" + outside, outside, "/" + outside, outside.replace("/", "%2f"),
            ".hidden", "%2ehidden", ".git/config", "%2egit/config", "pipe", "device", "within",
            "proc/self/environ", "/proc/self/environ", "..;/secret", "..%u2215secret", "file://" + outside,
            "app.js/../../secret", "app.js%00.html", "x" * 5000, "a/" * 2000, "%2e" * 1000, "index.html/"]
    for way in ways:
        request = f"GET /static/{way} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
        answer = raw(server.port, request.encode("latin-1"))
        status = answer.split(b" ", 2)[1]
        check(status in (b"404", b"400"), f"{way}: {answer[:300]!r}")
        check(SECRET.encode() not in answer and b"root:" not in answer, f"{way}: {answer[:300]!r}")
    # The same by a request line that has more than a path.
    for target in ("http://a/static/../secret", "http://a/static/%2e%2e/secret", "*/static/../secret"):
        answer = raw(server.port, f"GET {target} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n".encode())
        check(SECRET.encode() not in answer, f"{target}: {answer[:300]!r}")
    check_equal(ask(server.port, "/static/app.js").status, 200, "the server afterwards")


@test
def what_is_on_its_way_is_limited_and_does_not_stop_others(place):
    folder = fill(place)
    for name, size in (("most", 16 << 20), ("more", (16 << 20) + 1)):
        with open(f"{folder}/{name}", "wb") as file:
            file.truncate(size)
    server = Server(place, place.segment(), "--static", folder)
    check_equal(ask(server.port, "/static/more").status, 403, "a file that is too large")
    check_equal(len(ask(server.port, "/static/most").body), 16 << 20, "the bytes of the largest")
    waiting = []
    for _ in range(8):
        connection = socket.create_connection(("127.0.0.1", server.port), timeout=60)
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        connection.sendall(b"GET /static/most HTTP/1.1\r\nHost: a\r\n\r\n")
        waiting.append(connection)
    statuses = sorted(connection.recv(12) for connection in waiting)
    check(statuses[-1] == b"HTTP/1.1 503" and statuses[0] == b"HTTP/1.1 200", f"answers: {statuses}")
    check_equal(ask(server.port, "/healthz").status, 503, "the health of no segment")  # but it is told
    for connection in waiting:
        connection.close()
    wait_until(lambda: ask(server.port, "/static/most", method="HEAD").status == 200, 60, "room for others")


@test
def files_are_for_those_who_are_let_in(place):
    name = place.segment()
    server = guarded(place, name, "garden", options=("--static", fill(place)))
    for who, status in ((None, 401), (bearer(ADMIN), 200), (bearer(GARDEN), 200), (basic("ann", PASSWORD), 200)):
        check_equal(ask(server.port, "/static/app.js", who).status, status, f"for {who}")
        check_equal(ask(server.port, "/static/none", who).status, 404 if who else 401, f"nothing, for {who}")


@test
def without_the_option_there_are_no_files_and_what_is_no_folder_is_refused(place):
    name = place.segment()
    server = Server(place, name)
    check_equal(ask(server.port, "/static/index.html").status, 404, "without --static")
    for path in (place.scratch + "/none", "/etc/passwd"):
        result = place.run("shm-mjpeg", name, "--port", 0, "--static", path).expect(2)
        check(path in result.err and result.err.count("\n") == 1, result.err)


@test
def what_is_configured_changes_while_a_viewer_watches(place):
    name = place.segment()
    start_pattern(place, name, "320x240")
    folder, config = fill(place), os.path.join(place.scratch, "settings.json")

    def configure(**options):
        with open(config + ".new", "w", encoding="utf-8") as file:
            json.dump({"shm-mjpeg": options}, file)
        os.replace(config + ".new", config)
    configure()
    server = Server(place, name, "--config", config)
    viewer = Viewer(server.port)
    viewer.wait_for(3)
    configure(static=folder, allow_origin=["https://home.example"])
    hang_up(server, r"configuration read again: .*static")
    wait_until(lambda: ask(server.port, "/static/app.js").status == 200, 60, "files")
    answer = ask(server.port, "/snapshot", Origin="https://home.example")
    check_equal(answer.header("access-control-allow-origin"), "https://home.example", "the origin")
    viewer.wait_for(len(viewer.parts) + 3)
    # From now on somebody has to be asked who he is: also the one who was not.
    configure(auth_file=write_rules(place, rules(name, name)))
    hang_up(server, r"read again: 6 entries")
    check_equal(ask(server.port, "/static/app.js").status, 401, "files for nobody")
    check_equal(ask(server.port, "/static/app.js", bearer(ADMIN)).status, 404, "files that are configured no more")
    wait_until(lambda: viewer.problem, 60, "the end of a stream that nobody may see")
    # But a configuration that is lost does not open the door again: that takes a restart.
    configure()
    hang_up(server, r"configuration read again: .*auth_file")
    check_equal(ask(server.port, "/snapshot").status, 401, "a stranger, when no file of users is named any more")


main()
