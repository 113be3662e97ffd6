# SPDX-License-Identifier: Apache-2.0
"""shm-capture with servers on loopback: HTTP and RTSP; streams that hang, break off and end."""
import os
import re
import signal
import time

from films import *

EXIT = ["--on-loss", "exit"]


def first_frames(place, url, wanted, *arguments):
    """Frames of a stream, and the capture that goes on."""
    name = place.segment()
    log = start_log(place, name, wanted)
    began = time.monotonic()
    capture = place.start("shm-capture", "-d", url, "-n", name, "-b", 16, *arguments)
    wait_until(lambda: "\n" in log.out, 20, lambda: f"a frame; it said {capture.err!r}")
    print(f"  {url.partition(':')[0]}: first frame {(time.monotonic() - began) * 1000:.0f} ms after the start")
    return frames_of(log, wanted), capture


def check_counts_up(frames):
    numbers = [f["squares"] for f in frames]
    check(all(a < b for a, b in zip(numbers, numbers[1:])), lambda: f"not in order: {numbers}")


@test
def a_chain_over_http(place):
    """A pattern, served by shm-mjpeg, captured again: the number in the picture goes through JPEG twice."""
    name = place.segment()
    place.start("shm-capture", "-d", "pattern", "-r", "640x480", "-f", 30, "-n", name)
    wait_for_segment(place, name)
    port = free_port()
    server = place.start("shm-mjpeg", name, "-p", port)
    server.wait_for_output(str(port))
    frames, capture = first_frames(place, f"http://127.0.0.1:{port}/stream/video/shm", 40)
    check_counts_up(frames)
    check(frames[-1]["squares"] - frames[0]["squares"] < 60, "most pictures are missing")
    capture.stop().expect(0)
    frames, capture = first_frames(place, f"http://127.0.0.1:{port}/stream/video/shm", 5, "--copy")
    check_equal({f["format"] for f in frames}, {"JPEG"}, "the format")
    capture.stop().expect(0)


@test
def a_film_on_a_server_plays_to_its_end(place):
    film_as(place, "film.mkv", "-c:v", "libx264", frames=30, fps=20)
    name = place.segment()
    log = start_log(place, name, 1000)
    with http_folder(place.scratch) as url:
        capture = place.start("shm-capture", "-d", f"{url}/film.mkv", "-n", name, *EXIT)
        frames = frames_of(log, 20)
        result = capture.wait(20).expect(0)
        check(result.seconds > 1.4, lambda: f"30 frames of 50 ms took {result.seconds} s")
    check(all(f["squares"] == f["source_number"] - 1 for f in frames), lambda: f"wrong pictures: {frames}")
    check_equal(frames[-1]["squares"], 29, "the last picture")


@test
def what_a_server_refuses_is_told_in_one_line(place):
    with http_folder(place.scratch) as url:
        result = place.run("shm-capture", "-d", f"{url}/missing.mp4", "-n", place.segment()).expect(1)
        check("404" in result.err and result.err.count("\n") == 1, lambda: result.err)
    result = place.run("shm-capture", "-d", f"{url}/gone.mp4", "-n", place.segment()).expect(1)
    check("nobody listens" in result.err and result.err.count("\n") == 1, lambda: result.err)


def rtsp(place, launch):
    """The URL of an RTSP server of GStreamer's."""
    if not os.path.exists("/usr/bin/python3"):
        skip("Debian's own Python is not installed")
    script = os.path.join(os.path.dirname(os.path.abspath(__file__)), "rtsp_server.py")
    server = place.start("/usr/bin/python3", script, launch)
    wait_until(lambda: "port" in server.out or not server.is_running, 20, "the RTSP server")
    if not server.is_running and server.wait(1).status == 77:
        skip("GStreamer's RTSP server is not installed")
    return f"rtsp://127.0.0.1:{server.wait_for_output(r'port ([0-9]+)').group(1)}/x", server


@test
def h264_over_rtsp(place):
    film = film_as(place, "film.mp4", "-c:v", "libx264", "-g", "10", "-bf", "0", frames=100, fps=20)
    url, _ = rtsp(place, f"( filesrc location={film} ! qtdemux ! rtph264pay name=pay0 pt=96 )")
    frames, capture = first_frames(place, url, 40)
    check_counts_up(frames)
    check_equal([f["squares"] - f["source_number"] for f in frames], [frames[0]["squares"] - 1] * 40,
                "picture less number")
    capture.stop().expect(0)
    name = place.segment()
    dump, path = start_dump(place, name, 40)
    capture = place.start("shm-capture", "-d", url, "--copy", "-n", name)
    packets = packets_of(dump, 40)
    capture.stop().expect(0)
    check(packets[0]["key"], "it does not begin with a key frame")
    numbers = numbers_of_bytes(path, "-f", "h264")
    check(len(numbers) >= 38 and all(a + 1 == b for a, b in zip(numbers, numbers[1:])), lambda: f"{numbers}")


@test
def live_jpeg_over_rtsp_until_the_server_goes(place):
    url, server = rtsp(place, "( videotestsrc is-live=true ! "
                              "video/x-raw,format=I420,width=640,height=480,framerate=30/1 ! "
                              "jpegenc ! rtpjpegpay name=pay0 pt=26 )")
    frames, capture = first_frames(place, url, 30, *EXIT)
    check_equal({(f["width"], f["height"]) for f in frames}, {(640, 480)}, "the size")
    server.kill()
    result = capture.wait(20).expect(1)
    check(result.err.splitlines()[-1].startswith("shm-capture:"), lambda: result.err)
    print(f"  {result.err.splitlines()[-1]}")


def jpegs_of(place, count):
    film = film_as(place, "film.mjpeg", "-c:v", "mjpeg", "-q:v", "2", frames=count)
    with open(film, "rb") as file:
        return [b"\xff\xd8\xff" + part for part in file.read().split(b"\xff\xd8\xff")[1:]]


def time_to_stop(place, capture, name):
    asked = time.monotonic()
    capture.send_signal(signal.SIGTERM)
    wait_until(lambda: not os.path.exists(segment_path(place, name)), 5, "the segment to go")
    gone = time.monotonic() - asked
    capture.wait(5).expect(0)
    print(f"  segment gone after {gone * 1000:.0f} ms, process after {(time.monotonic() - asked) * 1000:.0f} ms")
    check(gone < 1, f"the segment stayed for {gone} s")


@test
def a_server_that_never_answers_keeps_nobody_from_stopping(place):
    for scheme in ("http", "rtsp"):
        asked_for = []

        def listen(connection):
            while connection.recv(4096):
                asked_for.append(True)

        with one_client(listen) as port:
            capture = place.start("shm-capture", "-d", f"{scheme}://127.0.0.1:{port}/x", "-n", place.segment())
            wait_until(lambda: asked_for, 10, "the request")  # pylint: disable=cell-var-from-loop
            asked = time.monotonic()
            capture.stop(signal.SIGTERM, seconds=5).expect(0)
            print(f"  {scheme}: stopped after {(time.monotonic() - asked) * 1000:.0f} ms")


@test
def a_server_that_hangs_in_a_frame_keeps_nobody_from_stopping(place):
    jpegs = jpegs_of(place, 6)

    def serve(connection):
        connection.recv(4096)
        connection.sendall(MULTIPART + b"".join(map(multipart, jpegs[:5])) + multipart(jpegs[5])[:500])
        while connection.recv(4096):
            pass

    with one_client(serve) as port:
        name = place.segment()
        log = start_log(place, name, 5)
        capture = place.start("shm-capture", "-d", f"http://127.0.0.1:{port}/x", "-n", name, "-b", 16)
        check_equal([f["squares"] for f in frames_of(log, 5)], list(range(5)), "the pictures")
        time_to_stop(place, capture, name)


@test
def a_server_that_hangs_is_noticed(place):
    jpegs = jpegs_of(place, 3)

    def serve(connection):
        connection.recv(4096)
        connection.sendall(MULTIPART + b"".join(map(multipart, jpegs)))
        while connection.recv(4096):
            pass

    with one_client(serve) as port:
        capture = place.start("shm-capture", "-d", f"http://127.0.0.1:{port}/x", "-n", place.segment(), *EXIT,
                              "--stall-timeout", "500ms")
        result = capture.wait(30).expect(1)
        print(f"  {result.err.splitlines()[-1]}")


@test
def a_server_that_ends_the_stream_is_a_loss(place):
    jpegs = jpegs_of(place, 5)

    def serve(connection):
        connection.recv(4096)
        connection.sendall(MULTIPART + b"".join(map(multipart, jpegs)))

    with one_client(serve) as port:
        capture = place.start("shm-capture", "-d", f"http://127.0.0.1:{port}/x", "-n", place.segment(), *EXIT)
        result = capture.wait(30).expect(1)
        check("the server ended the stream" in result.err.splitlines()[-1], lambda: result.err)


@test
def a_user_name_and_password_are_shown_to_nobody(place):
    jpegs = jpegs_of(place, 20)

    def serve(connection):
        connection.recv(4096)
        connection.sendall(MULTIPART + b"".join(map(multipart, jpegs)))
        while connection.recv(4096):
            pass

    with one_client(serve) as port:
        name = place.segment()
        capture = place.start("shm-capture", "-d", f"http://me:secret@127.0.0.1:{port}/x", "-n", name)
        wait_for_segment(place, name)
        with open(segment_path(place, name), "rb") as file:
            check(b"secret" not in file.read(4096), "the password stands in the segment")
        result = capture.stop().expect(0)
        check("secret" not in result.err and re.search("publishing http://127", result.err), lambda: result.err)


main()
