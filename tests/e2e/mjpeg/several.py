# SPDX-License-Identifier: Apache-2.0
"""shm-mjpeg with several segments: those that are named, and all that there are."""
from e2e import *
from serving import *


def snapshot_size(server, path):
    """The picture's size, or the status where there is none."""
    status, _, body = server.get(path)
    return jpeg_size(body) if status == 200 else status


def wait_for_size(server, path, size):
    wait_until(lambda: snapshot_size(server, path) == size, 60,
               lambda: f"a picture of {size} at {path}, which is {snapshot_size(server, path)}")


def names_in_status(server):
    return server.status()["segment"]["name"]


@test
def each_named_segment_has_its_place_and_the_first_is_meant_without_a_name(place):
    front, garden = place.segment("front"), place.segment("garden")
    start_pattern(place, front, "320x240")
    start_pattern(place, garden, "640x480")
    server = Server(place, front, garden)
    wait_for_size(server, "/snapshot", (320, 240))
    wait_for_size(server, f"/s/{front}/snapshot", (320, 240))
    wait_for_size(server, f"/s/{garden}/snapshot", (640, 480))
    viewers = [Viewer(server.port, f"/s/{garden}/stream/video"), Viewer(server.port, "/stream/video/shm")]
    for viewer, size in zip(viewers, ((640, 480), (320, 240))):
        viewer.wait_for(3)
        viewer.close()
        check_equal(viewer.sizes[0], size, "the size of a stream's pictures")
    status = json.loads(server.get(f"/s/{garden}/stream/video/status")[2])
    check_equal(status["segment"]["name"], garden, "whose status it is")
    other = place.segment("other")
    check(other in server.detail(f"/s/{other}/snapshot", 404), "who asks for what is not served is told so")


@test
def segments_that_are_not_there_yet_are_waited_for_each_by_itself(place):
    front, garden = place.segment("front"), place.segment("garden")
    server = Server(place, front, "--also", garden)
    check(garden in server.detail(f"/s/{garden}/snapshot", 503), "it is said what is missing")
    start_pattern(place, garden, "320x240")
    wait_for_size(server, f"/s/{garden}/snapshot", (320, 240))
    check_equal(server.get("/snapshot")[0], 503, "the status of the other, whose writer is not there")


@test
def all_segments_are_served_also_those_that_come_later_but_for_private_ones(place):
    front, garden, secret = place.segment("front"), place.segment("garden"), place.segment("private.test")
    start_pattern(place, front, "320x240")
    server = Server(place, "--all")
    wait_for_size(server, "/snapshot", (320, 240))
    check_equal(server.get(f"/s/{garden}/snapshot")[0], 404, "the status of one that is not there yet")
    start_pattern(place, secret, "160x120")
    capture = start_pattern(place, garden, "640x480")
    wait_for_size(server, f"/s/{garden}/snapshot", (640, 480))
    check_equal(server.get(f"/s/{secret}/snapshot")[0], 404, "the status of a private one")
    check_equal(names_in_status(server), front, "what is meant without a name stays what it was")
    viewer = Viewer(server.port, f"/s/{garden}/stream/video")
    viewer.wait_for(3)
    capture.stop().expect(0)

    def state():
        return json.loads(server.get(f"/s/{garden}/stream/video/status")[2])["segment"]["state"]
    wait_until(lambda: state() in ("closed", "absent"), 20, lambda: f"the end to be told, not {state()}")
    seen = len(viewer.parts)
    start_pattern(place, garden, "480x360")
    wait_until(lambda: (480, 360) in viewer.sizes[seen:], 60, "pictures of the next writer")
    viewer.close()


@test
def all_segments_are_in_the_order_of_their_names_and_the_first_of_none_is_the_first_that_comes(place):
    server = Server(place, "--all")
    check("no segment" in server.detail("/snapshot", 503), "there is none yet")
    late = place.segment("late")
    start_pattern(place, late, "320x240")
    wait_for_size(server, "/snapshot", (320, 240))
    early = place.segment("early")
    start_pattern(place, early, "640x480")
    wait_for_size(server, f"/s/{early}/snapshot", (640, 480))
    wait_for_size(server, "/snapshot", (320, 240))
    check_equal(names_in_status(server), late, "the first")
    another = Server(place, "--all")
    wait_for_size(another, "/snapshot", (640, 480))
    check_equal(names_in_status(another), early, "the first by name")
    named = Server(place, late, "--all")
    wait_for_size(named, f"/s/{early}/snapshot", (640, 480))
    check_equal(names_in_status(named), late, "the one that was named")


@test
def what_lies_about_where_segments_are_is_no_segment(place):
    server = Server(place, "--all")
    for name in ("some.file", "another", ".hidden", "dead.lock"):
        with open(os.path.join(place.directory, name), "wb") as file:
            file.write(b"\0" * 100)
    place.leaves_segments = True
    late = place.segment("late")
    start_pattern(place, late, "320x240")
    wait_for_size(server, "/snapshot", (320, 240))
    for name in ("some.file", "another"):
        check_equal(server.get(f"/s/{name}/snapshot")[0], 404, f"the status of {name}")


@test
def of_very_many_segments_a_bounded_number_is_served(place):
    name = place.segment()
    start_pattern(place, name, "160x120")
    server = Server(place, name, "--all")
    links = [place.segment(f"link{number:02}") for number in range(80)]
    for link in links:  # to whoever looks, each is a segment with a live writer
        os.link(os.path.join(place.directory, name), os.path.join(place.directory, link))
    server.process.wait_for_output("there are 64 segments; no more are taken up", 60)
    served = [link for link in links if server.get(f"/s/{link}/stream/video/status")[0] == 200]
    check_equal(len(served), 63, "segments beside the one that was named")
    check_equal(server.get("/snapshot")[0], 200, "the status of the first, as before")
    for link in links:
        os.unlink(os.path.join(place.directory, link))


@test
def more_viewers_than_the_soft_limit_of_files_allows(place):
    require("prlimit")
    name = place.segment()
    start_pattern(place, name, "160x120")
    server = Server.__new__(Server)
    server.process = place.start(shutil.which("prlimit"), "--nofile=64:4096", tool("shm-mjpeg"), name, "--port", 0)
    server.port = int(server.process.wait_for_output(r"listening on http://\S+:(\d+)/").group(1))
    viewers = [RawViewer(server.port, "/stream/video?fps=1") for _ in range(150)]
    for viewer in viewers:
        while not viewer.heads():
            viewer.read(65536)
    check_equal(server.streaming("active_streams"), len(viewers), "viewers")
    for viewer in viewers:
        viewer.close()


@test
def without_clients_nothing_is_done(place):
    name = place.segment()
    start_pattern(place, name, "160x120", "-f", "60")
    server = Server(place, name, "--all")
    wait_for_size(server, "/snapshot", (160, 120))
    wait_until(lambda: "nobody is watching" in server.process.err, 60, "the server to leave the segment")

    def switches():
        counts = []
        for thread in os.listdir(f"/proc/{server.process.pid}/task"):
            with open(f"/proc/{server.process.pid}/task/{thread}/status", encoding="ascii") as file:
                counts += re.findall(r"^voluntary_ctxt_switches:\s+(\d+)", file.read(), re.MULTILINE)
        return sum(map(int, counts))
    before = switches()
    if not before:
        skip("this kernel does not count switches")
    time.sleep(6)  # how often it wakes in a time, not how long that takes
    # Once in ten seconds it looks whether there is anything to tell.
    check(switches() - before <= 3, f"it woke {switches() - before} times in 6 s")


main()
