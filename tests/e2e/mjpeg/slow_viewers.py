# SPDX-License-Identifier: Apache-2.0
"""Viewers of shm-mjpeg who read slowly, or not at all, and what that means for the others."""
from e2e import *
from serving import *
from slow_reader import SlowReader

# Loopback sockets are generous: what the viewer's own kernel takes in is not the server's to bound.
RECEIVE_BUFFER = 64 * 1024


def read_slowly(viewer, bytes_per_second, should_end):
    while not should_end.is_set():
        viewer.read(4096)
        time.sleep(4096 / bytes_per_second)


@test
def slow_and_stalled_viewers_do_not_slow_the_others(place):
    name = place.segment()
    start_pattern(place, name, "1280x720")
    server = Server(place, name, "-q", 100)
    alone = Viewer(server.port)
    alone.wait_for(60)
    slow, stalled = RawViewer(server.port, receive_buffer=RECEIVE_BUFFER), \
        [RawViewer(server.port, receive_buffer=RECEIVE_BUFFER) for _ in range(5)]
    should_end = threading.Event()
    thread = threading.Thread(target=read_slowly, args=(slow, 100_000, should_end), daemon=True)
    thread.start()
    others = [Viewer(server.port) for _ in range(3)]
    for viewer in others:
        viewer.wait_for(120, 60)
    began, ended = alone.parts[0][3], time.time()
    should_end.set()
    thread.join(10)
    # Every viewer of the ordinary kind saw nearly every frame while the others hung on.
    for viewer in others + [alone]:
        viewer.close()
        published = viewer.numbers[-1] - viewer.numbers[0] + 1
        check(len(viewer.numbers) > published * 0.8, f"{len(viewer.numbers)} of {published} frames")
    check_equal(server.process.is_running, True, "the server")
    # The slow one skipped, and what it was sent was new at the time: it did not drain an old queue.
    heads = slow.heads()
    numbers = [number for number, _ in heads]
    check(len(heads) >= 3, f"{len(heads)} parts in {ended - began} s")
    check(all(a < b for a, b in zip(numbers, numbers[1:])), numbers)
    check(numbers[-1] - numbers[0] > 2 * len(numbers), f"the slow one did not skip: {numbers}")
    for viewer in [slow] + stalled:
        viewer.close()


@test
def what_a_slow_viewer_gets_is_never_old(place):
    name = place.segment()
    start_pattern(place, name, "1280x720")
    server = Server(place, name, "-q", 95)
    readers = [SlowReader(server.port, "/stream/video", rate) for rate in (200_000, 600_000)]
    wait_until(lambda: all(len(reader.parts()) >= 12 for reader in readers), 60, "twelve pictures for each")
    for reader in readers:
        reader.close()
        parts = reader.parts()
        check(parts[-1].number - parts[0].number > 2 * len(parts), "it did not skip")
        # 200 ms, and what this reader itself took for one picture and 128 KiB; the rest is for a loaded
        # machine. What fits into socket buffers would be many seconds.
        late = [(part.number, part.age, part.allowed) for part in parts
                if part.age > part.allowed + 0.2 + 1.5]
        check(not late, f"old pictures (number, age, what draining took): {late}")


@test
def a_viewer_that_gives_way_gets_less_while_it_is_slow_and_all_again_when_it_is_not(place):
    name = place.segment()
    start_pattern(place, name, "1280x720")
    server = Server(place, name)
    # Few pictures of a low quality: of the steps, only those in size are left, and the test is short.
    path = "/stream/video?extra_headers=1&fps=5&quality=35"
    slow, stubborn = (SlowReader(server.port, f"{path}&adaptive={yes}", 25_000) for yes in (1, 0))

    def width_of(reader):
        parts = reader.parts()
        return parts[-1].width if parts else 0

    wait_until(lambda: 0 < width_of(slow) <= 640, 60,
               lambda: f"smaller pictures; they are {width_of(slow)} wide")
    check(slow.parts()[-1].size < 0.6 * slow.parts()[0].size, "they are as heavy")
    wait_until(lambda: len(stubborn.parts()) >= 3, 30, "a few pictures for the other")
    check_equal({part.width for part in stubborn.parts()}, {1280}, "the sizes for who did not ask for it")
    slow.rate = 10e6
    wait_until(lambda: width_of(slow) == 1280, 90, lambda: f"the whole size again, not {width_of(slow)}")
    for reader in (slow, stubborn):
        reader.close()


@test
def after_a_stall_a_viewer_gets_a_recent_frame(place):
    name = place.segment()
    start_pattern(place, name)
    server = Server(place, name, "-q", 95)
    viewer = RawViewer(server.port, receive_buffer=RECEIVE_BUFFER)
    viewer.read(1000)
    before = server.status()["segment"]["published"]
    wait_until(lambda: server.status()["segment"]["published"] > before + 90, 30, "90 more frames")
    resumed = server.status()["segment"]["last_frame"]["number"]
    first = viewer.heads()[0][0] if viewer.heads() else 1
    while not viewer.heads() or viewer.heads()[-1][0] < resumed:
        viewer.read(65536)
    stale = [number for number, _ in viewer.heads() if first < number < resumed]
    # The picture that was on its way, and what had fitted into buffers: not the ninety that came since.
    check(len(stale) < 20, f"old frames after the stall: {stale}")
    viewer.close()


@test
def viewers_who_vanish_leave_nothing_behind(place):
    name = place.segment()
    start_pattern(place, name)
    server = Server(place, name)

    def descriptors():
        return len(os.listdir(f"/proc/{server.process.pid}/fd"))

    def come_and_go(count):
        for i in range(count):
            viewer = RawViewer(server.port, "/stream/video" if i % 2 else "/snapshot")
            if i % 3:
                viewer.read(100)
            viewer.close()
        wait_until(lambda: server.streaming("active_streams") == 0, 10, "all viewers to be gone")

    come_and_go(20)
    before = descriptors()
    come_and_go(100)
    wait_until(lambda: descriptors() <= before + 1, 10, lambda: f"{before} descriptors, now {descriptors()}")


@test
def more_connections_than_descriptors_do_no_lasting_harm(place):
    name = place.segment()
    start_pattern(place, name)
    server = place.start("/bin/sh", "-c", f"ulimit -n 32; exec {tool('shm-mjpeg')} {name} --port 0")
    port = int(server.wait_for_output(r"listening on http://127.0.0.1:(\d+)/").group(1))
    viewer = Viewer(port)
    viewer.wait_for(3)
    crowd = [socket.create_connection(("127.0.0.1", port)) for _ in range(40)]
    server.wait_for_output("cannot take a connection")
    viewer.wait_for(len(viewer.parts) + 10)
    for connection in crowd:
        connection.close()
    check_equal(http_get(port, "/snapshot")[0], 200, "a snapshot afterwards")
    viewer.close()


@test
def a_viewer_who_hangs_up_while_there_are_no_frames_is_noticed(place):
    name = place.segment()
    capture = start_pattern(place, name)
    server = Server(place, name)
    viewers = [RawViewer(server.port) for _ in range(3)]
    for viewer in viewers:
        viewer.read(100)
    capture.stop().expect(0)
    wait_until(lambda: server.status()["segment"]["state"] == "absent", 10, "the segment to be gone")
    check_equal(server.streaming("active_streams"), 3, "streams that wait for the next writer")
    for viewer in viewers:
        viewer.close()
    wait_until(lambda: server.streaming("active_streams") == 0, 10, "the viewers to be gone")


main()
