# SPDX-License-Identifier: Apache-2.0
"""/openapi.json against the server that it describes."""
import hashlib
import pathlib
import signal

from description import Description, Validator, beyond
from e2e import *
from serving import *

DOCS = pathlib.Path(__file__).parents[3] / "docs" / "http.md"


def ask(server, path, headers=None, method="GET"):
    """(status, headers, body); of a stream the head alone, body None."""
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
    with contextlib.closing(connection):
        connection.request(method, path, headers=headers or {})
        response = connection.getresponse()
        fields = {k.lower(): v for k, v in response.getheaders()}
        is_stream = fields.get("content-type", "").startswith("multipart/")
        body = None if is_stream else response.read()
        response.close()  # has the socket, where the connection ends with it
        return response.status, fields, body


def asked_of(server, validator, path="/openapi.json"):
    status, headers, body = ask(server, path)
    check_equal((status, headers["content-type"]), (200, "application/json"), path)
    return Description(body, validator)


@contextlib.contextmanager
def described(place, *options, of=None):
    """A server and its description. `of`: arguments of shm-capture, None for no writer at all."""
    name = place.segment()
    if of is not None:
        start_pattern(place, name, "320x240", *of)
    server = Server(place, name, *options)
    if of is not None:
        wait_until(lambda: server.get("/snapshot")[0] == 200, 60, "a picture")
    with contextlib.closing(Validator()) as validator:
        yield name, server, asked_of(server, validator)


def paths_in_docs():
    """The first cells of the tables of docs/http.md that list paths."""
    text = DOCS.read_text(encoding="utf-8")
    paths = set()
    for heading in ("Paths", "Other names"):
        table = re.search(rf"^## {heading}\n(.*?)^## ", text, re.S | re.M).group(1)
        paths |= set(re.findall(r"^\| `([^`]+)` \|", table, re.M))
    return {path for path in paths if "?" not in path}


def real(path, name):
    return path.replace("{name}", name).replace("{file}", "style.css")


@test
def it_is_an_openapi_document_of_every_path_and_of_no_other(place):
    with described(place) as (name, server, description):
        description.check_itself()
        plain = {path for path in description.paths if not path.startswith("/s/")}
        check_equal(plain, paths_in_docs() | {"/page/{file}"}, "paths beside those of docs/http.md")
        check_equal({"/s/{name}" + path for path in plain}, set(description.paths) - plain, "paths below /s/{name}")
        with contextlib.closing(Validator()) as validator:
            below = asked_of(server, validator, f"/s/{name}/openapi.json")
            below.check_itself()
        check_equal(set(below.paths), plain, "paths of the document below the segment")
        for path in description.paths:
            check(ask(server, real(path, name))[0] != 404, f"{path} is described and not there")


@test
def answers_are_as_it_says(place):
    with described(place, of=("-m", "NV12")) as (name, server, description):
        for path in description.paths:
            address = real(path, name)
            status, headers, body = ask(server, address)
            check_equal(status, 200, f"status of {address}")
            description.check_answer(path, status, headers, body, address)
            if path.startswith("/s/"):
                nobody = real(path, "nobody")
                description.check_answer(path, *ask(server, nobody), nobody)
        for action in ("stream", "stream_0", "snapshot", "snapshot_0"):
            address = f"/?action={action}"
            description.check_answer("/", *ask(server, address), address)
        for path, query in (("/snapshot", ""), ("/stream/video/raw", "?format=BGR24"), ("/", "")):
            known = ask(server, path + query, {"If-None-Match": "*"})
            check_equal(known[0], 304, "status with If-None-Match: *")
            description.check_answer(path, *known, f"{path} with If-None-Match")
        missing = ask(server, "/page/nothing.js")
        check_equal(missing[0], 404, "status of a file that the page has not")
        description.check_answer("/page/{file}", *missing, "/page/nothing.js")
        refused = ask(server, "/stream/video/raw?format=H264")
        check_equal(refused[0], 406, "status of a raw frame that cannot be")
        description.check_answer("/stream/video/raw", *refused, "raw?format=H264")


@test
def reports_are_as_it_says_while_somebody_watches(place):
    with described(place, of=("-f", "15")) as (name, server, description):
        viewers = [Viewer(server.port, f"/stream/video?key={key}") for key in ("door", "a")]
        viewers.append(Viewer(server.port, "/stream/video?fps=2&width=160&extra_headers=1"))
        for viewer in viewers:
            viewer.wait_for(2)
        for path in ("/stream/video/status", "/state", "/healthz", "/s/{name}/state"):
            address = real(path, name)
            got = ask(server, address)
            description.check_answer(path, *got, address)
        check_equal(len(json.loads(ask(server, "/state")[2])["result"]["stream"]["clients_stat"]), 3, "clients")
        for viewer in viewers:
            viewer.close()


@test
def without_a_writer_it_is_as_it_says_too(place):
    with described(place) as (name, server, description):
        for path in description.paths:
            address = real(path, name)
            got = ask(server, address)
            description.check_answer(path, *got, address)
            if any(word in path for word in ("frame", "raw", "snapshot", "healthz")) or path.endswith("/video"):
                check_equal(got[0], 503, f"status of {address}")
        capture = start_pattern(place, name, "320x240")
        wait_until(lambda: ask(server, "/healthz")[0] == 200, 60, "health")
        capture.stop().expect(0)
        for path in ("/stream/video/status", "/state", "/healthz", "/snapshot"):
            description.check_answer(path, *ask(server, path), f"{path} after the writer")


@test
def parameters_are_what_it_says(place):
    with described(place, of=()) as (_, server, description):
        seen = set()
        for path in ("/stream/video", "/snapshot", "/stream/video/raw", "/"):
            for name, parameter in description.parameters(path).items():
                seen.add(name)
                wrong, right = beyond(parameter)
                for value in wrong:
                    asked = f"{path}?{name}={value}"
                    got = ask(server, asked)
                    check_equal(got[0], 400, f"status of {asked}")
                    description.check_answer(path, *got, asked)
                for value in right:
                    # A stream is taken over at once: its head is told without one.
                    got = ask(server, f"{path}?{name}={value}", method="HEAD")
                    check(got[0] in (200, 406), f"{path}?{name}={value}: {got}")
                twice = ask(server, f"{path}?{name}={right[0]}&{name}={right[0]}")
                check_equal(twice[0], 400, f"status of {path} with {name} twice")
        text = DOCS.read_text(encoding="utf-8")
        table = re.search(r"^## Parameters\n(.*?)^## ", text, re.S | re.M).group(1)
        cells = "".join(re.findall(r"^\| (`[^|]+`) \|", table, re.M))
        in_docs = set(re.findall("`([a-z_]+)`", cells))
        check_equal(seen - {"action"}, in_docs, "parameters beside those of docs/http.md")
        for path in description.paths:
            if not path.startswith("/s/"):
                wanted = 200 if path == "/" or "{file}" in path else 400
                got = ask(server, real(path, "") + "?quality=0&no_such=1")[0]
                check_equal(got, wanted, f"status of {path} with a parameter of nobody")


@test
def limits_and_defaults_are_those_in_force(place):
    options = pathlib.Path(place.scratch) / "shm-video.json"

    def configure(quality, fps):
        options.write_text(json.dumps({"api": {"stream": {
            "quality": {"default_jpeg_quality": quality, "min_jpeg_quality": quality - 10,
                        "max_jpeg_quality": quality + 10},
            "framerate": {"default_fps": fps, "min_fps": fps - 1, "max_fps": fps + 1}}}}))
    configure(50, 10)
    with described(place, "--config", options, "-r", "160x120", "--adaptive", of=()) as (_, server, description):
        def said(name, path="/stream/video"):
            schema = description.parameters(path)[name]["schema"]
            return schema.get("minimum"), schema.get("maximum"), schema.get("default")
        check_equal((said("quality"), said("fps"), said("quality", "/snapshot")),
                    ((40, 60, 50), (9, 11, 10), (40, 60, 50)), "as it starts")
        check_equal((said("width")[2], said("height", "/snapshot")[2], said("adaptive")[2]), (160, 120, "1"), "size")
        check_equal(said("width", "/stream/video/raw")[2], None, "the default width of raw frames")
        configure(70, 20)
        server.process.send_signal(signal.SIGHUP)
        with contextlib.closing(Validator()) as validator:
            def look():
                nonlocal description
                description = asked_of(server, validator)
                return said("quality") == (60, 80, 70)
            wait_until(look, 60, "the limits after SIGHUP")
            check_equal(said("fps"), (19, 21, 20), "fps after SIGHUP")
            check_equal(ask(server, "/snapshot?quality=59")[0], 400, "what is below them")


def token_line(role, token):
    return f"token {role} sha256:{hashlib.sha256(token.encode()).hexdigest()}\n"


@test
def who_may_see_what_is_described_where_that_is_asked(place):
    tokens = {"admin": "a" * 40, "viewer": "v" * 40}
    name = place.segment()
    auth = pathlib.Path(place.scratch) / "auth"
    auth.write_text(token_line("admin", tokens["admin"]) + token_line(f"viewer:{name}", tokens["viewer"]))
    auth.chmod(0o600)
    start_pattern(place, name, "320x240")
    server = Server(place, name, "--auth-file", auth)
    bearer = {role: {"Authorization": "Bearer " + token} for role, token in tokens.items()}
    with contextlib.closing(Validator()) as validator:
        description = Description(ask(server, "/openapi.json", bearer["viewer"])[2], validator)
        description.check_itself()
        schemes = description.document["components"]["securitySchemes"]
        check_equal({each["scheme"] for each in schemes.values()}, {"basic", "bearer"}, "ways to say who asks")
        for path in description.paths:
            if "{" in path and not path.startswith("/s/{name}/s"):
                continue
            address = real(path, name)
            needs = [set(each) for each in description.operation(path).get("security", [])]
            check_equal(needs, [] if path == "/healthz" else [{"basic"}, {"bearer"}], f"what {path} needs")
            without = ask(server, address)
            check_equal(without[0] == 401, bool(needs), f"whether {address} asks: {without[0]}")
            if needs:
                description.check_answer(path, *without, f"{address} of nobody")
            for role in tokens:
                description.check_answer(path, *ask(server, address, bearer[role]), f"{address} of a {role}")
        check_equal(ask(server, "/state", bearer["viewer"])[0], 403, "status of what is for admins")
    with described(place) as (_, _, description):
        check("security" not in description.operation("/state"), "a right that nobody asks for")


main()
