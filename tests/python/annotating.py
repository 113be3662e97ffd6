# SPDX-License-Identifier: Apache-2.0
"""examples/annotate-python: what it publishes, and what it is published as."""
import pathlib
import re

from counterpart import *
from e2e import *

EXAMPLE = pathlib.Path(os.environ["SHMVIDEO_SOURCE"]) / "examples/annotate-python/annotate.py"


def started(place, name, *arguments):
    if place.run(sys.executable, "-c", "import cv2", timeout=60).status:
        skip("OpenCV for Python is not installed")
    return place.start(sys.executable, str(EXAMPLE), name, "--wait", "60", *map(str, arguments))


def square_at(x, shape=(240, 320, 3)):
    picture_of_square = np.full(shape, 40, np.uint8)
    picture_of_square[120:160, x:x + 40] = 200
    return picture_of_square


def next_of(reader, publish):
    """A frame of the annotated segment; the source publishes until there is one."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        publish()
        try:
            return reader.next(0.5)
        except TimeoutError:
            continue
    raise Failure("nothing was annotated")


@test
def frames_carry_the_drawing_and_the_time_of_their_source(place):
    use(place)
    times, step = {}, 0
    with shmvideo.Writer(place.segment(), 320, 240, fps=30) as source:
        child = started(place, source.name)
        child.wait_for_output("320x240", 60)

        def publish():
            nonlocal step
            step += 1
            now = time.monotonic_ns() - 5_000_000_000
            number = source.write(square_at(step % 2 * 200 + 20), capture_monotonic_ns=now, source_number=step)
            times[now] = number

        with shmvideo.Reader(f"{source.name}_annotated", timeout=60) as reader:
            boxes = 0
            for _ in range(5):
                frame = next_of(reader, publish)
                image, info = frame.copy(), frame.info
                check(info.capture_monotonic_ns in times, f"{info} was captured when no frame of the source was")
                number = times[info.capture_monotonic_ns]
                check_equal(info.source_number, number, "the source's number")
                check((image[2:12, 100:] > 128).any() and (image[1, :] == 0).all(), "there is no time drawn")
                original = square_at(number % 2 * 200 + 20)
                green = (image == (0, 255, 0)).all(axis=2)
                boxes += bool(green.any())
                same = (image == original).all(axis=2) | green
                check(same[60:].all(), "below the text the picture is the source's, but for the box")
                if green.any():
                    rows, columns = np.where(green)
                    check(112 <= rows.min() < 140 < rows.max() <= 168, f"the box is at {rows.min()} to {rows.max()}")
                    places = [x for x in (40, 240) if columns.min() <= x <= columns.max()]
                    check(places, f"the box is at columns {columns.min()} to {columns.max()}")
            check(boxes, "no box was drawn round a square that jumps")
        result = child.stop(signal.SIGINT, 60).expect(0)
        check("Traceback" not in result.err, lambda: str(result))


@test
def other_formats_and_sizes_are_annotated(place):
    use(place)
    name = place.segment()
    child = None
    for pixels, width, height in (("NV12", 320, 240), ("YUYV", 640, 480), ("GRAY8", 160, 120)):
        with shmvideo.Writer(name, width, height, format=pixels) as source:
            child = child or started(place, name)
            shape = {"NV12": (360, 320), "YUYV": (480, 640, 2), "GRAY8": (120, 160)}[pixels]
            with shmvideo.Reader(f"{name}_annotated", timeout=60) as reader:
                deadline = time.monotonic() + 60
                while time.monotonic() < deadline:
                    frame = next_of(reader, lambda: source.write(np.full(shape, 128, np.uint8)))
                    if frame.width == width:
                        break
                check_equal((frame.array.shape, frame.format.name), ((height, width, 3), "BGR24"), pixels)
                # 128 for Y, U and V alike is a grey, which conversions agree on to a few levels.
                middle = frame.array[height // 2:, :].astype(int)
                check((abs(middle - 130) < 12).mean() > 0.8, f"{pixels}: {middle[0, 0]}")
    child.stop(signal.SIGINT, 60).expect(0)


@test
def jpeg_is_decoded_and_a_damaged_picture_ends_it_with_a_sentence(place):
    use(place)
    with shmvideo.Writer(place.segment(), 320, 240, format="JPEG") as source:
        child = started(place, source.name)
        import cv2  # there, or the line above would have skipped this
        data = cv2.imencode(".jpg", square_at(100))[1].tobytes()
        with shmvideo.Reader(f"{source.name}_annotated", timeout=60) as reader:
            frame = next_of(reader, lambda: source.write(data))
            check(abs(frame.array[140, 120].astype(int) - 200).max() < 12, f"the square is {frame.array[140, 120]}")
            source.write(b"no picture")
            result = child.wait(60).expect(1)
            check(result.err.startswith("annotate: frame ") and "Traceback" not in result.err, lambda: str(result))


@test
def it_ends_after_the_frames_that_were_asked_for(place):
    use(place)
    with shmvideo.Writer(place.segment(), 320, 240) as source:
        child = started(place, source.name, "--frames", 3, "--output", place.segment("out"))
        while child.is_running:
            source.write(square_at(20))
            time.sleep(0.02)
        result = child.wait(60).expect(0)
        check(re.search(r"published 3 frames; \d+ were", result.out), lambda: str(result))
    result = place.run(sys.executable, str(EXAMPLE), place.segment(), "--wait", "0.1", timeout=60).expect(1)
    check(result.err.startswith("annotate: ") and "Traceback" not in result.err, lambda: str(result))


main()
