# SPDX-License-Identifier: Apache-2.0
"""What viewers of shm-mjpeg's streams see."""
from e2e import *
from serving import *


def check_increasing(numbers):
    check(all(a < b for a, b in zip(numbers, numbers[1:])), f"frame numbers do not grow: {numbers}")


def coded_writer(place, name, kind):
    writer = place.start(os.environ["SHMVIDEO_CODED_WRITER"], name, kind)
    wait_until(lambda: name in os.listdir(place.directory), 10, "the segment")
    return writer


@test
def five_viewers_get_whole_pictures_of_the_frames_that_the_headers_name(place):
    name = place.segment()
    start_pattern(place, name)
    server = Server(place, name)
    paths = ["/stream/video", "/stream/video/shm", "/stream/video?quality=30", "/stream/video?fps=60",
             "/stream/video/shm?quality=100&fps=10"]
    viewers = [Viewer(server.port, path, keep_pictures=True) for path in paths]
    for viewer in viewers:
        viewer.wait_for(20)
    check_equal(server.streaming("active_streams"), 5, "active streams")
    for path, viewer in zip(paths, viewers):
        viewer.close()
        check_increasing(viewer.numbers)
        drawn = drawn_numbers(viewer.pictures[:20])
        told = [(640, 480, number % 65536) for number in viewer.numbers[:20]]
        check_equal(drawn, told, f"the numbers drawn in the pictures of {path}")
    check(len(viewers[2].pictures[0]) < len(viewers[0].pictures[0]) < len(viewers[4].pictures[0]),
          "the quality makes no difference")
    wait_until(lambda: server.streaming("active_streams") == 0, 5, "the streams to be gone from the status")


@test
def the_timestamp_is_the_wall_clock_of_the_capture(place):
    name = place.segment()
    start_pattern(place, name)
    server = Server(place, name)
    viewer = Viewer(server.port)
    viewer.wait_for(10)
    viewer.close()
    for number, stamp, _, arrival in viewer.parts:
        check(-0.1 < arrival - stamp < 5, f"frame {number} was captured {arrival - stamp} s before it came")
    steps = [b[1] - a[1] for a, b in zip(viewer.parts, viewer.parts[1:])]
    check(all(step > 0 for step in steps), f"the time does not grow: {steps}")


@test
def a_part_ends_with_the_next_boundary_at_once(place):
    name = place.segment()
    start_pattern(place, name, "320x240", "-f", 1)
    server = Server(place, name)
    viewer = RawViewer(server.port)
    while not viewer.data.endswith(b"\xff\xd9\r\n--frame\r\n"):  # and not only with the next frame
        viewer.read(65536)
    check(viewer.data.count(b"--frame\r\n") <= 3, "boundaries")
    viewer.close()


@test
def each_frame_is_encoded_once_for_twenty_viewers(place):
    name = place.segment()
    start_pattern(place, name)
    server = Server(place, name)
    viewers = [Viewer(server.port) for _ in range(20)]
    for viewer in viewers:
        viewer.wait_for(40, 60)
    status = server.status()["streaming"]
    for viewer in viewers:
        viewer.close()
    # Every picture that was made went to nearly all: fewer than a tenth of the parts were encoded.
    check(status["total_frames_served"] >= 20 * 40, status)
    check(status["encodes"] * 10 < status["total_frames_served"], status)
    seen = {number for viewer in viewers for number in viewer.numbers}
    check(status["encodes"] <= len(seen) + 2, f"{status['encodes']} pictures of {len(seen)} frames")


@test
def nothing_is_encoded_while_nobody_watches(place):
    name = place.segment()
    start_pattern(place, name)
    server = Server(place, name)
    viewer = Viewer(server.port)
    viewer.wait_for(5)
    viewer.close()
    wait_until(lambda: server.streaming("active_streams") == 0, 5, "the viewer to be gone")
    encodes = server.streaming("encodes")
    published = server.status()["segment"]["published"]
    wait_until(lambda: server.status()["segment"]["published"] > published + 15, 10, "15 more frames")
    check_equal(server.streaming("encodes"), encodes, "pictures made for nobody")


@test
def a_viewer_gets_the_rate_that_it_asked_for(place):
    name = place.segment()
    start_pattern(place, name, "320x240", "-f", 50)
    server = Server(place, name)
    viewers = {fps: Viewer(server.port, f"/stream/video?fps={fps}") for fps in (5, 20, 60)}
    time.sleep(4)
    for fps, viewer in viewers.items():
        viewer.close()
        span = viewer.parts[-1][1] - viewer.parts[0][1]
        rate = (len(viewer.parts) - 1) / span
        check(rate < min(fps, 50) * 1.15, f"{fps} fps asked, {rate} given")
        check(rate > min(fps, 50) * 0.2, f"{fps} fps asked, {rate} given")  # beside other tests


@test
def the_servers_own_defaults_hold_for_viewers_who_do_not_ask(place):
    name = place.segment()
    start_pattern(place, name, "320x240")
    poor, fine = Server(place, name, "-q", 5, "-f", 5), Server(place, name, "-q", 95)
    check(len(poor.get("/snapshot")[2]) < len(fine.get("/snapshot")[2]), "the quality makes no difference")
    check_equal(len(poor.get("/snapshot?quality=95")[2]) > len(poor.get("/snapshot")[2]), True, "asked for")
    viewer = Viewer(poor.port)
    viewer.wait_for(8)
    viewer.close()
    rate = (len(viewer.parts) - 1) / (viewer.parts[-1][1] - viewer.parts[0][1])
    check(rate < 7, f"{rate} fps with -f 5")


@test
def the_status_counts_what_was_served(place):
    name = place.segment()
    start_pattern(place, name)
    server = Server(place, name)
    viewers = [Viewer(server.port) for _ in range(3)]
    for viewer in viewers:
        viewer.wait_for(30)
    server.get("/snapshot")
    status = server.status()
    streaming, segment = status["streaming"], status["segment"]
    check_equal(streaming["active_streams"], 3, "active_streams")
    check(streaming["total_frames_served"] >= 90, streaming)
    check(5 < streaming["avg_fps"] < 40, streaming)
    check(0 < streaming["uptime"] < 120, streaming)
    check_equal(streaming["snapshots_served"], 1, "snapshots_served")
    check_equal((segment["name"], segment["state"], segment["format"], segment["width"], segment["height"]),
                (name, "live", "BGR24", 640, 480), "the segment")
    check(segment["last_frame"]["age_ms"] < 5000, segment)
    for viewer in viewers:
        viewer.close()
    wait_until(lambda: server.streaming("active_streams") == 0, 5, "no active streams")
    check(server.streaming("total_frames_served") >= sum(len(v.parts) for v in viewers), "frames served")


@test
def a_snapshot_is_the_newest_frame(place):
    name = place.segment()
    start_pattern(place, name)
    server = Server(place, name)
    numbers = []
    for _ in range(5):
        status, headers, body = server.get("/snapshot")
        check_equal(status, 200, "the status")
        check_equal(drawn_numbers([body])[0][2], int(headers["x-frame-number"]) % 65536, "the number drawn")
        check(abs(time.time() - float(headers["x-timestamp"])) < 2, "the picture is old")
        numbers.append(int(headers["x-frame-number"]))
        newest = server.status()["segment"]["last_frame"]["number"]
        wait_until(lambda: server.status()["segment"]["last_frame"]["number"] > newest, 5, "another frame")
    check_increasing(numbers)


@test
def frames_that_are_jpeg_go_out_untouched_unless_a_quality_is_asked_for(place):
    name = place.segment()
    coded_writer(place, name, "JPEG")
    server = Server(place, name)
    usual, again = server.get("/snapshot")[2], server.get("/snapshot")[2]
    check_equal(usual, again, "the same picture, published twice")
    check_equal(jpeg_size(usual), (320, 240), "its size")
    viewer = Viewer(server.port)
    viewer.wait_for(10)
    viewer.close()
    check_increasing(viewer.numbers)
    check_equal(server.streaming("encodes"), 0, "encodes")
    check(server.streaming("copies") >= 10, "copies")
    check(len(server.get("/snapshot?quality=10")[2]) < len(usual), "a poorer quality is not smaller")
    check_equal(server.streaming("encodes"), 1, "encodes")


@test
def frames_that_no_picture_can_be_made_of_are_500_before_the_first_byte(place):
    name = place.segment()
    coded_writer(place, name, "H264")
    server = Server(place, name)
    for path in ("/stream/video", "/snapshot", "/stream/video?quality=5"):
        check("H264" in server.detail(path, 500), path)


@test
def a_writer_that_has_no_frame_yet_is_waited_for(place):
    name = place.segment()
    writer = coded_writer(place, name, "NONE")
    server = Server(place, name, "--timeout", "500ms")
    check("publishes no frames" in server.detail("/snapshot", 503), "the snapshot's reason")
    viewer = Viewer(server.port)  # the response begins without a picture
    writer.stop(signal.SIGTERM).expect(0)
    start_pattern(place, name)
    viewer.wait_for(5)
    viewer.close()


main()
