# SPDX-License-Identifier: Apache-2.0
"""Who may see what: each role on each path, of its own segment, another one and one that is not there."""
from admission import *
from e2e import *
from serving import *

PATIENCE = 60  # seconds
# Below a segment's name, and what there is to be said of it.
OF_VIEWERS = ["/", "/stream/video", "/stream/video/shm", "/stream/video/frame", "/stream/video/shm/frame",
              "/stream/video/raw", "/stream/video/shm/raw", "/stream/video/status", "/stream", "/stream.mjpg",
              "/snapshot", "/snapshot.jpg", "/?action=stream", "/?action=snapshot"]
OF_ADMINS = ["/state", "/metrics"]
UNKNOWN = ["/nowhere", "/stream/", "/nowhere.ico", "/static", "/..", "/s", "/s/", "/s//snapshot"]


def two_segments(place):
    """The names of two that publish."""
    names = [place.segment(stem) for stem in ("front", "garden")]
    for name in names:
        start_pattern(place, name, "320x240")
    return names


def expected(role, where, kind):
    """The status. `where` is own, other, absent (in paths with a name), or usual (paths without one)."""
    if role == "nobody":
        return 200 if kind == "health" and where == "usual" else 401
    if role == "admin":
        return 404 if kind == "unknown" or where == "absent" else 200
    if kind == "health" and where == "usual":
        return 200
    is_his = where == "own" or (where == "usual" and role == "front") or role == "viewer"
    if kind == "admins" or not is_his:
        return 403
    return 404 if kind == "unknown" or where == "absent" else 200


@test
def each_role_sees_what_it_may_and_nothing_else(place):
    front, garden = two_segments(place)
    server = guarded(place, front, garden)
    roles = {"nobody": None, "admin": bearer(ADMIN), "viewer": bearer(VIEWER), "front": bearer(FRONT),
             "garden": bearer(GARDEN), "ann": basic("ann", PASSWORD), "by-url": basic("x", GARDEN)}
    paths = [(p, "viewers") for p in OF_VIEWERS] + [(p, "admins") for p in OF_ADMINS] + [("/healthz", "health")]
    wrong = []
    for name, who in roles.items():
        role = {"ann": "garden", "by-url": "garden"}.get(name, name)
        prefixes = {"usual": "", "absent": "/s/no-such-segment"}
        prefixes |= {"own": f"/s/{garden}", "other": f"/s/{front}"} if role != "front" else \
            {"own": f"/s/{front}", "other": f"/s/{garden}"}
        for where, prefix in prefixes.items():
            for path, kind in paths + [(p, "unknown") for p in UNKNOWN if where == "usual" or not p.startswith("/s")]:
                got = ask(server.port, prefix + path, who)
                want = expected(role, where, kind)
                if got.status != want:
                    wrong.append(f"{name}: {prefix + path}: {got.status}, not {want}: {got.body[:200]}")
    check(not wrong, "\n".join(wrong))


@test
def without_a_right_answer_all_paths_are_alike(place):
    front, garden = two_segments(place)
    server = guarded(place, front, garden)

    def seen(path, authorization, method):
        answer = ask(server.port, path, authorization, method)
        kept = {name: value for name, value in answer.headers if name != "date"}
        return answer.status, sorted(kept.items()), answer.body
    for authorization in (None, bearer("a-wrong-token-of-nobody"), basic("ann", "wrong"), "Digest x", "Bearer"):
        for method in ("GET", "OPTIONS", "DELETE", "X"):
            answers = {str(seen(path, authorization, method)) for path in
                       ("/", "/snapshot", "/metrics", f"/s/{front}/", f"/s/{front}/healthz", "/s/none/healthz",
                        f"/s/{garden}", "/s/none/", "/none", "/static/none", "*")}
            check_equal(len(answers), 1, f"kinds of answers to {method} with {authorization}: {answers}")
    body = ask(server.port, "/healthz").body.decode()
    check(front not in body and garden not in body, f"/healthz tells: {body}")
    challenge = ask(server.port, "/").header("www-authenticate")
    check('Basic realm="shm-video", charset="UTF-8"' in challenge and "Bearer" in challenge, challenge)
    # Of others' segments, one who is known learns as little.
    answers = {str(seen(path, bearer(GARDEN), "GET")) for path in
               ("/snapshot", f"/s/{front}/snapshot", "/s/none/snapshot", f"/s/{front}/none", "/metrics", "/none")}
    check_equal(len(answers), 1, f"kinds of answers to a guest: {answers}")


@test
def status_tells_each_role_what_it_may_know(place):
    front, garden = two_segments(place)
    server = guarded(place, front, garden)
    watching = socket.create_connection(("127.0.0.1", server.port), timeout=PATIENCE)
    watching.sendall((f"GET /s/{garden}/stream/video HTTP/1.1\r\nHost: a\r\n"
                      f"Authorization: {bearer(ADMIN)}\r\n\r\n").encode())
    check(watching.recv(1000).startswith(b"HTTP/1.1 200"), "no stream")

    def status(authorization):
        return json.loads(ask(server.port, f"/s/{garden}/stream/video/status", authorization).body)
    as_admin, as_guest, as_viewer = (status(bearer(token)) for token in (ADMIN, GARDEN, VIEWER))
    check_equal([each["name"] for each in as_admin["segments"]], [front, garden], "segments for an admin")
    check_equal([each["name"] for each in as_viewer["segments"]], [front, garden], "segments for a viewer of all")
    check_equal([each["name"] for each in as_guest["segments"]], [garden], "segments for a guest")
    check(as_admin["clients"][0]["peer"].startswith("127.0.0.1:"), as_admin["clients"])
    for each in (as_guest, as_viewer):
        check_equal(each["clients"][0]["peer"], "", "the address of another client")
        check("127.0.0.1" not in json.dumps(each), each)
    check(front not in json.dumps(as_guest), as_guest)
    health = json.loads(ask(server.port, "/healthz", bearer(GARDEN)).body)
    check_equal([each["name"] for each in health["segments"]], [garden], "the health that a guest is told")
    check_equal(ask(server.port, "/healthz").status, 200, "the health for anybody")
    watching.close()


def shows_later(stream, moment):
    """Whether pictures come that were captured after that, or the stream ends."""
    try:
        return any(float(headers["x-timestamp"]) > moment for headers, _ in stream)
    except (JpegError, http.client.HTTPException, ConnectionError):
        return False


@test
def a_change_counts_at_once_and_ends_only_the_streams_of_those_who_are_gone(place):
    front, garden = two_segments(place)
    server = guarded(place, front, garden)
    tokens = {ADMIN: front, VIEWER: garden, FRONT: front, GARDEN: garden}
    streams = {}
    for token, name in tokens.items():
        streams[token] = MjpegStream(server.port, f"/s/{name}/stream/video", timeout=PATIENCE,
                                     headers={"Authorization": bearer(token)})
        next(iter(streams[token]))
    by_password = MjpegStream(server.port, f"/s/{garden}/stream/video", timeout=PATIENCE,
                              headers={"Authorization": basic("ann", PASSWORD)})
    next(iter(by_password))
    # One is gone, one is for another segment now, one has become an admin; the user's password is another.
    other_hash = HASH.replace("saltsalt", "saltsalu")
    write_rules(place, [f"token admin {ADMIN}", f"token admin {VIEWER}", f"token viewer:{garden} {FRONT}",
                        f"user viewer:{garden} ann {other_hash}"])
    hang_up(server, r"read again: 4 entries")
    done = time.time()
    for stream, stays in ((streams[ADMIN], True), (streams[VIEWER], True), (streams[FRONT], False),
                          (streams[GARDEN], False), (by_password, False)):
        check_equal(shows_later(stream, done), stays, "whether a stream goes on")
        stream.close()
    check_equal(ask(server.port, "/metrics", bearer(VIEWER)).status, 200, "what has become an admin")
    check_equal(ask(server.port, "/", bearer(GARDEN)).status, 401, "what is gone")
    check_equal(ask(server.port, f"/s/{garden}/", basic("ann", PASSWORD)).status, 401, "the old password")
    # A mistake: what was in force stays.
    write_rules(place, [f"token admin {ADMIN}", f"token nobody {FRONT}"])
    hang_up(server, r"auth:2: .*stays as it was")
    check_equal(ask(server.port, f"/s/{garden}/", bearer(FRONT)).status, 200, "what was in force")
    check(FRONT not in server.process.err, "the log has a token")
    os.unlink(os.path.join(place.scratch, "auth"))
    hang_up(server, r"No such file.*stays as it was")
    check_equal(ask(server.port, "/").status, 401, "without a file")


@test
def a_door_that_asks_is_not_opened_by_what_is_missing_from_a_configuration(place):
    front, _ = two_segments(place)
    write_rules(place, [f"token admin {ADMIN}"])
    path = os.path.join(place.scratch, "settings.json")
    with open(path, "w", encoding="utf-8") as file:
        json.dump({"shm-mjpeg": {"auth_file": os.path.join(place.scratch, "auth")}}, file)
    server = Server(place, front, "--config", path)
    check_equal(ask(server.port, "/").status, 401, "a stranger")
    with open(path, "w", encoding="utf-8") as file:
        json.dump({}, file)
    hang_up(server, r"no file of users and tokens is named any more; .*auth counts until a restart")
    check_equal(ask(server.port, "/").status, 401, "a stranger, after the file's name was taken out")
    check_equal(ask(server.port, "/", bearer(ADMIN)).status, 200, "who is known")


@test
def a_mistake_at_the_start_is_one_line_with_its_place(place):
    name = place.segment()
    admin = f"token admin {ADMIN}"
    for lines, mode, words in (([admin, f"token viewer:{name}"], 0o600, r"auth:2: the token is missing"),
                               (["user admin ann secret-word-in-plain"], 0o600, r"auth:1: .*mkpasswd"),
                               (["# nobody"], 0o600, r"nobody could come in"),
                               ([admin], 0o606, r"everybody may write it")):
        path = write_rules(place, lines, mode)
        result = place.run("shm-mjpeg", name, "--port", 0, "--auth-file", path).expect(2)
        check(re.search(words, result.err) and result.err.count("\n") == 1, result.err)
        check("secret-word" not in result.err and ADMIN not in result.err, f"a secret: {result.err}")
    result = place.run("shm-mjpeg", name, "--port", 0, "--auth-file", place.scratch + "/none").expect(2)
    check("none: cannot be read" in result.err, result.err)
    server = Server(place, name, "--auth-file", write_rules(place, [f"token admin {ADMIN}"], 0o644))
    server.process.wait_for_output(r"every user of this machine may read it", PATIENCE)


main()
