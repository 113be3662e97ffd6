# SPDX-License-Identifier: Apache-2.0
"""Streams of shm-mjpeg in programs of others: FFmpeg, OpenCV, GStreamer. Each decodes thirty frames and more,
whose numbers are read out of the pictures that came of it."""
import glob

from e2e import *
from serving import *

PYTHON = "/usr/bin/python3"  # Debian's own, which has the bindings
FRAMES = 30

OPENCV = """
import sys
try:
    import cv2
except ImportError as problem:
    print(problem)
    sys.exit(77)
url, folder, count = sys.argv[1], sys.argv[2], int(sys.argv[3])
capture = cv2.VideoCapture(url, cv2.CAP_FFMPEG)
assert capture.isOpened(), "not opened"
for i in range(count):
    is_there, frame = capture.read()
    assert is_there, f"no frame after {i}"
    assert cv2.imwrite(f"{folder}/{i:03}.jpg", frame, [cv2.IMWRITE_JPEG_QUALITY, 95])
print(int(capture.get(cv2.CAP_PROP_FRAME_WIDTH)), int(capture.get(cv2.CAP_PROP_FRAME_HEIGHT)))
"""

GSTREAMER = """
import sys
try:
    import gi
    gi.require_version("Gst", "1.0")
    from gi.repository import Gst
except (ImportError, ValueError) as problem:
    print(problem)
    sys.exit(77)
Gst.init(None)
for element in ("souphttpsrc", "multipartdemux", "jpegdec", "jpegenc", "multifilesink"):
    if not Gst.ElementFactory.find(element):
        print("there is no", element)
        sys.exit(77)
pipeline = Gst.parse_launch(sys.argv[1])
pipeline.set_state(Gst.State.PLAYING)
message = pipeline.get_bus().timed_pop_filtered(60 * Gst.SECOND, Gst.MessageType.ERROR | Gst.MessageType.EOS)
pipeline.set_state(Gst.State.NULL)
assert message, "nothing came to an end"
assert message.type == Gst.MessageType.EOS, message.parse_error()
"""


def debian_python(place, script, *arguments):
    if not os.path.exists(PYTHON):
        skip(f"there is no {PYTHON}")
    result = place.run(PYTHON, "-c", script, *arguments, timeout=90)
    if result.status == SKIPPED:
        skip(result.out.strip())
    return result.expect(0)


def check_pictures(place, size=(640, 480)):
    """Those in the scratch folder, in the order of their names, show frames that grow."""
    pictures = []
    for path in sorted(glob.glob(os.path.join(place.scratch, "*.jpg"))):
        with open(path, "rb") as file:
            pictures.append(file.read())
    check(len(pictures) >= FRAMES, f"{len(pictures)} pictures")
    drawn = drawn_numbers(pictures)
    check_equal({each[:2] for each in drawn}, {size}, "sizes of the pictures")
    numbers = [each[2] for each in drawn]
    # A player that has a rate of its own may show one twice, but never an older one again.
    check(all(a <= b for a, b in zip(numbers, numbers[1:])), f"frame numbers: {numbers}")
    check(len(set(numbers)) > FRAMES // 2, f"frame numbers: {numbers}")


@test
def ffprobe_knows_what_it_is(place):
    probe = shutil.which("ffprobe") or skip("ffprobe is not installed")
    server = served(place)
    for how in (["-f", "mpjpeg"], []):  # told, and by itself
        said = place.run(probe, "-v", "error", *how, "-of", "json", "-show_streams",
                         server.url + "stream/video", timeout=60).expect(0).out
        stream = json.loads(said)["streams"][0]
        check_equal((stream["codec_name"], stream["width"], stream["height"]), ("mjpeg", 640, 480), f"{how}")


@test
def ffmpeg_decodes_frames_at_growing_times(place):
    ffmpeg = shutil.which("ffmpeg") or skip("ffmpeg is not installed")
    server = served(place)
    said = place.run(ffmpeg, "-v", "error", "-f", "mpjpeg", "-i", server.url + "stream/video",
                     "-map", "0:v", "-frames:v", FRAMES, "-f", "framecrc", "-",
                     "-map", "0:v", "-frames:v", FRAMES, "-c:v", "copy", "%03d.jpg", timeout=90).expect(0)
    check_equal(said.err, "", "complaints of ffmpeg")
    rows = [line.split(",") for line in said.out.splitlines() if not line.startswith("#")]
    check_equal(len(rows), FRAMES, "decoded frames")
    times = [int(row[2]) for row in rows]
    check(all(a < b for a, b in zip(times, times[1:])), f"times of frames: {times}")
    check("#dimensions 0: 640x480" in said.out, said.out[:500])
    check_pictures(place)


@test
def ffmpeg_takes_what_a_viewer_asks_for(place):
    ffmpeg = shutil.which("ffmpeg") or skip("ffmpeg is not installed")
    server = served(place)
    url = server.url + "stream/video?quality=95&width=320&fps=60"
    place.run(ffmpeg, "-v", "error", "-f", "mpjpeg", "-i", url, "-frames:v", FRAMES, "-c:v", "copy", "%03d.jpg",
              timeout=90).expect(0)
    pictures = glob.glob(os.path.join(place.scratch, "*.jpg"))
    check_equal(len(pictures), FRAMES, "pictures")
    with open(pictures[0], "rb") as file:
        check_equal(jpeg_size(file.read()), (320, 240), "the size of a picture")


@test
def opencv_captures_from_it(place):
    server = served(place)
    said = debian_python(place, OPENCV, server.url + "stream/video?quality=95", place.scratch, FRAMES).out
    check_equal(said.split()[-2:], ["640", "480"], "the size that OpenCV knows")
    check_pictures(place)


@test
def gstreamer_plays_it(place):
    server = served(place)
    pictures = os.path.join(place.scratch, "%03d.jpg")
    launch = (f'souphttpsrc location="{server.url}stream/video?quality=95" ! multipartdemux ! jpegdec '
              f'! identity eos-after={FRAMES + 1} ! jpegenc quality=95 ! multifilesink location="{pictures}"')
    debian_python(place, GSTREAMER, launch)
    check_pictures(place)


@test
def all_at_once_and_none_is_left(place):
    for program in ("ffmpeg", "curl"):
        require(program)
    server = served(place)
    url = server.url + "stream/video"
    ffmpeg = shutil.which("ffmpeg")
    players = [place.start(ffmpeg, "-v", "error", "-f", "mpjpeg", "-i", url, "-f", "null", "-"),
               place.start(ffmpeg, "-v", "error", "-i", url + "?fps=60", "-f", "null", "-"),
               place.start(shutil.which("curl"), "-sN", "-o", "/dev/null", url)]
    wait_until(lambda: server.streaming("active_streams") == 3, 60, "all of them")
    before = server.streaming("total_frames_served")
    wait_until(lambda: server.streaming("total_frames_served") > before + 30, 60, "frames for all")
    for number, player in zip((signal.SIGINT, signal.SIGKILL, signal.SIGTERM), players):
        check(player.is_running, player.err)
        player.send_signal(number)
    wait_until(lambda: server.streaming("active_streams") == 0, 30, "all of them to be gone")


main()
