# SPDX-License-Identifier: Apache-2.0
"""The page of shm-mjpeg in a browser where a password is needed, and below a path of a proxy."""
import base64
import http.client
import http.server
import threading

from e2e import *
from page_browser import *
from serving import *

BELOW = "/house/cams/"
PASSWORD = base64.b64encode(b"ann:secret").decode()


class Proxy(http.server.BaseHTTPRequestHandler):
    """Passes on what lies below BELOW, to who has the password. What it was asked is in `server.asked`."""
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def refuse(self, status, *headers):
        self.send_response(status)
        for name, value in headers:
            self.send_header(name, value)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def do_GET(self):
        self.server.asked.append(self.path)
        if self.server.is_locked and self.headers["Authorization"] != "Basic " + PASSWORD:
            return self.refuse(401, ("WWW-Authenticate", 'Basic realm="cams"'))
        if not self.path.startswith(BELOW):
            return self.refuse(404)
        behind = http.client.HTTPConnection("127.0.0.1", self.server.behind, timeout=30)
        try:
            tag = self.headers["If-None-Match"]
            behind.request("GET", "/" + self.path.removeprefix(BELOW), headers={"If-None-Match": tag} if tag else {})
            answer = behind.getresponse()
            self.send_response(answer.status)
            for name, value in answer.getheaders():
                if name.lower() not in ("server", "date", "connection"):
                    self.send_header(name, value)
            if answer.status != 304 and not answer.getheader("Content-Length"):
                self.send_header("Connection", "close")
            self.end_headers()
            while data := answer.read1(65536):
                self.wfile.write(data)
        except OSError:
            self.close_connection = True
        finally:
            behind.close()


def proxied(place, is_locked):
    """Two streams behind a proxy: their names, the proxy, and its address."""
    names = [place.segment(stem) for stem in ("front", "garden")]
    for name in names:
        start_pattern(place, name, "320x240")
    server = Server(place, *names, place.segment("garage"))
    proxy = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Proxy)
    proxy.behind, proxy.is_locked, proxy.asked = server.port, is_locked, []
    proxy.daemon_threads = True
    threading.Thread(target=proxy.serve_forever, daemon=True).start()
    return names, proxy, f"http://127.0.0.1:{proxy.server_port}{BELOW}"


@test
def below_a_path_of_a_proxy_everything_is_found(place):
    names, proxy, url = proxied(place, is_locked=False)
    page = Page(url)
    for name in names:
        check_moves(page, tile(name), 1)
    page.call("click", selector=f"{tile(names[1])} .enlarge")
    check_moves(page, "#enlarged", 1)
    single = Page(f"{url}s/{names[1]}/")
    check_moves(single, tile(names[1]), 1)
    check_equal([path for path in proxy.asked if not path.startswith(BELOW)], [], "what was looked for elsewhere")
    for each in (page, single):
        each.close()
    proxy.shutdown()


@test
def who_may_see_one_stream_sees_that_one_and_is_told_of_no_other(place):
    names = [place.segment(stem) for stem in ("front", "garden")]
    for name in names:
        start_pattern(place, name, "320x240")
    token = "4f1c" * 16
    rules = os.path.join(place.scratch, "auth")
    with open(rules, "w", encoding="ascii", opener=lambda path, flags: os.open(path, flags, 0o600)) as file:
        file.write(f"token viewer:{names[1]} {token}\n")
    server = Server(place, *names, "--auth-file", rules)
    page = Page(f"{server.url}s/{names[1]}/", user="anybody", password=token)
    check_moves(page, tile(names[1]), 1)
    page.call("click", selector=f"{tile(names[1])} .enlarge")
    check_moves(page, "#enlarged", 1)
    check(names[0] not in page.value("document.documentElement.outerHTML"), "the other one's name is in the page")
    page.close()


@test
def with_a_password_all_is_seen_and_without_it_is_told_and_not_asked_for_again(place):
    names, proxy, url = proxied(place, is_locked=True)
    page = Page(url, user="ann", password="secret")
    for name in names:
        check_moves(page, tile(name), 1)
    page.call("click", selector=f"{tile(names[0])} .enlarge")
    check_moves(page, "#enlarged", 1)
    page.close()
    # A page that was loaded before the password was asked for.
    proxy.is_locked = False
    stranger = Page(url)
    check_moves(stranger, tile(names[0]), 1)
    proxy.is_locked = True
    stranger.wait_for_text("#alarm", "A password is needed")  # the browser asks for it, and nobody answers
    time.sleep(1)  # for what was under way
    asked = len(proxy.asked)
    time.sleep(3)  # how much it asks in a time, not how long that takes
    check(len(proxy.asked) <= asked + 1, f"it asked {len(proxy.asked) - asked} times more")
    proxy.is_locked = False
    # Clicks do not arrive while a headless Chromium has a password to ask for that nobody can give.
    stranger.value("document.querySelector('#alarm button').click()")
    check_moves(stranger, tile(names[0]), 1)
    stranger.close()
    proxy.shutdown()


main()
