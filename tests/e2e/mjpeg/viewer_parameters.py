# SPDX-License-Identifier: Apache-2.0
"""What a viewer may ask of its stream, by what then comes through its socket."""
from e2e import *
from serving import *

CHROME = ("Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 "
          "Safari/537.36")
SAFARI = ("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) "
          "Version/17.5 Safari/605.1.15")
ADVANCE_HEAD = b"--frame\r\nContent-Type: image/jpeg\r\n\r\n"


class Asker(RawViewer):
    """A connection with a stream that also says which browser it is."""

    def __init__(self, port, query="", agent="a test", version="1.1"):
        super().__init__(port, f"/stream/video?{query} HTTP/{version}\r\nUser-Agent: {agent}\r\nX-Rest:")

    def read_until(self, condition):
        while not condition(self.data):
            self.read(65536)

    def wait_for_parts(self, count):
        """Headers of the first parts, with lower-case names."""
        self.read_until(lambda data: len(self.heads()) > count)
        found = re.findall(rb"\r\n(Content-Type: image/jpeg\r\n.*?)\r\n\r\n", self.data, re.DOTALL)[:count]
        return [dict((line.split(": ")[0].lower(), line.split(": ")[1])
                     for line in head.decode().split("\r\n")) for head in found]

    def has_nothing_for(self, seconds):
        self.socket.settimeout(seconds)
        try:
            self.read(65536)
            return False
        except socket.timeout:
            return True
        finally:
            self.socket.settimeout(20)


def numbers_of(viewer):
    return [number for number, _ in viewer.heads()]


@test
def extra_headers_tell_when_each_picture_was_grabbed_encoded_and_sent(place):
    name = place.segment()
    start_pattern(place, name)
    server = Server(place, name)
    for yes in ("1", "true", "yes"):
        viewer = Asker(server.port, f"extra_headers={yes}&width=320")
        for head in viewer.wait_for_parts(5):
            times = [float(head[f"x-shmvideo-{key}-time"])
                     for key in ("grab", "encode-begin", "encode-end", "send")]
            check_equal(times, sorted(times), "the order of times")
            check(0 < times[0] <= time.monotonic(), f"grabbed at {times[0]} of this machine's clock")
            check(abs(float(head["x-shmvideo-latency"]) - (times[3] - times[0])) < 2e-6, head)
            check_equal((head["x-shmvideo-width"], head["x-shmvideo-height"]), ("320", "240"), "the size")
            check_equal(head["x-shmvideo-online"], "true", "online")
            check(int(head["x-shmvideo-dropped"]) >= 0 and float(head["x-shmvideo-client-fps"]) >= 0, head)
        viewer.close()
    for no in ("", "extra_headers=0", "extra_headers=false"):
        viewer = Asker(server.port, no)
        check(b"X-ShmVideo" not in viewer.data + str(viewer.wait_for_parts(2)).encode(), f"extra with {no!r}")
        viewer.close()


@test
def the_next_head_comes_with_the_picture_for_chromium_and_who_asks_for_it(place):
    name = place.segment()
    start_pattern(place, name, "320x240", "-f", 1)
    server = Server(place, name)
    for query, agent in (("advance_headers=1", "a test"), ("advance_headers=true", SAFARI), ("", CHROME)):
        viewer = Asker(server.port, query, agent)
        # At once and not with the next frame, a second later.
        viewer.read_until(lambda data: data.endswith(b"\xff\xd9\r\n" + ADVANCE_HEAD))
        body = viewer.data.partition(b"\r\n\r\n")[2]
        check(body.startswith(ADVANCE_HEAD + b"\xff\xd8"), f"the body begins with {body[:80]!r}")
        check(b"Content-Length" not in body and b"X-Timestamp" not in body, "a head of a picture to come")
        check(body.count(b"--frame") <= 4, "boundaries")
        viewer.close()
    for query, agent in (("", "a test"), ("advance_headers=0", CHROME), ("", SAFARI),
                         ("extra_headers=1", CHROME)):
        viewer = Asker(server.port, query, agent)
        viewer.read_until(lambda data: data.endswith(b"\xff\xd9\r\n--frame\r\n"))
        check(b"Content-Length" in viewer.data, "an ordinary head")
        viewer.close()


@test
def the_last_picture_before_a_pause_comes_twice_for_safari_and_who_asks_for_it(place):
    name = place.segment()
    capture = start_pattern(place, name, "320x240")
    server = Server(place, name, "--on-loss", "close")
    twice = [Asker(server.port, "dual_final_frames=1"), Asker(server.port, "", SAFARI)]
    once = [Asker(server.port), Asker(server.port, "dual_final_frames=0", SAFARI),
            Asker(server.port, "", CHROME)]
    for viewer in twice + once[:2]:
        viewer.read_until(lambda data: b"X-Frame-Number" in data)
    capture.send_signal(signal.SIGSTOP)
    try:
        for viewer in twice:
            viewer.read_until(lambda data: len(numbers_of(viewer)) > 1
                              and numbers_of(viewer)[-1] == numbers_of(viewer)[-2])
            check(viewer.has_nothing_for(1), "the last picture comes more than twice")
            check_equal(viewer.data.count(b"\xff\xd8\xff"), len(numbers_of(viewer)), "whole pictures")
        for viewer in once:
            while not viewer.has_nothing_for(1):
                pass
            numbers = numbers_of(viewer)
            check_equal(sorted(set(numbers)), numbers, "the frames that came")
    finally:
        capture.send_signal(signal.SIGCONT)
    for viewer in twice:
        last = numbers_of(viewer)[-1]
        viewer.read_until(lambda data: numbers_of(viewer)[-1] > last)
    for viewer in twice + once:
        viewer.close()


@test
def heads_come_without_data_for_who_asks_for_none(place):
    name = place.segment()
    start_pattern(place, name)
    server = Server(place, name)
    viewer = Asker(server.port, "zero_data=1&extra_headers=1")
    heads = viewer.wait_for_parts(10)
    check_equal({head["content-length"] for head in heads}, {"0"}, "the length")
    check(b"\xff\xd8" not in viewer.data, "there is a picture")
    numbers = [int(head["x-frame-number"]) for head in heads]
    check_equal(sorted(set(numbers)), numbers, "the frames")
    check(b"\r\n\r\n\r\n--frame\r\nContent-Type" in viewer.data, "the part without bytes")
    viewer.close()
    advance = Asker(server.port, "zero_data=1&advance_headers=1")
    advance.read_until(lambda data: data.count(b"\r\n" + ADVANCE_HEAD + b"\r\n" + ADVANCE_HEAD) >= 3)
    advance.close()


@test
def a_picture_older_than_max_delay_is_not_sent(place):
    name = place.segment()
    capture = start_pattern(place, name, "320x240")
    server = Server(place, name, "--on-loss", "close", "--timeout", "200ms")
    usual = Asker(server.port)
    usual.read_until(lambda data: b"X-Frame-Number" in data)
    capture.send_signal(signal.SIGSTOP)
    try:
        while not usual.has_nothing_for(0.5):
            pass
        late = [Asker(server.port), Asker(server.port, "max_delay=60s")]
        for viewer in late:  # the newest that there is, however old
            viewer.read_until(lambda data: data.endswith(b"\xff\xd9\r\n--frame\r\n"))
        fresh = [Asker(server.port, f"max_delay={delay}") for delay in ("100", "100ms")]
        for viewer in fresh:
            viewer.read_until(lambda data: data.endswith(b"--frame\r\n"))  # the response, and no picture
            check(viewer.has_nothing_for(0.5), "a picture from before the pause")
            check_equal(numbers_of(viewer), [], "pictures")
    finally:
        capture.send_signal(signal.SIGCONT)
    for viewer in fresh:
        viewer.read_until(lambda data: b"X-Frame-Number" in data)
    newest_of_late = max(numbers_of(viewer)[0] for viewer in late)
    check(min(numbers_of(viewer)[0] for viewer in fresh) > newest_of_late, "frames from before the pause")
    for viewer in [usual] + late + fresh:
        viewer.close()


@test
def a_cookie_tells_each_viewer_which_one_it_is(place):
    name = place.segment()
    start_pattern(place, name)
    server = Server(place, name)
    ids = []
    for key, cookie in (("", "0"), ("key=door", "door"), ("key=a%3B%20b%2Fc", "a%3B%20b%2Fc")):
        viewer = Asker(server.port, key)
        viewer.read_until(lambda data: b"\r\n\r\n" in data)
        found = re.search(rb"\r\nSet-Cookie: stream_client=(\S+)/([0-9a-f]{16}); path=/; max-age=30\r\n",
                          viewer.data)
        check(found and found.group(1).decode() == cookie, lambda: f"{key!r} gave {viewer.data!r}")
        ids.append(found.group(2))
        viewer.close()
    check_equal(len(set(ids)), 3, "different viewers")


@test
def a_viewer_of_http_1_0_gets_the_same_and_may_leave_at_any_point(place):
    name = place.segment()
    start_pattern(place, name)
    server = Server(place, name)
    viewer = Asker(server.port, version="1.0")
    check_equal(len(viewer.wait_for_parts(5)), 5, "parts")
    check(b"Transfer-Encoding" not in viewer.data and b"Connection: close" in viewer.data, "the head")
    viewer.close()
    for count in (0, 1, 100, 400, 1000, 20_000, 200_000):
        viewer = Asker(server.port, version="1.0" if count % 3 else "1.1")
        while len(viewer.data) < count:
            viewer.read(min(65536, count - len(viewer.data)))
        viewer.close()
    wait_until(lambda: server.streaming("active_streams") == 0, 10, "all to be gone")


@test
def what_a_parameter_may_be_is_told(place):
    name = place.segment()
    start_pattern(place, name)
    server = Server(place, name)
    for query, words in (("max_delay=soon", "max_delay must be a time from 1 ms to 60 s"),
                         ("max_delay=0", "max_delay must be a time"),
                         ("extra_headers=2", "extra_headers must be 1 or 0"),
                         ("adaptive=maybe", "adaptive must be 1 or 0"),
                         ("zero_data=", "zero_data must be 1 or 0"),
                         ("fps=0", "fps must be a whole number from 1 to 60"),
                         ("width=0", "width must be a whole number"),
                         ("dual_final_frames=1&dual_final_frames=1", "given more than once")):
        detail = server.detail(f"/stream/video?{query}", 400)
        check(words in detail, f"{query}: {detail}")


@test
def a_stream_ends_with_its_writer_where_the_server_is_told_so(place):
    name = place.segment()
    for stop in (signal.SIGINT, signal.SIGKILL):
        place.leaves_segments = stop == signal.SIGKILL
        capture = start_pattern(place, name)
        server = Server(place, name, "--on-loss", "close")
        viewer, stays = Asker(server.port), Server(place, name)
        other = Asker(stays.port)
        for each in (viewer, other):
            each.wait_for_parts(3)
        capture.send_signal(stop)
        capture.wait()
        while data := viewer.socket.recv(65536):
            viewer.data += data
        check(viewer.data.endswith(b"\xff\xd9\r\n--frame\r\n"),
              f"it ended within a part: {viewer.data[-60:]!r}")
        check(other.socket.recv(65536), "the stream of the server with placeholders")
        viewer.close()
        other.close()
        server.process.stop().expect(0)
        stays.process.stop().expect(0)


@test
def a_stream_waits_for_its_writer_where_the_server_is_told_so(place):
    name = place.segment()
    server = Server(place, name, "--wait", "30s")
    viewer = Asker(server.port)
    check(viewer.has_nothing_for(0.5), "an answer without a writer")
    start_pattern(place, name)
    check_equal(len(viewer.wait_for_parts(3)), 3, "parts")
    viewer.close()
    impatient = Server(place, place.segment(), "--wait", "300ms")
    check("there is no segment" in impatient.detail("/stream/video", 503), "why")


main()
