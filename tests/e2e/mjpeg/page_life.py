# SPDX-License-Identifier: Apache-2.0
"""The page of shm-mjpeg in a browser over time: cameras and servers that go and come, tabs that nobody sees, and
how many connections it takes."""
from e2e import *
from page_browser import *
from serving import *

NOTICE = "document.querySelector('.tile .view').classList.contains('is-told')"


def open_connections(port):
    """How many connections the server has now."""
    count = 0
    for table in ("/proc/net/tcp", "/proc/net/tcp6"):
        with open(table, encoding="ascii") as file:
            for line in file.readlines()[1:]:
                local, state = line.split()[1], line.split()[3]
                count += int(local.split(":")[1], 16) == port and state == "01"  # established
    return count


def streams(server):
    return server.streaming("active_streams")


@test
def ten_streams_need_at_most_six_connections_and_each_moves(place):
    names = [place.segment(f"cam{number}") for number in range(10)]
    for name in names:
        start_pattern(place, name, "160x120", "-f", "5")
    server = Server(place, *names)
    page = Page(server.url, 1440, 900)
    most = 0
    before = {}
    for name in names:
        before[name] = page.wait_for(drawn(tile(name)), what=f"a picture of {name}")
        most = max(most, open_connections(server.port))
    for name in names:
        page.wait_for(f"{drawn(tile(name))} !== {before[name]}", what=f"{name} to move")
        most = max(most, open_connections(server.port))
    page.call("click", selector=f"{tile(names[3])} .enlarge")
    check_moves(page, "#enlarged", 3)
    most = max(most, open_connections(server.port))
    page.call("download", selector="#enlarged .snapshot")
    check(1 <= most <= 6, f"{most} connections")
    page.close()


@test
def it_says_what_to_start_where_there_is_no_video_and_shows_it_by_itself(place):
    name = place.segment()
    server = Server(place, name)
    page = Page(server.url)
    page.wait_for_text(".tile .what", "No video yet")
    page.wait_for_text(".tile .how", f"shm-capture --device 0 --name {name}")
    start_pattern(place, name)
    check_moves(page, tile(name))
    page.wait_for(f"!{NOTICE}", what="no notice over a live picture")
    page.close()
    place.leaves_segments = True


@test
def without_any_segment_it_waits_for_the_first(place):
    server = Server.__new__(Server)
    server.process = place.start("shm-mjpeg", "--all", "--port", 0)
    server.port = int(server.process.wait_for_output(r"listening on http://\S+:(\d+)/").group(1))
    page = Page(f"http://127.0.0.1:{server.port}/")
    page.wait_for_text("#empty", "shm-capture --device 0 --name")
    name = place.segment()
    start_pattern(place, name, "320x240")
    check_moves(page, tile(name))
    check_equal(page.is_shown("#empty"), False, "what is said of there being none")
    page.close()


@test
def it_says_that_a_camera_is_gone_and_since_when_and_goes_on_with_the_next(place):
    name = place.segment()
    place.leaves_segments = True
    capture = start_pattern(place, name)
    server = Server(place, name)
    page = Page(server.url)
    check_moves(page, tile(name))
    gone = time.time()
    capture.kill()
    page.wait_for_text(".tile .what", "The camera is gone")
    told = page.text(".tile .why")
    clock = re.search(r"Since (\d\d:\d\d:\d\d) \((\d+) s\)", told)
    check(clock, f"no time since when: {told}")
    zone = page.value("-60 * new Date().getTimezoneOffset()")  # seconds that its clock is ahead of UTC
    hours, minutes, seconds = map(int, clock.group(1).split(":"))
    off = (hours * 3600 + minutes * 60 + seconds - zone - gone) % 86400
    check(min(off, 86400 - off) < 60, f"{told}, but it was killed {off} s away from that")
    page.wait_for_text("#news", "The camera is gone")
    page.wait_for(f"!document.querySelector('.tile .why').innerText.includes('({clock.group(2)} s)')",
                  what="the time to go on")
    start_pattern(place, name, "800x600")
    page.wait_for_text(".tile .state", "Live")
    check_moves(page, tile(name))
    page.wait_for("document.querySelector('.tile canvas').width >= 480 && "
                  "Math.abs(document.querySelector('.tile canvas').width * 3 / 4 - "
                  "document.querySelector('.tile canvas').height) < 2", what="pictures of the new shape")
    page.close()


@test
def a_camera_that_was_stopped_in_good_order_is_gone_since_then(place):
    name = place.segment()
    capture = start_pattern(place, name)
    server = Server(place, name, place.segment(), place.segment())
    page = Page(server.url)
    check_moves(page, tile(name))
    capture.stop().expect(0)
    page.wait_for_text(f"{tile(name)} .what", "The camera is gone")
    # Some time after the last picture was asked for, the server knows no more of it; the page does.
    wait_until(lambda: server.status()["segments"][0]["lost"]["since"] is None, 60, "the server to forget it")
    time.sleep(2)  # for the page to hear of that
    told = page.text(f"{tile(name)} .why")
    check(re.search(r"Since \d\d:\d\d:\d\d \(\d+ s\)", told), f"it says '{told}'")
    page.wait_for_text(f"{tile(name)} .how", f"shm-capture --device 0 --name {name}")
    start_pattern(place, name)
    check_moves(page, tile(name))
    page.close()


@test
def it_goes_on_when_the_server_comes_back_also_with_a_stream_enlarged(place):
    names = [place.segment(stem) for stem in ("front", "garden", "garage")]
    for name in names:
        start_pattern(place, name, "320x240")
    server = Server(place, *names)
    wall, large = Page(server.url), Page(f"{server.url}#/{names[1]}")
    check_moves(wall, tile(names[0]))
    check_moves(large, "#enlarged")
    server.process.stop().expect(0)
    for page in (wall, large):
        page.wait_for_text("#summary", "No server")
        page.wait_for_text(f"{tile(names[0])} .state", "No server")
        check(re.search(r"does not answer since \d\d:\d\d:\d\d", page.text("#alarm")), page.text("#alarm"))
    place.start("shm-mjpeg", *names, "--port", server.port)
    for name in names:
        check_moves(wall, tile(name))
    check_moves(large, "#enlarged")
    for page in (wall, large):
        page.wait_for("document.getElementById('alarm').hidden")
        page.close()


@test
def nothing_is_asked_for_in_a_tab_that_nobody_sees_or_that_is_paused(place):
    name, *others = [place.segment(stem) for stem in ("front", "garden", "garage")]
    for each in (name, *others):
        start_pattern(place, each, "320x240")
    server = Server(place, name)
    many = Server(place, name, *others)
    page, wall = Page(server.url), Page(many.url)
    check_moves(page, tile(name))
    check_moves(wall, tile(others[1]))
    wait_until(lambda: streams(server) == 1, 30, "the stream")
    for each in (page, wall):
        each.call("show", isSeen=False)
    wait_until(lambda: streams(server) == 0, 30, "the stream to end")
    time.sleep(1)  # for what was under way
    asked = len(page.call("asked")), len(wall.call("asked"))
    time.sleep(3)  # how much it asks in a time, not how long that takes
    check_equal((len(page.call("asked")), len(wall.call("asked"))), asked, "requests of pages that nobody sees")
    for each in (page, wall):
        each.call("show", isSeen=True)
    check_moves(page, tile(name))
    check_moves(wall, tile(others[1]))
    page.call("click", selector="#pause")
    page.wait_for_text("#summary", "Paused")
    wait_until(lambda: streams(server) == 0, 30, "the stream to end")
    page.call("click", selector="#pause")
    check_moves(page, tile(name))
    page.call("leave", url="about:blank")
    wait_until(lambda: streams(server) == 0, 30, "the stream of a page that was left to end")
    for each in (page, wall):
        each.close()


@test
def what_may_not_be_seen_is_told_and_not_asked_for_again(place):
    name = place.segment()
    start_pattern(place, name, "320x240")
    server = Server(place, name)
    page = Page(server.url)
    check_moves(page, tile(name))
    # What a server with passwords says, or a proxy before one that has none.
    page.value("""window.realFetch = window.fetch; window.fetched = 0;
      window.fetch = (url, options) => { ++window.fetched;
        return Promise.resolve(new Response('{"detail": "no password for this"}', {status: 403})); }; 0""")
    page.wait_for_text("#alarm", "no password for this")
    time.sleep(1)  # for what was under way
    fetched = page.value("window.fetched")
    time.sleep(7)  # how much it asks in a time
    check_equal(page.value("window.fetched"), fetched, "how often it asked")
    page.value("window.fetch = window.realFetch; 0")
    page.call("click", selector="#alarm button")
    check_moves(page, tile(name))
    page.close()


@test
def a_name_that_is_html_is_only_text(place):
    name = place.segment()
    start_pattern(place, name, "320x240")
    server = Server(place, name)
    page = Page(server.url)
    check_moves(page, tile(name))
    page.value("""window.realFetch = window.fetch;
      window.fetch = async (url, options) => {
        const answer = await window.realFetch(url, options);
        if (!String(url).includes('status')) return answer;
        const status = await answer.json();
        const evil = '<img src=x onerror="window.isBroken = true">';
        status.segments[0].state = status.segment.state = 'absent';
        status.segments[0].name = status.segment.name = evil;
        status.segments[0].start_command = evil;
        return new Response(JSON.stringify(status));
      }; 0""")
    page.wait_for_text(".tile .name", "<img src=x")
    page.wait_for_text(".tile .how", "<img src=x")
    check_equal((page.count(".tile img"), page.value("!!window.isBroken")), (0, False), "what became of it")
    page.close()


main()
