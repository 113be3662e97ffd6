# SPDX-License-Identifier: Apache-2.0
"""Readers: what arrives, where it lies, and what becomes of it when the writer goes on."""
import gc
import re

from counterpart import *
from e2e import *
from shmvideo import _picture

FORMATS = {
    "BGR24": (48, 64, 3), "RGB24": (48, 64, 3), "GRAY8": (48, 64), "YUYV": (48, 64, 2), "UYVY": (48, 64, 2),
    "NV12": (72, 64), "I420": (72, 64),
}


def mapping_of(address):
    """The line of /proc/self/maps that an address lies in."""
    with open("/proc/self/maps", encoding="utf-8") as file:
        for line in file:
            first, last = (int(end, 16) for end in line.split()[0].split("-"))
            if first <= address < last:
                return line.split()
    raise Failure(f"{address:#x} is not mapped")


@test
def every_format_arrives_in_its_shape(place):
    use(place)
    for name, shape in FORMATS.items():
        writer = Counterpart(place, place.segment(), pixels=name)
        writer.order("write", 1)
        with shmvideo.Reader(writer.name) as reader:
            check_equal((reader.width, reader.height, reader.format.name), (64, 48, name), "stream")
            with reader.hold(20) as frame:
                check_equal((frame.array.shape, frame.number), (shape, 1), name)
                check_picture(frame.array, 1)
                check_picture(frame.copy(), 1)
                check(np.array_equal(frame.payload, frame.array.reshape(-1)), f"all bytes of {name}")
                check_equal(frame.info.plane_layout[0], (0, shape[1] * (shape[2] if len(shape) > 2 else 1)), "a layout")
                total = sum(plane.size for plane in frame.planes)
                check_equal(total, frame.info.payload_bytes, "bytes in planes")
                flat = np.concatenate([plane.reshape(-1) for plane in frame.planes])
                check(np.array_equal(flat, frame.array.reshape(-1)), f"the planes of {name} in one piece")
        writer.close()


@test
def what_shm_capture_publishes_is_read(place):
    use(place)
    if not os.access(os.path.join(os.environ["SHMVIDEO_BIN"], "shm-capture"), os.X_OK):
        skip("shm-capture is not built")
    name = place.segment()
    capture = place.start("shm-capture", "--device", "pattern", "--name", name, "-r", "320x240")
    with shmvideo.Reader(name, timeout=60, order="in_order", follow=False) as reader:
        numbers = []
        for frame in reader:
            check_equal((frame.array.shape, frame.format.name), ((240, 320, 3), "BGR24"), "the picture")
            check(len(np.unique(frame.array)) > 4, "there is something to see")
            numbers.append(frame.number)
            if len(numbers) == 5:
                capture.stop(signal.SIGTERM, 60)
        check(len(numbers) >= 5 and numbers == sorted(set(numbers)), f"numbers {numbers}")
        check_equal(reader.state, "closed", "state")


@test
def pictures_of_odd_sizes_arrive(place):
    use(place)
    for name, shapes in {"BGR24": [(7, 5, 3)], "YUYV": [(7, 5, 2)], "NV12": [(7, 5), (4, 3, 2)],
                         "I420": [(7, 5), (4, 3), (4, 3)]}.items():
        segment = place.segment()
        with shmvideo.Writer(segment, 5, 7, format=name) as writer, shmvideo.Reader(segment) as reader:
            with writer.loan() as loan:
                for index, plane in enumerate(loan.planes):
                    plane[...] = index + 40
            with reader.next(20) as frame:
                check_equal([plane.shape for plane in frame.planes], shapes, name)
                check(all((plane == index + 40).all() for index, plane in enumerate(frame.planes)), name)
                if len(shapes) > 1:
                    check_equal(frame.copy().shape, (frame.info.payload_bytes,), "the copy of a picture in planes")
                    try:
                        check(not frame.array.size, "an array of rows of different lengths")
                    except ValueError:
                        pass


@test
def a_thousand_frames_are_read_where_the_writer_put_them(place):
    use(place)
    writer = Counterpart(place, place.segment())
    inode = os.stat(os.path.join(place.directory, writer.name)).st_ino
    writer.tell("pace", 1000, 1)
    with shmvideo.Reader(writer.name, order="in_order", start="oldest") as reader:
        latest, places = 0, set()
        while latest < 1000:
            with reader.hold(60) as frame:
                array = frame.array
                check_picture(array, frame.number)
                check(not array.flags.writeable and not array.flags.owndata, "the array is a read-only view")
                line = mapping_of(array.ctypes.data)
                check(line[1].startswith("r--s") and int(line[4]) == inode, f"frame {frame.number} lies in {line}")
                latest = frame.number
                places.add(array.ctypes.data)
        check(1 < len(places) <= 6, f"they lay in {len(places)} places")
    writer.expect()
    writer.close()


@test
def arrays_cannot_be_written_to(place):
    use(place)
    with shmvideo.Writer(place.segment(), 8, 8) as writer, shmvideo.Reader(writer.name) as reader:
        writer.write(np.zeros((8, 8, 3), np.uint8))
        array = reader.next(20).array
        for attempt in (lambda: array.fill(1), lambda: setattr(array.flags, "writeable", True),
                        lambda: array[2:].setflags(write=True)):
            try:
                attempt()
            except ValueError:
                continue
            raise Failure("an array let itself be written to")


@test
def an_array_keeps_its_frame_whatever_else_goes(place):
    use(place)
    writer = Counterpart(place, place.segment(), slots=3)
    writer.order("write", 1)
    reader = shmvideo.Reader(writer.name)
    frame = reader.next(20)
    row = frame.array[3:5]  # a view of a view
    expected = row.copy()
    frame.release()
    del frame
    writer.order("write", 20)  # goes round the held slot
    check(np.array_equal(row, expected), "the row changed although it was held")
    reader.detach()
    del reader
    gc.collect()
    writer.order("size", 128, 96)
    writer.order("write", 3)
    writer.close()
    check(np.array_equal(row, expected), "the row changed after everybody was gone")
    check(mapping_of(row.ctypes.data), "it is mapped")
    address = row.ctypes.data
    del row
    gc.collect()
    try:
        line = mapping_of(address)
    except Failure:
        return
    check(writer.name not in " ".join(line), f"the segment is still mapped: {line}")


@test
def what_was_released_raises(place):
    use(place)
    with shmvideo.Writer(place.segment(), 8, 8) as writer, shmvideo.Reader(writer.name) as reader:
        writer.write(np.zeros((8, 8, 3), np.uint8))
        frame = reader.next(20)
        frame.release()
        frame.release()
        for ask in ("array", "planes", "valid", "held", "copy", "check"):
            try:
                value = getattr(frame, ask)
                value = value() if callable(value) else value
            except shmvideo.FrameReleased:
                continue
            raise Failure(f"a released frame has {ask}: {value}")
        check_equal((frame.number, frame.width), (1, 8), "what is known of it stays")


@test
def a_hold_that_was_taken_back_raises(place):
    use(place)
    writer = Counterpart(place, place.segment(), slots=2)
    with shmvideo.Reader(writer.name, order="in_order", start="oldest") as reader:
        frames = []
        for _ in range(2):
            writer.order("write", 1)
            frames.append(reader.next(20))
        check(all(frame.held and frame.valid for frame in frames), "both slots are held")
        arrays = [frame.array for frame in frames]
        writer.order("write", 2)  # no slot is left: the writer waits for nobody
        for frame in frames:
            check(not frame.valid, f"{frame} is valid")
            for ask in (frame.check, frame.copy, frame.__enter__().__exit__):
                try:
                    ask(*(None,) * 3) if "exit" in str(ask) else ask()
                except shmvideo.FrameRevoked as why:
                    check_equal((why.code, why.word), (-17, "revoked"), "code")
                    continue
                except shmvideo.FrameReleased:
                    continue
                raise Failure(f"{ask} said nothing")
        del frames, frame, arrays
        check_equal(reader.statistics.revoked, 2, "revoked")
    writer.close()


@test
def a_block_ends_with_an_exception_when_its_frame_was_taken_back(place):
    use(place)
    writer = Counterpart(place, place.segment(), slots=2)
    writer.order("write", 1)
    with shmvideo.Reader(writer.name, grade="hold") as reader:
        try:
            with reader.hold(20) as frame:
                other = shmvideo.Reader(writer.name)
                writer.order("write", 1)
                kept = other.next(20)
                writer.order("write", 3)
                check(kept.number == 2 and frame.array.size, "two frames are held")
        except shmvideo.FrameRevoked:
            return
        finally:
            writer.close()
    raise Failure("the block ended well")


@test
def a_loop_tells_of_a_frame_that_was_overwritten_while_it_looked(place):
    use(place)
    writer = Counterpart(place, place.segment(), slots=2)
    with shmvideo.Reader(writer.name, grade="observe") as reader:
        for looks in (True, False):
            writer.order("write", 1)
            rounds = 0
            try:
                for frame in reader.frames(20):
                    rounds += 1
                    if rounds > 1:
                        break
                    check(not looks or frame.array.size, "looked")
                    writer.order("write", 4)
            except shmvideo.FrameRevoked:
                check(looks and rounds == 1, "nothing was looked at")
                continue
            check(not looks and rounds == 2, "the loop went on with a wrong frame")
    writer.close()


@test
def who_holds_too_much_is_told(place):
    use(place)
    with shmvideo.Writer(place.segment(), 8, 8, slots=8) as writer:
        with shmvideo.Reader(writer.name, order="in_order", start="oldest") as reader:
            arrays = []
            try:
                for _ in range(5):
                    writer.write(np.zeros((8, 8, 3), np.uint8))
                    arrays.append(reader.next(20).array)
                raise Failure("five frames are held")
            except shmvideo.TooManyHolds:
                check_equal(len(arrays), 4, "held")
            arrays.pop(0)
            check(reader.next(20).held, "there is room again")


@test
def copies_are_never_overwritten(place):
    use(place)
    writer = Counterpart(place, place.segment(), slots=2)
    with shmvideo.Reader(writer.name, grade="copy") as reader:
        writer.order("write", 1)
        frame = reader.next(20)
        writer.order("write", 5)
        check(frame.valid and not frame.held, "a copy is valid")
        frame.check()
        check_picture(frame.array, 1)
        frame.array[...] = 0  # it is ours
        check_picture(reader.next(20).array, 6)
    writer.close()


@test
def numbers_and_times_are_those_of_the_frame(place):
    use(place)
    before = time.monotonic_ns(), time.time_ns()
    writer = Counterpart(place, place.segment())
    writer.order("write", 3)
    after = time.monotonic_ns(), time.time_ns()
    with shmvideo.Reader(writer.name, order="in_order", start="oldest") as reader:
        for number in (1, 2, 3):
            info = reader.next(20).info
            check_equal(info.number, number, "number")
            check(before[0] <= info.capture_monotonic_ns <= info.publish_monotonic_ns <= after[0], "monotonic time")
            check(abs(info.capture_realtime_ns - (before[1] + after[1]) // 2) < 60e9, "time of day")
            check_equal((info.pts, info.timebase, info.is_key, info.generation), (None, None, True, 1), "the rest")
        check_equal(reader.poll(), None, "a fourth frame")
        statistics = reader.statistics
        check_equal((statistics.seen, statistics.missed, statistics.is_present), (3, 0, True), "statistics")
    writer.close()


@test
def frames_that_contradict_themselves_raise(place):
    """What a frame says of itself comes from another process; the library lets through what it cannot judge."""
    for pixels in ("BGR24", "GRAY8", "YUYV", "NV12", "I420"):
        for field, value in (("width", 60000), ("height", 60000), ("plane_count", 4), ("plane_stride", 1),
                             ("plane_stride", 2**32 - 1), ("plane_offset", 2**63), ("plane_offset", 64 * 48 * 3)):
            info = _picture.packed(shmvideo.FrameFormat[pixels], 64, 48)
            payload = np.zeros(info.payload_bytes, np.uint8)
            check(_picture.array_of(payload, info).size == payload.size, f"{pixels} is right at first")
            if field.startswith("plane_") and field != "plane_count":
                getattr(info, field)[info.plane_count - 1] = value
            else:
                setattr(info, field, value)
            for ask in (_picture.planes_of, _picture.array_of):
                try:
                    shown = ask(payload, info)
                except (shmvideo.BadSegment, shmvideo.InvalidArgument):
                    continue
                raise Failure(f"{pixels} with {field} {value} shows {shown}")


@test
def memory_does_not_grow(place):
    def resident():
        gc.collect()
        with open("/proc/self/statm", encoding="utf-8") as file:
            return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")

    use(place)
    with shmvideo.Writer(place.segment(), 320, 240) as writer, shmvideo.Reader(writer.name) as reader:
        image = np.zeros((240, 320, 3), np.uint8)
        sizes = []
        for number in range(1, 10001):
            writer.write(image)
            with reader.hold(20) as frame:
                check(frame.number == number and frame.array.shape == image.shape, f"{frame} is not {number}")
            if number % 4 == 0:
                frame = reader.poll()
                check(frame is None, "the same frame again")
            if number in (2000, 10000):
                sizes.append(resident())
        check(sizes[1] - sizes[0] < 4 << 20, f"8000 frames made {sizes[1] - sizes[0]} bytes")
    found = re.findall(writer.name, open("/proc/self/maps", encoding="utf-8").read())
    check(not found, "nothing of it is mapped any more")


main()
