# SPDX-License-Identifier: Apache-2.0
"""/metrics of shm-mjpeg, read strictly, and by promtool where it is installed (see exposition.py)."""
import shutil

from e2e import *
from exposition import parse, value
from serving import *


def metrics(server, path="/metrics"):
    status, headers, body = server.get(path)
    check_equal((status, headers["content-type"]), (200, "text/plain; version=0.0.4; charset=utf-8"), path)
    return parse(body.decode())


@test
def promtool_is_there_to_be_asked(_):
    if not shutil.which("promtool"):
        skip("promtool (Debian's package prometheus) is not installed")


@test
def without_a_writer_it_says_that_the_segment_is_not_up(place):
    name = place.segment()
    samples = metrics(Server(place, name))
    check_equal(value(samples, "shm_video_segment_up", segment=name), 0, "up")
    check_equal(value(samples, "shm_video_http_streams", segment=name), 0, "streams")
    check(value(samples, "shm_video_http_uptime_seconds") > 0, "the uptime")


@test
def what_is_done_for_viewers_is_counted(place):
    name = place.segment()
    start_pattern(place, name)
    server = Server(place, name)
    viewers = [Viewer(server.port, "/stream/video?quality=50") for _ in range(3)]
    for viewer in viewers:
        viewer.wait_for(10)
    server.get("/snapshot?quality=30")
    server.get("/stream/video/raw")
    samples = metrics(server)

    def count(metric, **labels):
        return value(samples, "shm_video_http_" + metric, segment=name, **labels)
    check_equal(count("streams"), 3, "streams")
    encoded, sent = count("pictures_made_total", how="encoded"), count("sent_total", **{"as": "stream"})
    check(10 <= encoded <= count("frames_received_total") + 2, f"encoded {encoded}")
    check(sent >= 30, f"parts sent: {sent}")
    delivered, hits = count("pictures_delivered_total"), count("cache_hits_total")
    check(delivered >= sent and hits >= 10 and hits <= delivered, f"{hits} hits of {delivered}")
    check_equal((count("sent_total", **{"as": "picture"}), count("sent_total", **{"as": "raw"})), (1, 1), "single ones")
    check(count("sent_bytes_total") > 30 * 1000, "bytes")
    check_equal((count("frames_failed_total"), count("pictures_made_total", how="as_it_is")), (0, 0), "the others")
    for cause in ("not_due", "slow", "processor", "late"):
        check(count("frames_skipped_total", cause=cause) is not None, cause)
    for stage in ("capture_to_encode", "encode", "capture_to_sent"):
        check(count(stage + "_seconds_count") >= 10, f"{stage}: {count(stage + '_seconds_count')}")
        check(0 < count(stage + "_seconds_sum"), stage)
    check(count("encode_seconds_sum") < count("capture_to_sent_seconds_sum") * 10, "the sums")
    check_equal(value(samples, "shm_video_segment_up", segment=name), 1, "up")
    check(value(samples, "shm_video_last_frame_age_seconds", segment=name) is not None, "the age of the newest frame")
    for viewer in viewers:
        viewer.close()
    later = metrics(server)
    check_equal(value(later, "shm_video_http_streams", segment=name), 0, "streams afterwards")
    for key, number in samples.items():
        if key[0].endswith("_total"):
            check(later[key] >= number, f"{key} went back")


@test
def requests_are_counted_by_path_and_status_and_made_up_ones_together(place):
    name = place.segment()
    start_pattern(place, name)
    server = Server(place, name)
    wait_until(lambda: server.get("/healthz")[0] == 200, 30, "health")
    for path in ("/snapshot.jpg", f"/s/{name}/snapshot.jpg", "/snapshot.jpg?quality=0", "/made", "/up", "/too",
                 "/?action=snapshot"):
        server.get(path)
    samples = metrics(server)

    def requests(path, status):
        return value(samples, "shm_video_http_requests_total", path=path, status=str(status))
    check_equal((requests("/snapshot.jpg", 200), requests("/snapshot.jpg", 400)), (2, 1), "of /snapshot.jpg")
    check_equal((requests("none", 404), requests("/", 200)), (3, 1), "of what is not there, and of /")
    check(value(samples, "shm_video_http_connections_total") >= 8, "connections")
    wait_until(lambda: value(metrics(server), "shm_video_http_connections_requesting") == 1, 20,
               "the end of all connections but the one that asks")


@test
def below_a_name_it_is_that_segment_alone(place):
    names = [place.segment(), place.segment()]
    for name in names:
        start_pattern(place, name, "320x240")
    server = Server(place, *names)
    every, one = metrics(server), metrics(server, f"/s/{names[1]}/metrics")
    for name in names:
        check_equal(value(every, "shm_video_http_streams", segment=name), 0, f"streams of {name}")
    check_equal(value(one, "shm_video_http_streams", segment=names[1]), 0, "streams")
    check_equal(value(one, "shm_video_http_streams", segment=names[0]), None, "streams of the other")
    check_equal(value(one, "shm_video_segment_up", segment=names[0]), None, "the other")
    check(not any(sample == "shm_video_http_requests_total" for sample, _ in one), "requests of the server")


main()
