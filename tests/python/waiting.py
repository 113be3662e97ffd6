# SPDX-License-Identifier: Apache-2.0
"""Waiting: time limits, ends, Ctrl-C, threads, forks, event loops."""
import asyncio
import gc
import queue
import threading

from counterpart import *
from e2e import *


def raises(kinds, call, *arguments, **named):
    try:
        call(*arguments, **named)
    except kinds as why:
        return why
    raise Failure(f"{call} did not raise {kinds}")


@test
def attaching_says_what_is_wrong(place):
    use(place)
    name = place.segment()
    why = raises(FileNotFoundError, shmvideo.Reader, name)
    check(isinstance(why, shmvideo.SegmentNotFound) and not isinstance(why, TimeoutError), repr(why))
    check_equal((why.code, why.word), (-3, "not_found"), "code")
    check(name in str(why), f"the message is {why}")
    why = raises(TimeoutError, shmvideo.Reader, name, timeout=0.3)
    check(isinstance(why, shmvideo.SegmentNotFound), repr(why))
    raises(shmvideo.InvalidName, shmvideo.Reader, "../etc/passwd")
    with shmvideo.Writer(name, 8, 8):  # which is not what "NAME, zero byte, more" leads to
        raises(shmvideo.InvalidName, shmvideo.Reader, f"{name}\0more")
    raises(ValueError, shmvideo.Reader, name, grade="hodl")
    with open(os.path.join(place.directory, name), "wb") as file:
        file.write(b"no segment" * 1000)
    raises(shmvideo.BadSegment, shmvideo.Reader, name)
    os.unlink(file.name)


@test
def a_reader_waits_for_a_segment_to_appear(place):
    use(place)
    name, readers = place.segment(), []
    thread = threading.Thread(target=lambda: readers.append(shmvideo.Reader(name, timeout=60)))
    thread.start()
    writer = Counterpart(place, name)
    thread.join(60)
    check(readers, "attached")
    writer.order("write", 1)
    check_equal(readers[0].next(20).number, 1, "the first frame")
    readers[0].detach()
    writer.close()


@test
def no_frame_in_time_is_told_with_its_reason(place):
    use(place)
    writer = Counterpart(place, place.segment())
    with shmvideo.Reader(writer.name) as reader:
        why = raises(TimeoutError, reader.next, 0.2)
        check(type(why) in (shmvideo.FrameTimeout, shmvideo.WriterStalled), repr(why))
        raises(TimeoutError, reader.next, 0)
        check(reader.poll() is None, "nothing")
        writer.order("write", 1)
        check(next(reader.frames(20)).number == 1, "the first")
        writer.close()
        why = raises(shmvideo.SegmentClosed, reader.next, 0.2)
        check_equal(reader.state, "closed", "state")
    raises(shmvideo.Detached, reader.next, 1)


@test
def a_loop_without_following_ends_with_its_writer(place):
    use(place)
    for ends_well in (True, False):
        writer = Counterpart(place, place.segment())
        writer.order("write", 2)
        with shmvideo.Reader(writer.name, follow=False, order="in_order", start="oldest") as reader:
            numbers = []
            try:
                for frame in reader:
                    numbers.append(frame.number)
                    if frame.number == 2:
                        writer.close() if ends_well else writer.kill()
                check(ends_well, "a loop over a killed writer's segment ended as if it had been closed")
            except shmvideo.WriterGone:
                check(not ends_well, "a loop over a closed segment raised")
            check_equal(numbers, [1, 2], "frames")
            check_equal(reader.state, "closed" if ends_well else "dead", "state")
    without_segments_left(place)


@test
def a_killed_writers_successor_of_another_size_is_followed(place):
    use(place)
    writer = Counterpart(place, place.segment())
    writer.order("write", 3)
    with shmvideo.Reader(writer.name) as reader:
        old = reader.next(20).array
        writer.kill()
        wait_until(lambda: reader.state == "dead", 20, "the death to be known")
        raises(shmvideo.WriterGone, reader.next, 0.1)
        successor = Counterpart(place, writer.name, 128, 96, "GRAY8")
        successor.order("write", 1)
        with reader.hold(60) as frame:
            check_equal((frame.array.shape, frame.number, frame.info.generation), ((96, 128), 4, 2), "the new one")
            check_picture(frame.array, 4)
        check_equal((reader.width, reader.height, reader.format.name), (128, 96, "GRAY8"), "stream")
        check_picture(old, 3)  # of the segment that is gone
        check_equal(reader.statistics.restarts, 1, "restarts")
        successor.close()


WAITS = {
    "next": "shmvideo.Reader(name).next()",
    "loop": "[frame for frame in shmvideo.Reader(name)]",
    "attach": "shmvideo.Reader(name + 'x', timeout=None)",
    "wait": "shmvideo.wait([shmvideo.Reader(name)])",
    "pair": "shmvideo.pair([shmvideo.Reader(name), shmvideo.Reader(name)], 0.01)",
    "async": "asyncio.run(shmvideo.Reader(name).next_async())",
}


@test
def ctrl_c_ends_every_wait(place):
    use(place)
    with shmvideo.Writer(place.segment(), 8, 8) as writer:
        children = {}
        for what, call in WAITS.items():
            text = f"import asyncio, shmvideo\nname = {writer.name!r}\nprint('waits', flush=True)\n{call}"
            children[what] = place.start(sys.executable, "-c", text)
        for what, child in children.items():
            child.wait_for_output("waits", 60)
        time.sleep(0.5)  # into the wait; one that is not in it yet ends as well
        for what, child in children.items():
            result = child.stop(signal.SIGINT, 60)
            check("KeyboardInterrupt" in result.err, lambda: f"{what}: {result}")
            check_equal(result.status, -signal.SIGINT, what)


@test
def other_threads_run_while_one_waits_and_may_end_the_wait(place):
    use(place)
    with shmvideo.Writer(place.segment(), 8, 8) as writer, shmvideo.Reader(writer.name) as reader:
        got = []

        def read():
            try:
                while True:
                    got.append(reader.next(60).number)
            except (shmvideo.Detached, shmvideo.FrameTimeout) as why:
                got.append(why)

        for end in (reader.interrupt, reader.detach):
            got.clear()
            thread = threading.Thread(target=read)
            thread.start()
            writer.write(np.zeros((8, 8, 3), np.uint8))
            wait_until(lambda: got, 60, "the frame in the other thread")
            end()
            thread.join(60)
            check(not thread.is_alive() and isinstance(got[-1], shmvideo.SegmentError), f"the wait ended with {got}")


@test
def threads_share_a_reader_and_pass_frames_on(place):
    use(place)
    writer = Counterpart(place, place.segment(), slots=8)
    passed_on, failures, counts = queue.Queue(), [], {"right": 0, "revoked": 0}
    with shmvideo.Reader(writer.name) as reader:
        def read():
            try:
                while True:
                    try:
                        passed_on.put(reader.next(60))
                    except shmvideo.TooManyHolds:
                        time.sleep(0.001)  # the lookers have them
            except (shmvideo.Detached, shmvideo.FrameTimeout):
                pass
            except BaseException as why:  # pylint: disable=broad-except
                failures.append(why)

        def look():
            try:
                for frame in iter(passed_on.get, None):
                    array = frame.array
                    right = np.array_equal(array, picture(frame.number, array.shape))
                    if frame.valid:
                        check(right, f"{frame} is not what was written")
                    counts["right" if right else "revoked"] += 1
                    del frame, array
            except BaseException as why:  # pylint: disable=broad-except
                failures.append(why)

        lookers = [threading.Thread(target=look) for _ in range(2)]
        threads = [threading.Thread(target=read) for _ in range(2)] + lookers
        for thread in threads:
            thread.start()
        while counts["right"] < 200 and not failures:
            writer.order("pace", 20, 1)  # CTest's limit ends what does not get on
        reader.detach()
        for _ in lookers:
            passed_on.put(None)
        for thread in threads:
            thread.join(60)
        check(not failures and not any(thread.is_alive() for thread in threads), f"{failures}")
    writer.close()


@test
def a_forked_child_can_neither_use_nor_end_what_its_parent_has(place):
    use(place)
    with shmvideo.Writer(place.segment(), 8, 8) as writer, shmvideo.Reader(writer.name) as reader:
        writer.write(np.full((8, 8, 3), 7, np.uint8))
        frame = reader.next(20)
        array = frame.array
        child = os.fork()
        if not child:
            status = 1
            try:
                for call in (reader.next, reader.poll, frame.check, writer.loan, lambda: writer.write(array)):
                    raises(shmvideo.WrongProcess, call)
                status = 0 if (array == 7).all() else 2
                reader.detach()
                writer.close()
                del call, frame, array
                gc.collect()
            finally:
                os._exit(status)
        _, status = os.waitpid(child, 0)
        check_equal(status, 0, "the child's status")
        for _ in range(5):
            writer.write(np.full((8, 8, 3), 9, np.uint8))
        check(frame.valid and (array == 7).all(), "the child took the parent's hold away")
        check(shmvideo.list_segments(writer.name)[0].state in LIVING, "the child ended its parent's segment")


@test
def event_loops_are_woken_by_frames_and_ends(place):
    use(place)
    writers = [Counterpart(place, place.segment()) for _ in range(2)]

    async def numbers_of(writer):
        got = []
        with shmvideo.Reader(writer.name, follow=False, order="in_order", start="oldest") as reader:
            async for frame in reader:
                check_picture(frame.array, frame.number)
                got.append(frame.number)
                if frame.number in (1, 3):
                    writer.tell("write", 2)
                elif frame.number == 5:
                    writer.tell("close")
        return got

    async def both():
        writers[0].order("write", 1)
        writers[1].order("write", 1)
        return await asyncio.wait_for(asyncio.gather(*map(numbers_of, writers)), 60)

    for got in asyncio.run(both()):
        check_equal(got, [1, 2, 3, 4, 5], "frames")


@test
def waits_of_event_loops_have_limits_and_can_be_cancelled(place):
    use(place)

    async def run(reader, writer):
        looks, once = [], reader._once
        reader._once = lambda *arguments: looks.append(1) or once(*arguments)
        try:
            await reader.next_async(0.3)
            raise Failure("a frame")
        except TimeoutError as why:
            check(isinstance(why, shmvideo.FrameTimeout), repr(why))
        check(len(looks) < 50, f"it looked {len(looks)} times: it does not sleep")
        task = asyncio.ensure_future(reader.next_async())
        await asyncio.sleep(0.05)
        try:
            await reader.next_async()
            raise Failure("two tasks wait for one reader")
        except shmvideo.InvalidArgument:
            pass
        task.cancel()
        try:
            await task
            raise Failure("not cancelled")
        except asyncio.CancelledError:
            pass
        task = asyncio.ensure_future(reader.next_async(60))
        await asyncio.sleep(0.05)
        writer.write(np.zeros((8, 8, 3), np.uint8))
        check_equal((await task).number, 1, "the frame")

    with shmvideo.Writer(place.segment(), 8, 8) as writer, shmvideo.Reader(writer.name) as reader:
        asyncio.run(run(reader, writer))


@test
def waits_of_event_loops_can_be_interrupted_and_end_with_their_reader(place):
    use(place)

    async def ending_with(kind, end, reader):
        task = asyncio.ensure_future(reader.next_async())
        await asyncio.sleep(0.2)
        end()
        try:
            await asyncio.wait_for(task, 60)
            raise Failure("a frame")
        except kind as why:
            check(kind is shmvideo.Detached or "interrupted" in str(why), repr(why))

    async def run(reader):
        await ending_with(shmvideo.FrameTimeout, reader.interrupt, reader)
        thread = threading.Thread(target=reader.interrupt)
        await ending_with(shmvideo.FrameTimeout, thread.start, reader)
        thread.join(60)
        await ending_with(shmvideo.Detached, reader.detach, reader)

    with shmvideo.Writer(place.segment(), 8, 8) as writer, shmvideo.Reader(writer.name) as reader:
        asyncio.run(run(reader))


@test
def several_readers_are_waited_for_together(place):
    use(place)
    writers = [shmvideo.Writer(place.segment(), 8, 8) for _ in range(3)]
    readers = [shmvideo.Reader(writer.name) for writer in writers]
    image = np.zeros((8, 8, 3), np.uint8)
    with shmvideo.ReaderSet(readers) as together:
        for index in (2, 0, 1):
            writers[index].write(image)
            got = []
            deadline = time.monotonic() + 60
            while not got and time.monotonic() < deadline:
                got = [reader.name for reader in together.wait(60) if reader.poll()]
            check_equal(got, [readers[index].name], "who has a frame")
        check_equal([r for r in together.wait(0.2) if r.poll()], [], "nobody")
    writers[1].write(image)
    check(readers[1] in shmvideo.wait(readers, 60), "the function")
    for thing in (*readers, *writers):
        thing.close()


@test
def frames_are_paired_by_their_capture_times(place):
    use(place)
    writers = [shmvideo.Writer(place.segment(), 8, 8) for _ in range(2)]
    readers = [shmvideo.Reader(writer.name) for writer in writers]
    image, now = np.zeros((8, 8, 3), np.uint8), time.monotonic_ns()
    writers[0].write(image, capture_monotonic_ns=now)
    writers[1].write(image, capture_monotonic_ns=now + 500_000_000)
    raises(TimeoutError, shmvideo.pair, readers, 0.01, 0.3)
    writers[0].write(image, capture_monotonic_ns=now + 1_000_000_000)
    writers[1].write(image, capture_monotonic_ns=now + 1_004_000_000)
    left, right = shmvideo.pair(readers, tolerance=0.01, timeout=60)
    check_equal((left.number, right.number), (2, 2), "the pair")
    check(left.held and right.valid, "they are held")
    for tolerance in (-1, float("nan")):
        raises(ValueError, shmvideo.pair, readers, tolerance, 0)
    raises(TimeoutError, shmvideo.pair, readers, float("inf"), 0)
    for thing in (*readers, *writers):
        thing.close()


@test
def a_set_ends_with_its_readers(place):
    use(place)
    with shmvideo.Writer(place.segment(), 8, 8) as writer:
        reader = shmvideo.Reader(writer.name)
        together = shmvideo.ReaderSet([reader])
        reader.detach()
        raises(shmvideo.Detached, together.wait, 1)
        raises(shmvideo.InvalidArgument, shmvideo.ReaderSet, [])


main()
