# SPDX-License-Identifier: Apache-2.0
"""Streams of shm-mjpeg as pictures in a page, in a headless Chromium. Skipped where there is none."""
import base64

from browser import Page
from e2e import *
from serving import *

# What stands in the picture now: drawn into a canvas, which the page may read as it is of the same origin.
SHOWN = """(() => {
  const image = document.images[%d];
  if (!image || !image.naturalWidth) return null;
  const canvas = document.createElement('canvas');
  canvas.width = image.naturalWidth;
  canvas.height = image.naturalHeight;
  canvas.getContext('2d').drawImage(image, 0, 0);
  return canvas.toDataURL('image/jpeg', 0.95).split(',')[1];
})()"""


def open_page(place, server):
    """A page of the server's origin without any picture."""
    page = Page(place, server.url + "stream/video/status")
    wait_until(lambda: page.value("location.pathname") == "/stream/video/status" and
               page.value("document.readyState") == "complete", 30, "the page")
    return page


def show(page, *paths):
    images = "".join(f'<img src="{path}">' for path in paths)
    page.value(f"document.body.innerHTML = {json.dumps(images)}")


def shown(page, index=0):
    """(width, height, number) of what the page shows; None while it shows nothing."""
    jpeg = page.value(SHOWN % index)
    return drawn_numbers([base64.b64decode(jpeg)])[0] if jpeg else None


def check_moves(page, index=0, frames=5):
    """The picture shows one frame after the other."""
    numbers = [wait_until(lambda: shown(page, index), 30, f"picture {index}")[2]]
    for _ in range(frames):
        numbers.append(wait_until(lambda: (n := shown(page, index)[2]) != numbers[-1] and n, 30,
                                  f"picture {index} to move on from {numbers[-1]}"))
    check(all(a < b for a, b in zip(numbers, numbers[1:])), f"frame numbers in picture {index}: {numbers}")


@test
def a_picture_in_a_page_moves(place):
    server = served(place)
    page = open_page(place, server)
    show(page, "/stream/video?quality=95")
    check_moves(page, frames=10)
    check_equal(shown(page)[:2], (640, 480), "the size of the picture")
    check_equal(server.streaming("active_streams"), 1, "streams")


@test
def several_pictures_in_a_page_move(place):
    server = served(place)
    page = open_page(place, server)
    show(page, "/stream/video", "/stream/video/shm?quality=90", "/stream/video?fps=10", "/stream/video?key=x")
    wait_until(lambda: server.streaming("active_streams") == 4, 30, "four streams")
    for index in range(4):
        check_moves(page, index, 3)


@test
def reloading_and_closing_a_page_leaves_no_stream_behind(place):
    server = served(place)
    page = open_page(place, server)
    for turn in range(3):
        show(page, f"/stream/video?key={turn}a", f"/stream/video?key={turn}b")
        wait_until(lambda: server.streaming("active_streams") == 2, 30, "two streams")
        check_moves(page, 1, 2)
        page.value("window.isOld = true")
        page.call("Page.reload")
        wait_until(lambda: page.value("!window.isOld && document.readyState") == "complete", 30, "the page")
        wait_until(lambda: server.streaming("active_streams") == 0, 30, "the old page's streams to be gone")
    show(page, "/stream/video", "/stream/video?fps=5")
    wait_until(lambda: server.streaming("active_streams") == 2, 30, "two streams")
    page.call("Page.close")
    wait_until(lambda: server.streaming("active_streams") == 0, 30, "the closed page's streams to be gone")


main()
