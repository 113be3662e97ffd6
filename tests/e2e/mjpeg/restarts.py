# SPDX-License-Identifier: Apache-2.0
"""shm-mjpeg across the deaths, ends and restarts of the writer: nobody is dropped."""
from e2e import *
from serving import *


def watch_across(place, end_writer, begin_writer):
    name = place.segment()
    capture = start_pattern(place, name, "640x480")
    server = Server(place, name)
    viewers = [Viewer(server.port), Viewer(server.port, "/stream/video/shm?quality=40&fps=20")]
    for viewer in viewers:
        viewer.wait_for(10)
    end_writer(capture)
    wait_until(lambda: server.get("/snapshot")[0] == 503, 10, "the server to notice")
    seen = [len(viewer.parts) for viewer in viewers]
    begin_writer(name)
    for viewer, before in zip(viewers, seen):
        viewer.wait_for(before + 10)
        viewer.close()
    return viewers


@test
def killed_and_started_again_at_another_size(place):
    place.leaves_segments = True
    viewers = watch_across(place, lambda capture: capture.kill(),
                           lambda name: start_pattern(place, name, "800x600"))
    for viewer in viewers:
        check_equal(viewer.sizes[0], (640, 480), "the size before")
        check_equal(viewer.sizes[-1], (800, 600), "the size afterwards")
        numbers = viewer.numbers
        # The last frame before the loss comes again, as a still.
        check(all(a <= b for a, b in zip(numbers, numbers[1:])), f"frame numbers: {numbers}")


@test
def stopped_in_good_order_and_started_again(place):
    viewers = watch_across(place, lambda capture: capture.stop().expect(0),
                           lambda name: start_pattern(place, name, "320x240", "-m", "NV12"))
    for viewer in viewers:
        check_equal(viewer.sizes[-1], (320, 240), "the size afterwards")


@test
def again_and_again(place):
    place.leaves_segments = True
    name = place.segment()
    server = Server(place, name)
    capture = start_pattern(place, name, "320x240")
    wait_until(lambda: server.get("/snapshot")[0] == 200, 10, "a snapshot")
    viewer = Viewer(server.port)
    for width in range(336, 336 + 8 * 16, 16):
        viewer.wait_for(len(viewer.parts) + 3)
        capture.kill()
        capture = start_pattern(place, name, f"{width}x240")
        wait_until(lambda: viewer.sizes[-1:] == [(width, 240)], 10, f"pictures of width {width}")
    viewer.close()


@test
def a_server_that_was_first_serves_the_writer_that_comes(place):
    name = place.segment()
    server = Server(place, name)
    check_equal(server.get("/stream/video")[0], 503, "the status without a writer")
    start_pattern(place, name)
    wait_until(lambda: server.get("/snapshot")[0] == 200, 10, "a snapshot")
    viewer = Viewer(server.port)
    viewer.wait_for(5)
    viewer.close()


@test
def a_writer_that_is_stopped_for_a_while_goes_on(place):
    name = place.segment()
    capture = start_pattern(place, name)
    server = Server(place, name)
    viewer = Viewer(server.port)
    viewer.wait_for(5)
    capture.send_signal(signal.SIGSTOP)
    wait_until(lambda: server.status()["segment"]["state"] == "stalled", 10, "the stall to be seen")
    check_equal(server.get("/snapshot")[0], 200, "a snapshot of a stalled writer")
    before = len(viewer.parts)
    capture.send_signal(signal.SIGCONT)
    viewer.wait_for(before + 5)
    viewer.close()


main()
