# SPDX-License-Identifier: Apache-2.0
"""The page of shm-mjpeg in a browser. Skipped where there is no Chromium."""
from browser import Page
from e2e import *
from serving import *

HAS_PICTURE = "document.getElementById('picture').naturalWidth"
IS_NOTICE_SHOWN = "document.getElementById('notice').offsetParent !== null"
OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


def wait_for_state(page, state, seconds=20):
    wait_until(lambda: page.text("state") == state, seconds,
               lambda: f"'{state}', it says '{page.text('state')}'")


@test
def the_page_needs_nothing_from_elsewhere(place):
    server = Server(place, place.segment())
    page = server.get("/")[2].decode()
    check_equal(re.findall(r"""(?:src|href)=["']?(?:https?:|//)""", page), [], "addresses of others")
    check(page.startswith("<!DOCTYPE html>"), page[:100])


@test
def it_shows_the_stream_and_how_it_is(place):
    name = place.segment()
    start_pattern(place, name)
    server = Server(place, name)
    page = Page(place, server.url)
    wait_for_state(page, "live")
    wait_until(lambda: page.value(HAS_PICTURE) == 640, 10, "the picture")
    check_equal(page.text("name"), name, "the name")
    check_equal(page.text("size"), "640 × 480 BGR24", "the size")
    check_equal(page.value(IS_NOTICE_SHOWN), False, "a notice over a live picture")
    frame = int(page.text("frame"))
    wait_until(lambda: int(page.text("frame")) > frame, 10, "the frame number to go on")
    for width in (320, 1280):
        page.resize(width, 700)
        check(page.value(OVERFLOW) <= 0, f"the page is wider than a window of {width}")


@test
def it_says_plainly_that_there_is_no_video_and_heals_by_itself(place):
    name = place.segment()
    place.leaves_segments = True
    server = Server(place, name)
    page = Page(place, server.url)
    wait_for_state(page, "no video")
    check(f"shm-capture --device 0 --name {name}" in page.text("why"), page.text("why"))
    capture = start_pattern(place, name)
    wait_for_state(page, "live")
    wait_until(lambda: page.value(HAS_PICTURE) == 640, 10, "the picture")
    capture.kill()
    wait_for_state(page, "no video")
    check("died" in page.text("what"), page.text("what"))
    start_pattern(place, name, "800x600")
    wait_for_state(page, "live")
    wait_until(lambda: page.value(HAS_PICTURE) == 800, 10, "the picture of another size")


@test
def it_goes_on_when_the_server_comes_back(place):
    name = place.segment()
    start_pattern(place, name)
    server = Server(place, name)
    page = Page(place, server.url)
    wait_for_state(page, "live")
    server.process.stop().expect(0)
    wait_for_state(page, "no server")
    place.start("shm-mjpeg", name, "--port", server.port)
    wait_for_state(page, "live")
    wait_until(lambda: server.streaming("active_streams") == 1, 10, "the page to watch again")


main()
