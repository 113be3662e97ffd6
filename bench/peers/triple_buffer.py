#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A triple buffer in Python, polled every millisecond, as services like the ones that shm-video replaces have it:
three pictures in multiprocessing.shared_memory, the number of the newest in front of them, one copy in, one out,
and no check whether the picture was overwritten meanwhile. Same commands and output as peer.hpp."""
import json
import os
import resource
import struct
import sys
import time
from multiprocessing import resource_tracker, shared_memory

import numpy

FRAME_BYTES = 1920 * 1080 * 3
SLOTS = 3
HEADER_BYTES = 4096
PLACES = [FRAME_BYTES // 64 * i - 1 for i in range(1, 65)]
POLL_SECONDS = 0.001


def cpu_ms():
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return (usage.ru_utime + usage.ru_stime) * 1e3


def pictures_of(memory):
    return [numpy.ndarray(FRAME_BYTES, numpy.uint8, memory.buf, HEADER_BYTES + FRAME_BYTES * i) for i in range(SLOTS)]


def latest_of(memory):
    return numpy.ndarray(1, numpy.uint64, memory.buf)


def name_of(place):
    return "shmvideo-bench-" + os.path.basename(place)


def write(place, fps, seconds):
    memory = shared_memory.SharedMemory(name_of(place), create=True, size=HEADER_BYTES + SLOTS * FRAME_BYTES)
    slots, latest = pictures_of(memory), latest_of(memory)
    for slot in slots:
        slot[:] = 0
    sources = [numpy.zeros(FRAME_BYTES, numpy.uint8) for _ in range(4)]
    print("ready", flush=True)
    sys.stdin.readline()
    costs, filling, number = [], 0.0, 0
    cpu_before, began = cpu_ms(), time.monotonic()
    following = began
    while time.monotonic() < began + seconds:
        number += 1
        source = sources[number % 4]
        fill_began = cpu_ms()
        source[:] = number % 251
        filling += cpu_ms() - fill_began
        stamp = time.monotonic_ns()
        source[:16] = numpy.frombuffer(struct.pack("<QQ", stamp, number), numpy.uint8)
        numpy.copyto(slots[number % SLOTS], source)
        latest[0] = number  # one store; struct.pack_into() writes byte by byte
        costs.append((time.monotonic_ns() - stamp) * 1e-6)
        if fps > 0:
            following += 1 / fps
            time.sleep(max(0.0, following - time.monotonic()))
    took = time.monotonic() - began
    cpu = (cpu_ms() - cpu_before - filling) / number
    costs.sort()
    print(json.dumps({"frames": number, "fps": number / took, "cpu_ms": cpu, "write_p50_ms": costs[len(costs) // 2],
                      "write_max_ms": costs[-1]}), flush=True)
    time.sleep(1.5)
    del slots, latest
    memory.unlink()


def read(place):
    memory = shared_memory.SharedMemory(name_of(place))
    resource_tracker.unregister(memory._name, "shared_memory")  # or it removes the writer's memory (Python 3.11)
    slots, newest = pictures_of(memory), latest_of(memory)
    mine = numpy.zeros(FRAME_BYTES, numpy.uint8)
    print("ready", flush=True)
    latencies, last, missed, torn, cpu_before, cpu_after = [], 0, 0, 0, 0.0, 0.0
    heard = time.monotonic()
    while time.monotonic() - heard < (1 if latencies else 30):
        latest = int(newest[0])
        if latest == last:
            time.sleep(POLL_SECONDS)
            continue
        numpy.copyto(mine, slots[latest % SLOTS])
        now = time.monotonic_ns()
        heard = time.monotonic()
        if not latencies:
            cpu_before = cpu_ms()
        stamp, number = struct.unpack("<QQ", mine[:16].tobytes())
        latencies.append((now - stamp) * 1e-6)
        torn += number != latest or any(mine[place] != latest % 251 for place in PLACES)
        missed += latest - last - 1 if last else 0
        last = latest
        cpu_after = cpu_ms()
    cpu = (cpu_after - cpu_before) / max(1, len(latencies))
    print(json.dumps({"frames": len(latencies), "missed": missed, "torn": torn, "cpu_ms": cpu, "ms": latencies}),
          flush=True)
    os._exit(0)  # the views keep the memory from being closed


def main():
    if len(sys.argv) == 5 and sys.argv[1] == "write":
        write(sys.argv[2], float(sys.argv[3]), float(sys.argv[4]))
    elif len(sys.argv) == 3 and sys.argv[1] == "read":
        read(sys.argv[2])
    else:
        sys.exit(f"usage: {sys.argv[0]} write PLACE FPS SECONDS | read PLACE")


main()
