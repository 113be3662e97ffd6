# SPDX-License-Identifier: Apache-2.0
"""Ten viewers of shm-mjpeg while its writer is killed, stopped, or begins to write another size."""
from e2e import *
from faults_scene import *

PATHS = ["/stream/video", "/stream/video/shm", "/stream/video?quality=30", "/stream/video?fps=10",
         "/stream/video?width=160&height=120"]


class Crowd:
    """Ten witnesses who each want something else."""

    def __init__(self, server):
        self.witnesses = [Witness(server, PATHS[i % len(PATHS)]) for i in range(10)]

    def see_more(self):
        for witness in self.witnesses:
            witness.see_more()

    def leave(self):
        for witness in self.witnesses:
            witness.leave()


def footprint_of_crowd(server, crowd):
    crowd.see_more()
    return footprint(server)


def check_footprint(server, crowd, before):
    crowd.see_more()
    wait_until(lambda: not footprint(server).grown_since(before), 60,
               lambda: "what is left: " + footprint(server).grown_since(before))


@test
def the_writer_is_killed_and_started_again(place):
    place.leaves_segments = True
    name = place.segment()
    capture = start_pattern(place, name, "320x240")
    server = Server(place, name)
    wait_until(lambda: server.get("/snapshot")[0] == 200, 30, "a snapshot")
    crowd = Crowd(server)
    before = None
    for _ in range(4):
        capture.kill()
        capture = start_pattern(place, name, "320x240")
        crowd.see_more()
        before = before or footprint_of_crowd(server, crowd)  # after the first time, which is for warming up
    check_footprint(server, crowd, before)
    check_equal(server.streaming("active_streams"), 10, "streams")
    crowd.leave()


@test
def the_writer_is_stopped_for_a_while_and_goes_on(place):
    name = place.segment()
    capture = start_pattern(place, name, "320x240")
    server = Server(place, name)
    wait_until(lambda: server.get("/snapshot")[0] == 200, 30, "a snapshot")
    crowd = Crowd(server)
    before = footprint_of_crowd(server, crowd)
    for _ in range(2):
        capture.send_signal(signal.SIGSTOP)
        wait_until(lambda: server.status()["segment"]["state"] == "stalled", 30, "the stall to be seen")
        check_equal(server.get("/snapshot")[0], 200, "a snapshot of a stalled writer")
        capture.send_signal(signal.SIGCONT)
        crowd.see_more()
    check_footprint(server, crowd, before)
    crowd.leave()


@test
def the_writer_takes_a_larger_size_and_a_smaller_one(place):
    name = place.segment()
    path = os.path.join(place.scratch, "config.json")

    def choose(width, height):
        with open(path, "w", encoding="utf-8") as file:
            json.dump({"vision": {"camera": {"device_id": "pattern", "resolution": [width, height]}}}, file)

    choose(320, 240)
    capture = place.start("shm-capture", "--config", path, "-n", name)
    capture.wait_for_output("publishing", 30)
    server = Server(place, name)
    wait_until(lambda: server.get("/snapshot")[0] == 200, 30, "a snapshot")
    crowd = Crowd(server)
    before = None
    for width, height in ((640, 480), (320, 240), (176, 144), (640, 480), (320, 240)):
        choose(width, height)
        capture.send_signal(signal.SIGHUP)
        wait_until(lambda: jpeg_size(server.get("/snapshot")[2]) == (width, height), 60, f"width {width}")
        crowd.see_more()
        before = before or footprint(server)  # with the largest, for buffers are kept to be used again
    check_footprint(server, crowd, before)
    crowd.leave()
    capture.stop().expect(0)


main()
