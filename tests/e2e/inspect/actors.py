# SPDX-License-Identifier: Apache-2.0
"""Writers and readers for the tests of shm-inspect."""
import importlib.util
import json
import os
import pathlib
import signal

ACTOR = os.environ["SEGMENT_ACTOR"]


def start_writer(place, name, pixel_format="BGR24", size="32x16", frames=5, interval_ms=0):
    """A writer that publishes, says so, and stays."""
    writer = place.start(ACTOR, "write", name, pixel_format, size, frames, interval_ms)
    writer.wait_for_output("created" if interval_ms else "written")
    return writer


def start_reader(place, name, grade="hold", pause_ms=0):
    reader = place.start(ACTOR, "read", name, grade, pause_ms)
    reader.wait_for_output("attached")
    return reader


def kill(place, writer):
    """A death without a goodbye: the segment stays."""
    place.leaves_segments = True
    writer.send_signal(signal.SIGKILL)
    writer.wait()


def inspect_json(place, *arguments):
    return json.loads(place.run("shm-inspect", "--json", *arguments).expect(0).out)


def dead_segment(place, **writer):
    """Name, path and bytes of a segment whose writer died."""
    name = place.segment()
    kill(place, start_writer(place, name, **writer))
    path = os.path.join(place.directory, name)
    with open(path, "rb") as file:
        return name, path, bytearray(file.read())


def signed(content):
    """The bytes with the checksum that their header should have."""
    reader = pathlib.Path(__file__).resolve().parents[3] / "docs/reader.py"
    spec = importlib.util.spec_from_file_location("reader", reader)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    content[1020:1024] = module.crc32c(bytes(content[:1020])).to_bytes(4, "little")
    return content
