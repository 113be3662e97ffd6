# SPDX-License-Identifier: Apache-2.0
"""The page of shm-mjpeg in a browser. Skipped where there is no Chromium."""
from e2e import *
from serving import *

FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--hide-scrollbars",
         "--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage"]


def page_after(place, server, milliseconds):
    """The page's text as it stands some time after it was opened."""
    require("chromium")
    home = tempfile.mkdtemp(dir=place.scratch)
    result = place.run(shutil.which("chromium"), *FLAGS, f"--user-data-dir={home}", f"--timeout={milliseconds}",
                       "--dump-dom", server.url, timeout=60, env={"HOME": home})
    check("<main>" in result.out, result)
    return result.out


def text_of(page, element):
    return re.search(rf'id="{element}"[^>]*>([^<]*)<', page).group(1)


@test
def the_page_needs_nothing_from_elsewhere(place):
    server = Server(place, place.segment())
    page = server.get("/")[2].decode()
    check_equal(re.findall(r"""(?:src|href)=["']?(?:https?:|//)""", page), [], "addresses of others")
    check(page.startswith("<!DOCTYPE html>"), page[:100])


@test
def it_shows_the_stream_and_how_it_is(place):
    name = place.segment()
    start_pattern(place, name)
    server = Server(place, name)
    page = page_after(place, server, 4000)
    check_equal(text_of(page, "state"), "live", "the state")
    check_equal(text_of(page, "name"), name, "the name")
    check("640 × 480 BGR24" in text_of(page, "size"), text_of(page, "size"))
    check('class="has-picture"' in page, "no picture was loaded")


@test
def it_says_plainly_that_there_is_no_video_and_how_to_start_it(place):
    name = place.segment()
    server = Server(place, name)
    page = page_after(place, server, 3000)
    check_equal(text_of(page, "state"), "no video", "the state")
    check(f"shm-capture --device 0 --name {name}" in page, "the command")


main()
