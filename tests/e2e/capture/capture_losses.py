# SPDX-License-Identifier: Apache-2.0
"""shm-capture and sources that are not there yet, go, come back, fall silent: an MJPEG stream over HTTP."""
import json
import os
import re
import signal
import time

from e2e import *
from frames import *


class Server:
    """An MJPEG stream of a test pattern, by the tools themselves, that can go and come back."""

    def __init__(self, place):
        self.place, self.port, self.process = place, free_port(), None
        self.segment = place.segment("origin")
        place.start("shm-capture", "-d", "pattern", "-r", "320x240", "-f", "30", "-n", self.segment)
        wait_for_segment(place, self.segment)
        self.url = f"http://127.0.0.1:{self.port}/stream/video/shm"

    def start(self):
        self.process = self.place.start("shm-mjpeg", self.segment, "-p", self.port)
        self.process.wait_for_output(r"http://\S+")

    def stop(self):
        self.process.stop(seconds=20)


def capture_of(place, server, *options):
    name = place.segment()
    capture = place.start("shm-capture", "-d", server.url, "-n", name, *options)
    return name, capture


def report_of(place, name):
    shown = place.run("shm-inspect", name, "--json")
    return json.loads(shown.out) if shown.status == 0 else {}


def wait_for_source_state(place, name, state):
    wait_until(lambda: report_of(place, name).get("source_state") == state, 30,
               lambda: f"the source to be {state}: {report_of(place, name)}")


@test
def a_stream_that_goes_and_comes_back_keeps_its_segment_and_all_viewers(place):
    server = Server(place)
    server.start()
    name, capture = capture_of(place, server)
    log = start_log(place, name, 100000, 60)
    wait_for_segment(place, name)
    port = free_port()
    place.start("shm-mjpeg", name, "-p", port).wait_for_output(r"http://\S+")
    with MjpegStream(port, timeout=60) as viewer:
        pictures = iter(viewer)
        next(pictures)
        server.stop()
        wait_for_source_state(place, name, "reconnecting")
        time.sleep(1.5)  # longer than the publishing loop may stand still before readers call it stalled
        check_equal(report_of(place, name)["state"], "live", "the segment's state while there is no source")
        frames_before = log.out.count("\n")
        server.start()
        wait_until(lambda: log.out.count("\n") > frames_before + 5, 40, "frames after the return")
        for _ in range(10):
            next(pictures)  # on the connection that was there before
    wait_for_source_state(place, name, "ok")
    result = capture.stop().expect(0)
    frames = frames_of(log, 10)
    check_equal([f["discontinuity"] for f in frames[1:]].count(True), 1, "discontinuities")
    check_equal({f["generation"] for f in frames}, {1}, "generations")
    numbers = [f["source_number"] for f in frames]
    check(all(a < b for a, b in zip(numbers, numbers[1:])), lambda: f"source numbers start over: {numbers}")
    check_equal((result.err.count("trying to open it again"), result.err.count("is back after")), (1, 1),
                f"lines of going and coming in {result.err}")
    check("reopened 1" in result.err, lambda: f"no count of reopenings in {result.err}")


@test
def gstreamer_too_takes_the_end_of_a_stream_for_a_loss(place):
    server = Server(place)
    server.start()
    name, capture = capture_of(place, server, "--backend", "gstreamer", "--on-loss", "exit")
    wait_until(lambda: os.path.exists(segment_path(place, name)) or not capture.is_running, 40, "the segment")
    if not capture.is_running and re.search("no element|plug-?in|module", capture.err):
        skip(f"no GStreamer for this: {capture.err}")
    server.stop()
    result = capture.wait(40).expect(1)
    check("the server ended the stream" in result.err, lambda: f"no reason in {result.err!r}")


@test
def a_stream_that_falls_silent_is_opened_again(place):
    server = Server(place)
    server.start()
    name, capture = capture_of(place, server, "--stall-timeout", "500ms")
    log = start_log(place, name, 100000, 60)
    wait_until(lambda: log.out.count("\n") > 5, 20, "the first frames")
    server.process.send_signal(signal.SIGSTOP)
    wait_for_source_state(place, name, "reconnecting")
    server.process.send_signal(signal.SIGCONT)
    frames_before = log.out.count("\n")
    wait_until(lambda: log.out.count("\n") > frames_before + 5, 40, "frames after the silence")
    wait_for_source_state(place, name, "ok")
    result = capture.stop().expect(0)
    check("no frame for 0.5 s" in result.err, lambda: f"no reason in {result.err}")


@test
def a_loss_ends_the_capture_for_those_who_want_that(place):
    for options, reason in ((("--on-loss", "exit"), ""), (("--no-reconnect",), ""),
                            (("--max-reconnects", "2"), "gave up after 2 attempts")):
        server = Server(place)
        server.start()
        name, capture = capture_of(place, server, *options)
        wait_for_segment(place, name)
        server.stop()
        result = capture.wait(40).expect(1)
        last = result.err.splitlines()[-1]
        check(last.startswith("shm-capture: ") and server.url in last and reason in last, lambda: result.err)
        check(not os.path.exists(segment_path(place, name)), "the segment stayed")


@test
def a_stream_that_is_not_there_yet_is_waited_for_when_asked(place):
    server = Server(place)
    _, impatient = capture_of(place, server)
    impatient.wait(20).expect(1)
    name, patient = capture_of(place, server, "--wait-device")
    patient.wait_for_output(r"waiting for http.*")
    server.start()
    wait_for_segment(place, name)
    patient.stop().expect(0)


@test
def a_stop_is_soon_whatever_it_waits_for(place):
    server = Server(place)
    server.start()
    name, lost = capture_of(place, server)
    wait_for_segment(place, name)
    silent_name, silent = capture_of(place, server, "--stall-timeout", "1m")
    wait_for_segment(place, silent_name)
    server.process.send_signal(signal.SIGSTOP)
    _, opening = capture_of(place, server)
    time.sleep(0.5)  # so that it is in the library's call; sooner would do as well
    for what, process in (("nothing to read", silent), ("opening", opening)):
        print(f"  {what}: {stop_time(process):.0f} ms")
    server.process.kill()
    wait_for_source_state(place, name, "reconnecting")
    waiting_name, waiting = capture_of(place, server, "--wait-device")
    waiting.wait_for_output(r"waiting for http.*")
    for what, process in (("reopening", lost), ("waiting for the first time", waiting)):
        print(f"  {what}: {stop_time(process):.0f} ms")
    for segment in (name, silent_name, waiting_name):
        check(not os.path.exists(segment_path(place, segment)), "a segment stayed")


def stop_time(process):
    asked = time.monotonic()
    process.send_signal(signal.SIGTERM)
    process.wait(5).expect(0)
    return (time.monotonic() - asked) * 1000


@test
def a_pipe_that_falls_silent_is_told_and_waited_for(place):
    pipe = os.path.join(place.scratch, "pipe.y4m")
    os.mkfifo(pipe)
    name = place.segment()
    log = start_log(place, name, 100000, 60)
    capture = place.start("shm-capture", "-d", pipe, "-n", name, "--stall-timeout", "300ms")
    with open(pipe, "wb", buffering=0) as feed:
        feed.write(y4m_head(160, 120, 100))
        for number in range(60):
            feed.write(y4m_frame(160, 120, number))
        capture.wait_for_output(r"no frame for 0\.3 s|nothing came for 0\.3 s", 30)
        seen = log.out.count("\n")
        for number in range(60):
            feed.write(y4m_frame(160, 120, number))
        wait_until(lambda: log.out.count("\n") > seen, 30, "frames after the silence")
    capture.wait(20).expect(0)
    check_equal([f["discontinuity"] for f in frames_of(log, 20)[1:]].count(True), 0, "discontinuities")


@test
def options_that_contradict_each_other_are_wrong_use(place):
    for arguments in (["--no-reconnect", "--reconnect"], ["--on-loss", "exit", "--reconnect"],
                      ["--on-loss", "reconnect", "--no-reconnect"], ["--stall-timeout", "5ms"],
                      ["--max-reconnects", "-1"]):
        place.run("shm-capture", "-d", "pattern", "-n", place.segment(), *arguments).expect(2)


main()
