# SPDX-License-Identifier: Apache-2.0
"""shm-bench --http with shm-mjpeg: clients of all kinds, a server that dies, and the page in a browser."""
import json
import os
import re
import signal
import sys

from e2e import *

sys.path.append(os.path.join(os.path.dirname(os.path.abspath(__file__)), os.pardir, "mjpeg"))
from browser import Page  # pylint: disable=wrong-import-position

# What a busy machine does to rates is no fault of anybody.
RATE_REASONS = ("below 95 %", "no picture for")


def start_server(place):
    """A server of the test pattern, and the URL of its stream."""
    name = place.segment()
    place.start("shm-capture", "--device", "pattern", "--name", name, "-r", "320x240", "-f", "20")
    wait_until(lambda: name in os.listdir(place.directory), 20, "the segment")
    server = place.start("shm-mjpeg", name, "--port", 0)
    return server, server.wait_for_output(r"listening on (http://\S+/)", 20).group(1) + "stream/video"


@test
def clients_of_all_kinds_get_their_pictures(place):
    _, url = start_server(place)
    result = place.run("shm-bench", "--http", url, "--json", "--clients", 10, "--slow", 3, "--slow-rate", "100K",
                       "--stalled", 3, "-t", "4s", "--check-pictures", timeout=60)
    found = json.loads(result.out)
    others = [reason for reason in found["reasons"] if not any(words in reason for words in RATE_REASONS)]
    check_equal((others, found["errors"], found["broken"], found["disordered"], found["from_future"]),
                ([], 0, 0, 0, 0), "what went wrong")
    for client in found["per_client"]:
        check(client["kind"] == "stalled" or client["frames"] > 0, lambda: f"nothing for {client}")
        check(client["kind"] == "stalled" or client["latency_ms"]["p50"] > 0, lambda: f"no latency: {client}")
    check(found["decoding"]["decoded"] > 0 and found["decoding"]["undecodable"] == 0, lambda: f"{found['decoding']}")
    # The pictures that a fast client had and those that it was not sent are what was captured meanwhile.
    first = found["per_client"][0]
    check(first["frames"] + first["skipped"] <= 20 * found["duration_s"] * 3, lambda: f"{first}")


@test
def a_server_that_dies_is_a_failure(place):
    server, url = start_server(place)
    bench = place.start("shm-bench", "--http", url, "--json", "--clients", 2, "-t", "1h", "-i", "100ms")
    bench.wait_for_output(r"received [1-9]", 30)
    server.kill()
    bench.wait_for_output(r"errors [3-9]", 30)
    found = json.loads(bench.stop(signal.SIGINT, seconds=30).expect(1).out)
    kinds = found["errors_by_kind"]
    check_equal((kinds["closed"], kinds["connect"] > 0), (2, True), f"errors: {kinds}")
    check(any("Connection refused" in reason for reason in found["reasons"]), lambda: f"{found['reasons']}")


@test
def the_page_shows_its_plots(place):
    require("chromium")
    _, url = start_server(place)
    path = f"{place.scratch}/report.html"
    place.run("shm-bench", "--http", url, "--clients", 3, "--slow", 1, "--slow-rate", "200K", "-t", "4s",
              "--report", path, timeout=60)
    with open(path, encoding="utf-8") as file:
        text = file.read()
    check_equal(re.findall(r"""(?:src|href)=|url\(|@import|<script""", text), [], "what is from elsewhere")
    page = Page(place, f"file://{path}", 1000, 1000)
    wait_until(lambda: page.value("document.querySelectorAll('svg').length") == 6, 30, "six plots")
    check_equal(page.value("document.querySelectorAll('table tr').length"), 5, "rows of the table")
    for width in (360, 1280):
        page.resize(width, 900)
        wide = page.value("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        check(wide <= 0, f"the page is wider than a window of {width}")
    backs = []
    for dark in (False, True):
        page.resize(1000, 900, dark=dark)
        backs.append(page.value("getComputedStyle(document.body).backgroundColor"))
    check(backs[0] != backs[1], f"the page is the same in light and dark: {backs}")


main()
