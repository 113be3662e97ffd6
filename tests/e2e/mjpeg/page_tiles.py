# SPDX-License-Identifier: Apache-2.0
"""The page of shm-mjpeg in a browser: its tiles, what can be done with them, and how it looks."""
from e2e import *
from page_browser import *
from serving import *

OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
# The controls that are too small for a finger.
SMALL = """[...document.querySelectorAll('button, select, dialog[open] a')].filter(each => each.checkVisibility())
  .map(each => [each.id || each.className, each.getBoundingClientRect()])
  .filter(([, box]) => box.width < 44 || box.height < 44)
  .map(([name, box]) => `${name} ${box.width}x${box.height}`)"""
# Text whose contrast to what it stands on is too low: [text, contrast].
PALE = """(() => {
  const parse = (color) => color.match(/[\\d.]+/g).map(Number);
  const light = ([r, g, b]) => [r, g, b].map((v) => v / 255)
    .map((v) => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
    .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
  const ground = (element) => {
    for (; element; element = element.parentElement) {
      const [r, g, b, a = 1] = parse(getComputedStyle(element).backgroundColor);
      if (a === 1) return [r, g, b];
    }
    return [255, 255, 255];
  };
  const pale = [];
  for (const element of document.querySelectorAll('h1, h2, p, dt, dd, span, select, button, code, a')) {
    if (!element.checkVisibility() || !element.innerText?.trim() || element.closest('.unseen')) continue;
    const [a, b] = [light(parse(getComputedStyle(element).color)), light(ground(element))].sort((x, y) => y - x);
    const contrast = (a + 0.05) / (b + 0.05);
    if (contrast < 4.5) pale.push([element.innerText, contrast]);
  }
  return pale;
})()"""
# What can be acted on but says nothing of itself.
NAMELESS = """[...document.querySelectorAll('button, a, select, [role=img], article, main, dialog')]
  .filter(each => each.checkVisibility())
  .filter(each => !(each.getAttribute('aria-label') || each.textContent.trim() || each.labels?.length ||
                    document.getElementById(each.getAttribute('aria-labelledby'))))
  .map(each => each.outerHTML)"""


def three(place, *options):
    """Three streams of different sizes, and their server."""
    names = [place.segment(stem) for stem in ("front", "garden", "garage")]
    for name, size in zip(names, ("640x480", "640x360", "320x240")):
        start_pattern(place, name, size, "-f", "10")
    return names, Server(place, *names, *options)


@test
def all_streams_are_tiles_that_move_and_say_how_they_go(place):
    names, server = three(place)
    page = Page(server.url)
    for name in names:
        check_moves(page, tile(name))
        page.wait_for_text(f"{tile(name)} .state", "Live")
        page.wait_for_text(f"{tile(name)} .rate", " fps")
        page.wait_for_text(f"{tile(name)} .lag", " ms")
        check_equal(page.text(f"{tile(name)} .name"), name, "the name")
        check_equal(page.text(f"{tile(name)} .viewers"), "1", "who looks at it")
    check_equal(page.count(".tile"), 3, "tiles")
    page.wait_for_text("#summary", "3 of 3 live")
    check_equal(server.streaming("active_streams"), 0, "streams, as three tiles are single pictures")
    viewer = Viewer(server.port, f"/s/{names[1]}/stream/video")
    page.wait_for_text(f"{tile(names[1])} .viewers", "2")
    viewer.close()
    check_equal(page.told(), [], "what the browser complains of")
    hosts = {url.split("/")[2] for url in page.call("asked")}
    check_equal(hosts, {f"127.0.0.1:{server.port}"}, "hosts that were asked for something")
    page.close()


@test
def the_lag_does_not_depend_on_the_clock_of_who_looks(place):
    names, server = three(place)
    for hours in (-1, 1):
        page = Page(server.url, skew=hours * 3600 * 1000)
        check_moves(page, tile(names[0]))
        lag = f"document.querySelector({json.dumps(tile(names[0]) + ' .lag')}).innerText"
        page.wait_for(f"/^[1-9][0-9]* ms$/.test({lag})", what="a lag in milliseconds")
        page.close()


@test
def one_stream_fills_the_page_and_the_page_of_a_segment_has_that_one_only(place):
    names, server = three(place)
    page = Page(f"{server.url}s/{names[1]}/")
    check_moves(page, tile(names[1]))
    check_equal((page.count(".tile"), page.text("#title")), (1, names[1]), "tiles and the title")
    wait_until(lambda: json.loads(server.get(f"/s/{names[1]}/stream/video/status")[2])["clients"], 30, "a stream")
    asked = {url.split("/", 3)[3] for url in page.call("asked")}
    check_equal([path for path in asked if not path.startswith(f"s/{names[1]}/")], [], "what lies elsewhere")
    page.close()


@test
def a_tile_is_enlarged_by_click_or_key_and_the_others_rest_meanwhile(place):
    names, server = three(place)
    page = Page(server.url)
    check_moves(page, tile(names[1]))
    page.call("click", selector=f"{tile(names[1])} .enlarge")
    page.wait_for("document.getElementById('enlarged').open")
    check_moves(page, "#enlarged")
    check_equal(page.text("#enlarged .name"), names[1], "the enlarged stream")
    page.wait_for_text("#enlarged .size", "640 × 360")
    page.wait_for_text("#enlarged .lag", " ms")
    page.wait_for_text("#enlarged .shown", " fps")
    (client,) = json.loads(server.get(f"/s/{names[1]}/stream/video/status")[2])["clients"]
    check(client["key"].startswith("page-"), client)
    asked = len([url for url in page.call("asked") if "/snapshot" in url])
    page.call("press", key="ArrowRight")
    page.wait_for_text("#enlarged .name", names[2])
    check_moves(page, "#enlarged")
    check_equal(len([url for url in page.call("asked") if "/snapshot" in url]), asked, "pictures for covered tiles")
    page.call("press", key="Escape")
    page.wait_for("!document.getElementById('enlarged').open")
    page.wait_for(f"document.activeElement.closest('.tile')?.dataset.id === {json.dumps(names[2])}")
    check_moves(page, tile(names[0]))
    for name in names:
        wait_until(lambda: not json.loads(server.get(f"/s/{name}/stream/video/status")[2])["clients"], 30, "no stream")
    page.call("press", key="Enter")
    page.wait_for("document.getElementById('enlarged').open")
    page.call("back")
    page.wait_for("!document.getElementById('enlarged').open")
    page.close()


@test
def a_snapshot_is_saved_in_full_size_under_a_name_that_says_of_what(place):
    names, server = three(place)
    page = Page(server.url)
    check_moves(page, tile(names[0]), 1)
    saved = page.call("download", selector=f"{tile(names[0])} .snapshot")
    check(re.fullmatch(rf"{names[0]}-\d{{8}}-\d{{6}}\.jpg", saved["name"]), saved)
    with open(saved["file"], "rb") as file:
        check_equal(jpeg_size(file.read()), (640, 480), "the size of what was saved")
    page.wait_for_text("#toasts", f"Saved {saved['name']}")
    page.close()


@test
def quality_and_size_are_as_chosen_and_remembered(place):
    names, server = three(place, "--min-quality", 40, "--max-quality", 90)
    page = Page(server.url)
    page.wait_for("document.querySelectorAll('#quality option').length === 4")  # automatic, 50, 70, 85
    page.call("select", selector="#quality", value="50")
    page.call("select", selector="#size", value="320")
    page.wait_for(f"document.querySelector({json.dumps(tile(names[0]))} + ' canvas').width === 320")
    page.call("click", selector=f"{tile(names[0])} .enlarge")
    described = f"/s/{names[0]}/stream/video/status"
    client = wait_until(lambda: json.loads(server.get(described)[2])["clients"], 30, "the stream")[0]
    check_equal((client["quality"], client["width"]), (50, 320), "what it was asked for with")
    page.call("press", key="Escape")
    page.call("reload")
    page.wait_for("document.getElementById('quality').value === '50'")
    page.wait_for("document.getElementById('size').value === '320'")
    page.call("select", selector="#size", value="full")
    page.call("click", selector=f"{tile(names[0])} .enlarge")
    page.wait_for("document.querySelector('#enlarged canvas').width === 640")
    page.close()


@test
def dark_and_light_follow_the_system_until_somebody_chooses_and_all_can_be_read(place):
    names, server = three(place)
    page = Page(server.url, dark=True)
    page.wait_for_text("#summary", "3 of 3 live")
    ground = "getComputedStyle(document.documentElement).backgroundColor"
    dark = page.value(ground)
    check_equal(page.value(PALE), [], "what is hard to read in the dark")
    page.call("colors", dark=False)
    light = page.wait_for(f"{ground} !== {json.dumps(dark)} && {ground}")
    check_equal(page.value(PALE), [], "what is hard to read in the light")
    page.call("click", selector="#theme")  # light
    page.call("click", selector="#theme")  # dark
    page.wait_for(f"{ground} === {json.dumps(dark)}")
    page.call("reload")
    page.wait_for(f"{ground} === {json.dumps(dark)}", what="the choice to be remembered")
    page.call("click", selector="#theme")  # the system's again, which is light
    page.wait_for(f"{ground} === {json.dumps(light)}")
    page.wait_for_text("#summary", "3 of 3 live")
    check_equal(page.value(NAMELESS), [], "what has no name")
    page.call("click", selector=f"{tile(names[0])} .enlarge")
    check_moves(page, "#enlarged", 1)
    check_equal((page.value(PALE), page.value(NAMELESS)), ([], []), "of the enlarged stream")
    page.close()


@test
def it_fits_a_phone_and_a_finger(place):
    names, server = three(place)
    page = Page(server.url, 390, 844, phone=True)
    for name in names:
        page.wait_for_text(f"{tile(name)} .state", "Live")
    for width, height in ((390, 844), (320, 600), (844, 390), (1440, 900)):
        page.call("resize", width=width, height=height)
        check(page.value(OVERFLOW) <= 0, f"the page is wider than a window of {width}")
        check_equal(page.value(SMALL), [], f"what is too small for a finger at {width}x{height}")
    page.call("resize", width=390, height=844)
    check_moves(page, tile(names[0]), 1)
    page.call("tap", selector=f"{tile(names[0])} .enlarge")
    check_moves(page, "#enlarged", 1)
    check(page.value(OVERFLOW) <= 0, "the enlarged stream is wider than the phone")
    check_equal(page.value(SMALL), [], "what is too small beside the enlarged stream")
    page.close()


main()
