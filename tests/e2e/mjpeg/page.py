# SPDX-License-Identifier: Apache-2.0
"""The page of shm-mjpeg as files: what is served, and what a browser may do with it. Needs no browser."""
from e2e import *
from serving import *

FILES = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../../libcore/src/sink/mjpeg/page")
KINDS = {".html": "text/html", ".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}


def shipped():
    """Every file of the page: its name and its bytes."""
    for name in sorted(os.listdir(FILES)):
        if os.path.splitext(name)[1] in KINDS:
            with open(os.path.join(FILES, name), "rb") as file:
                yield name, file.read()


def policy(headers):
    return dict(rule.strip().partition(" ")[::2] for rule in headers["content-security-policy"].split(";"))


@test
def every_file_is_served_as_it_is_at_the_page_and_at_that_of_a_segment(place):
    name = place.segment()
    server = Server(place, name)
    for below in ("/", f"/s/{name}/"):
        for file, content in shipped():
            path = below if file == "index.html" else f"{below}page/{file}"
            status, headers, body = server.get(path)
            check_equal((status, body == content), (200, True), f"{path}: status, and whether it is the file")
            kind = KINDS[os.path.splitext(file)[1]]
            check(headers["content-type"].startswith(kind), f"{path}: {headers}")
    for path in ("/page/", "/page/index.js", "/page/../routes.cpp", "/page/CMakeLists.txt", "/page/page.hpp"):
        check_equal(server.get(path)[0], 404, f"the status of {path}")
    check_equal(server.get("/s/nobody/")[0], 404, "the status of the page of what is not served")


@test
def reloading_brings_no_bytes(place):
    server = Server(place, place.segment())
    for path in ("/", "/page/style.css", "/page/page.js"):
        status, headers, body = server.get(path)
        request = f"GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nIf-None-Match: {headers['etag']}\r\n\r\n"
        answer = exchange(server.port, request.encode())
        check(answer.startswith(b"HTTP/1.1 304 ") and answer.endswith(b"\r\n\r\n"), answer)
        check(b"Content-Security-Policy: " in answer, "304 of a page that is kept has its policy too")
        request = f"GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nIf-None-Match: \"other\"\r\n\r\n"
        check(exchange(server.port, request.encode()).startswith(b"HTTP/1.1 200 "), "another tag")
        check(len(body) > 100, path)


@test
def nothing_but_its_own_files_is_allowed(place):
    server = Server(place, place.segment())
    rules = policy(server.get("/")[1])
    check_equal(rules["default-src"], "'none'", "what is not named")
    for rule in ("script-src", "style-src", "img-src", "connect-src"):
        check_equal(rules[rule], "'self'", rule)
    check("unsafe" not in server.get("/")[1]["content-security-policy"], rules)
    for name, content in shipped():
        text = content.decode()
        outside = re.findall(r"""(?:src|href|from|import|fetch\(|url\()\s*=?\s*["'(]?(?:https?:|//[a-z])""", text)
        check_equal(outside, [], f"addresses of others in {name}")
        check(not re.search(r"<script(?![^>]*\bsrc=)|<style|\bstyle=|\son\w+=", text), f"{name} has something inline")
        check(not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function", text),
              f"{name} makes text into HTML or code")
    for relative in re.findall(r'(?:src|href)="([^"#]*)"', server.get("/")[2].decode()):
        check(not relative.startswith("/"), f"{relative} is not relative")


@test
def the_status_has_what_the_page_shows_of_each_segment(place):
    name, other = place.segment(), place.segment()
    start_pattern(place, name, "320x240")
    server = Server(place, name, other, "--min-quality", 20, "--max-quality", 90)
    wait_until(lambda: server.get("/snapshot")[0] == 200, 30, "a snapshot")
    status = server.status()
    check_equal(status["named"], False, "a status without a name")
    check_equal(json.loads(server.get(f"/s/{name}/stream/video/status")[2])["named"], True, "one with a name")
    check(abs(status["server"]["now"] - time.time()) < 300, status["server"])
    check_equal((status["limits"]["quality"], status["limits"]["fps"]), ([20, 90], [1, 60]), "the limits")
    check_equal(status["defaults"], {"quality": 85, "fps": 30}, "the defaults")
    first, second = status["segments"]
    own = {key: value for key, value in status["segment"].items() if key not in ("published", "last_frame", "fps")}
    check_equal({key: first[key] for key in own}, own, "what is told of a segment among others")
    check_equal((first["width"], first["height"], first["active_streams"], first["lost"]), (320, 240, 0, None), "of it")
    check_equal((second["state"], second["lost"]["since"]), ("absent", None), "what nobody ever published")
    check(f"--name {other}" in second["start_command"], second)


main()
