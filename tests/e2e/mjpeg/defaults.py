# SPDX-License-Identifier: Apache-2.0
"""What a server is told to give to those who ask for nothing, and how it takes changes over."""
import signal

from e2e import *
from serving import *

PATIENCE = 60  # seconds


def write_config(place, **options):
    path = os.path.join(place.scratch, "settings.json")
    with open(path + ".new", "w", encoding="utf-8") as file:
        json.dump({"shm-mjpeg": options}, file)
    os.replace(path + ".new", path)
    return path


def hang_up(server, pattern):
    server.process.send_signal(signal.SIGHUP)
    server.process.wait_for_output(pattern, PATIENCE)


@test
def the_size_is_that_of_the_option_until_another_is_configured(place):
    name = place.segment()
    start_pattern(place, name, "640x480")
    server = Server(place, name, "--config", write_config(place, resolution=[320, 320]))
    check_equal(jpeg_size(server.get("/snapshot")[2]), (320, 240), "the size, within what is configured")
    viewer, asking = Viewer(server.port), Viewer(server.port, "/stream/video?width=160")
    viewer.wait_for(3, PATIENCE)
    asking.wait_for(3, PATIENCE)
    write_config(place, resolution="64x480")
    hang_up(server, r"shm-mjpeg\.resolution 320x320 -> 64x480")
    wait_until(lambda: viewer.sizes[-1] == (64, 48), PATIENCE, "pictures of the new size")
    check_equal(jpeg_size(server.get("/snapshot")[2]), (64, 48), "the size of new pictures")
    write_config(place)
    hang_up(server, r"shm-mjpeg\.resolution 64x480 -> unset")
    wait_until(lambda: viewer.sizes[-1] == (640, 480), PATIENCE, "pictures as the frames are")
    asking.wait_for(len(asking.parts) + 3, PATIENCE)
    for each in (viewer, asking):
        each.close()
    check_equal(set(asking.sizes), {(160, 120)}, "what was asked for stays")


@test
def a_stream_waits_for_its_writer_as_long_as_the_server_is_told_to(place):
    name = place.segment()
    server = Server(place, name, "--config", write_config(place))
    check_equal(server.get("/stream/video")[0], 503, "the status without a writer")
    write_config(place, wait=3600)
    hang_up(server, r"shm-mjpeg\.wait 0s? -> 1h")
    waiting = RawViewer(server.port)
    server.process.wait_for_output("watches", PATIENCE)
    start_pattern(place, name, "320x240")
    while not waiting.heads():
        waiting.read(65536)
    check(waiting.data.startswith(b"HTTP/1.1 200"), lambda: f"the answer: {waiting.data[:100]!r}")
    waiting.close()


@test
def a_stream_ends_with_its_writer_where_the_server_is_told_so(place):
    name = place.segment()
    capture = start_pattern(place, name, "320x240")
    server = Server(place, name, "--config", write_config(place))
    stays = Viewer(server.port)
    stays.wait_for(3, PATIENCE)
    write_config(place, on_loss="close")
    hang_up(server, r"shm-mjpeg\.on_loss placeholder -> close")
    capture.stop().expect(0)
    wait_until(lambda: stays.problem, PATIENCE, "the end of the stream")
    start_pattern(place, name, "320x240")
    wait_until(lambda: server.get("/snapshot")[0] == 200, PATIENCE, "the next writer to be served")
    write_config(place, on_loss="placeholder")
    hang_up(server, r"shm-mjpeg\.on_loss close -> placeholder")


@test
def what_is_no_value_is_refused_with_one_line(place):
    for option, value, words in (("--on-loss", "stop", "placeholder or close"), ("--wait", "long", "--wait"),
                                 ("--resolution", "large", "--resolution"), ("--source", "file", "segment or camera"),
                                 ("--also", "no/good", "no/good"), ("--max-age", "-1", "--max-age")):
        result = place.run("shm-mjpeg", "--port", 0, f"{option}={value}").expect(2)
        check(words in result.err and result.err.count("\n") == 1, lambda result=result: result.err)


main()
