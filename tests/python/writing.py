# SPDX-License-Identifier: Apache-2.0
"""Writers: what readers get of what was written, and what is refused."""
import gc
from fractions import Fraction

from counterpart import *
from e2e import *


def raises(kinds, call, *arguments, **named):
    try:
        call(*arguments, **named)
    except kinds as why:
        return why
    raise Failure(f"{call} did not raise {kinds}")


def noise(shape, seed=1):
    return np.random.default_rng(seed).integers(0, 256, shape, np.uint8)


@test
def what_is_written_is_read(place):
    use(place)
    shapes = {"BGR24": (6, 8, 3), "RGB24": (6, 8, 3), "GRAY8": (6, 8), "YUYV": (6, 8, 2), "UYVY": (6, 8, 2),
              "NV12": (9, 8), "I420": (9, 8)}
    for name, shape in shapes.items():
        with shmvideo.Writer(place.segment(), 8, 6, format=name, fps=25) as writer:
            with shmvideo.Reader(writer.name) as reader:
                for number, give in enumerate((lambda a: a, lambda a: a.reshape(-1), np.asfortranarray), 1):
                    image = noise(shape, number)
                    check_equal(writer.write(give(image)), number, "number")
                    check(np.array_equal(reader.next(20).array, image), f"{name}, given in way {number}")
                check_equal((reader.stream.fps, reader.stream.is_coded), (Fraction(25), False), "stream")


@test
def a_part_of_a_larger_picture_is_written(place):
    use(place)
    with shmvideo.Writer(place.segment(), 8, 6) as writer, shmvideo.Reader(writer.name) as reader:
        large = noise((20, 30, 3))
        writer.write(large[3:9, 4:12])
        check(np.array_equal(reader.next(20).array, large[3:9, 4:12]), "the part")
        writer.write(large[::-1][:6, :8])
        check(np.array_equal(reader.next(20).array, large[::-1][:6, :8]), "upside down")


@test
def a_loan_is_filled_in_place_and_published_by_its_block(place):
    use(place)
    with shmvideo.Writer(place.segment(), 8, 6) as writer, shmvideo.Reader(writer.name) as reader:
        with writer.loan(capture_monotonic_ns=123_000, pts=7, timebase=Fraction(1, 90000)) as loan:
            array = loan.array
            array[...] = 5
            check(reader.poll() is None, "seen before its time")
        with reader.next(20) as frame:
            check((frame.array == 5).all(), "the content")
            info = frame.info
            check_equal((info.capture_monotonic_ns, info.pts, info.timebase), (123_000, 7, Fraction(1, 90000)), "times")
        raises(ValueError, array.fill, 6)
        raises(shmvideo.Detached, lambda: loan.array)
        raises(ZeroDivisionError, lambda: with_block_that_raises(writer))
        check(reader.poll() is None, "a block that raised was published")
        with writer.loan() as loan:
            loan.array[...] = 6
            loan.abandon()
        check(reader.poll() is None, "a loan that was given back was published")
        check_equal(writer.write(noise((6, 8, 3))), 2, "the next number")


def with_block_that_raises(writer):
    with writer.loan() as loan:
        loan.array[...] = 1 / 0


@test
def arrays_of_loans_outlive_everything(place):
    use(place)
    writer = shmvideo.Writer(place.segment(), 64, 48)
    parts = []
    for size in ((64, 48), (320, 240), (64, 48)):
        with writer.loan(*size) as loan:
            loan.array[...] = 3
            parts.append(loan.array[2:4])
            check(loan._own is None, "the loan lies in the segment itself")
    loan = writer.loan()
    parts.append(loan.array)
    writer.close()
    raises(shmvideo.Detached, loan.publish)
    del writer, loan
    gc.collect()
    for part in parts:
        part.sum()
        if part.flags.writeable:
            part[...] = 1
    check_equal(shmvideo.list_segments(), [], "segments")


@test
def a_picture_of_another_size_makes_another_generation(place):
    use(place)
    with shmvideo.Writer(place.segment(), 8, 6) as writer, shmvideo.Reader(writer.name) as reader:
        for generation, shape in enumerate(((6, 8, 3), (48, 64, 3), (2, 2, 3)), 1):
            image = noise(shape)
            writer.write(image)
            with reader.next(20) as frame:
                check(np.array_equal(frame.array, image), f"{shape}")
                check_equal((reader.height, reader.width), shape[:2], "stream")
                check_equal(frame.info.generation, generation, "generation")
        with writer.loan(10, 12) as loan:
            check_equal(loan.array.shape, (12, 10, 3), "the loan")
        check_equal(reader.next(20).array.shape, (12, 10, 3), "the frame")


@test
def coded_frames_are_bytes(place):
    use(place)
    with shmvideo.Writer(place.segment(), 1920, 1080, format="JPEG") as writer:
        with shmvideo.Reader(writer.name) as reader:
            for number, data in enumerate((b"\xff\xd8 a picture", bytes(range(256)) * 20_000, b"\xff\xd8"), 1):
                check_equal(writer.write(data), number, "number")
                with reader.next(20) as frame:
                    check_equal((bytes(frame.array), bytes(frame.copy())), (data, data), f"frame {number}")
                    check_equal((frame.format.name, frame.width, frame.planes[0].ndim), ("JPEG", 1920, 1), "what it is")
            with writer.loan(key=False) as loan:
                loan.array[:4] = np.frombuffer(b"abcd", np.uint8)
                loan.payload_bytes = 4
            frame = reader.next(20)
            check_equal((bytes(frame.array), frame.info.is_key), (b"abcd", False), "a loan")
            writer.set_extradata(b"parameters")
            check_equal(reader.extradata, b"parameters", "extradata")
            reader.request_key()
            wait_until(lambda: writer.key_requests == 1, 20, "the request")


@test
def times_are_taken_over_from_the_frame_that_something_was_made_of(place):
    use(place)
    with shmvideo.Writer(place.segment(), 8, 6) as source, shmvideo.Writer(place.segment(), 8, 6) as writer:
        source.write(noise((6, 8, 3)), capture_monotonic_ns=55_000, capture_realtime_ns=66_000, source_number=9)
        with shmvideo.Reader(source.name) as there, shmvideo.Reader(writer.name) as reader:
            with there.hold(20) as frame:
                writer.write(frame.array, like=frame, discontinuity=True)
            info = reader.next(20).info
            told = (info.capture_monotonic_ns, info.capture_realtime_ns, info.source_number, info.is_discontinuity)
            check_equal(told, (55_000, 66_000, 9, True), "taken over")


@test
def what_cannot_be_published_is_refused(place):
    use(place)
    name = place.segment()
    with shmvideo.Writer(name, 8, 6) as writer:
        for wrong in (np.zeros((6, 8, 3)), np.zeros((6, 8), np.uint8), np.zeros((6, 8, 4), np.uint8),
                      np.zeros(5, np.uint8), np.zeros((0, 8, 3), np.uint8)):
            raises(ValueError, writer.write, wrong)
        raises(TypeError, writer.write, np.zeros((6, 8, 3), np.uint8), capture_time=1)
        raises(ValueError, writer.write, np.zeros((6, 8, 3), np.uint8), capture_monotonic_ns=-1)
        check_equal(writer.write(np.zeros((6, 8, 3), np.uint8)), 1, "what is right")
        why = raises(FileExistsError, shmvideo.Writer, name, 8, 6)
        check(isinstance(why, shmvideo.WriterExists) and name in str(why), repr(why))
    raises(shmvideo.Detached, writer.write, np.zeros((6, 8, 3), np.uint8))
    raises(shmvideo.InvalidName, shmvideo.Writer, "a/b", 8, 6)
    raises(ValueError, shmvideo.Writer, name, 8, 6, format="BGR25")
    for size in ((0, 6), (-8, 6), (8, 2**32 + 6)):
        raises(ValueError, shmvideo.Writer, name, *size)
    raises(ValueError, shmvideo.Writer, name, 8, 6, slots=2**32 + 6)
    for fps in (-30, 2**32 + 30, float("nan")):
        raises(ValueError, shmvideo.Writer, name, 8, 6, fps=fps)
    raises(shmvideo.InvalidName, shmvideo.Writer, 5, 8, 6)
    check_equal(shmvideo.list_segments(), [], "segments")


@test
def states_and_losses_are_told(place):
    use(place)
    with shmvideo.Writer(place.segment(), 8, 6, source="a camera", program="tests", mode=0o600) as writer:
        with shmvideo.Reader(writer.name) as reader:
            check_equal(reader.source_state, "ok", "at first")
            writer.set_source_state("reconnecting")
            check_equal(reader.source_state, "reconnecting", "then")
            raises(ValueError, writer.set_source_state, "fine")
            raises(ValueError, writer.drop, "late", -1)
            raises(TypeError, writer.set_extradata, "a text")
            writer.set_extradata(bytearray(b"SPS"))
            check_equal(reader.extradata, b"SPS", "extradata")
            writer.drop("corrupt", 3)
            writer.drop()
            writer.progress()
            dropped = writer.statistics.dropped
            check_equal((dropped["corrupt"], dropped["source"]), (3, 1), "dropped")
            [segment] = shmvideo.list_segments()
            told = (segment.name, segment.dropped, segment.source, segment.program, segment.readers)
            check_equal(told, (writer.name, 4, "a camera", "tests", 1), "what others see")
            check_equal(segment.writer_pid, os.getpid(), "pid")
        path = os.path.join(place.directory, writer.name)
        check_equal(oct(os.stat(path).st_mode & 0o777), "0o600", "mode")


@test
def programs_that_end_without_closing_leave_nothing(place):
    use(place)
    name = place.segment()
    text = f"import shmvideo\nwriter = shmvideo.Writer({name!r}, 8, 8)\nreader = shmvideo.Reader({name!r})\n" \
           "loan = writer.loan()\narray = loan.array\n"
    for more, status in (("", 0), ("raise SystemExit(3)", 3), ("undefined", 1),
                         ("class Ring: pass\nring = Ring()\nring.me, ring.all = ring, (writer, reader, loan)", 0)):
        result = place.run(sys.executable, "-c", text + more, timeout=60).expect(status)
        check(result.err.count("Error") == result.err.count("NameError") == (status == 1), lambda: result.err)
        check_equal(shmvideo.list_segments(), [], f"segments after {more!r}")


@test
def a_killed_writers_leftover_is_removed(place):
    use(place)
    writer = Counterpart(place, place.segment())
    raises(shmvideo.SegmentError, shmvideo.remove_segment, writer.name)
    writer.order("write", 1)
    writer.kill()
    wait_until(lambda: shmvideo.list_segments(writer.name)[0].state == "dead", 20, "its death")
    shmvideo.remove_segment(writer.name)
    check_equal(shmvideo.list_segments(), [], "segments")
    raises(FileNotFoundError, shmvideo.list_segments, writer.name)


main()
