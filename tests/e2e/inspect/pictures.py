# SPDX-License-Identifier: Apache-2.0
import os
import struct
import zlib

from actors import kill, start_writer
from e2e import check, check_equal, jpeg_size, main, skip, test


def read_png(path):
    """Width, height, and the RGB samples of an 8-bit PNG file without interlacing."""
    data = open(path, "rb").read()
    check(data.startswith(b"\x89PNG\r\n\x1a\n"), "the signature")
    at, packed, head = 8, b"", None
    while at < len(data):
        length, kind = struct.unpack(">I4s", data[at:at + 8])
        body = data[at + 8:at + 8 + length]
        check_equal(struct.unpack(">I", data[at + 8 + length:at + 12 + length])[0], zlib.crc32(kind + body), "a CRC")
        if kind == b"IHDR":
            head = struct.unpack(">IIBBBBB", body)
        packed += body if kind == b"IDAT" else b""
        at += 12 + length
    width, height, depth, colour, _, _, interlace = head
    check_equal((depth, colour, interlace), (8, 2, 0), "8 bits of RGB")
    return width, height, unfilter(zlib.decompress(packed), width * 3, height)


def unfilter(data, row_bytes, height):
    rows, above = [], bytearray(row_bytes)
    for y in range(height):
        kind = data[y * (row_bytes + 1)]
        row = bytearray(data[y * (row_bytes + 1) + 1:(y + 1) * (row_bytes + 1)])
        for x in range(row_bytes):
            left = row[x - 3] if x >= 3 else 0
            corner = above[x - 3] if x >= 3 else 0
            guess = (0, left, above[x], (left + above[x]) // 2, paeth(left, above[x], corner))[kind]
            row[x] = (row[x] + guess) & 255
        rows.append(bytes(row))
        above = row
    return rows


def paeth(left, up, corner):
    estimate = left + up - corner
    return min((left, up, corner), key=lambda value: abs(estimate - value))


def check_half_red_half_blue(path, width, height):
    found_width, found_height, rows = read_png(path)
    check_equal((found_width, found_height), (width, height), "the size")
    half = (width + 1) // 2
    for row in rows:
        check_equal(row, b"\xff\x00\x00" * half + b"\x00\x00\xff" * (width - half), "a row")


@test
def a_png_has_every_pixel_of_the_frame(place):
    name = place.segment()
    start_writer(place, name, "BGR24", "33x17")
    shown = place.run("shm-inspect", "--save", "x.png", name).expect(0)
    check(not shown.out and "frame 5" in shown.err, shown)
    check_half_red_half_blue(os.path.join(place.scratch, "x.png"), 33, 17)
    check_equal(os.listdir(place.scratch), ["x.png"], "what it left")


@test
def a_dead_writers_last_frame_can_be_saved(place):
    name = place.segment()
    kill(place, start_writer(place, name, "BGR24", "64x48"))
    place.run("shm-inspect", name, "--save", "x.PNG").expect(0)
    check_half_red_half_blue(os.path.join(place.scratch, "x.PNG"), 64, 48)


@test
def a_jpeg_has_the_size_of_the_frame_whatever_its_format(place):
    for pixel_format in ("BGR24", "GRAY8", "YUYV", "NV12", "I420"):
        name = place.segment()
        start_writer(place, name, pixel_format, "64x48")
        place.run("shm-inspect", "--save", f"{pixel_format}.jpg", name).expect(0)
        with open(os.path.join(place.scratch, f"{pixel_format}.jpg"), "rb") as file:
            check_equal(jpeg_size(file.read()), (64, 48), f"the size from {pixel_format}")


@test
def the_only_live_segment_need_not_be_named(place):
    start_writer(place, place.segment())
    place.run("shm-inspect", "--save", "x.png").expect(0)
    start_writer(place, place.segment())
    shown = place.run("shm-inspect", "--save", "y.png").expect(4)
    check("-e2e" in shown.err and "," in shown.err, f"the names to choose from in: {shown}")


@test
def a_segment_without_a_frame_has_no_picture(place):
    name = place.segment()
    start_writer(place, name, frames=0)
    shown = place.run("shm-inspect", "--save", "x.png", name).expect(1)
    check("no frame yet" in shown.err, shown)
    check_equal(os.listdir(place.scratch), [], "what it left")


@test
def h264_is_refused_with_a_reason(place):
    name = place.segment()
    start_writer(place, name, "H264", "64x48")
    check("H264" in place.run("shm-inspect", "--save", "x.png", name).expect(1).err, "the format in the reason")


@test
def a_damaged_jpeg_is_refused_with_a_reason(place):
    name = place.segment()
    start_writer(place, name, "JPEG", "64x48")
    check("JPEG" in place.run("shm-inspect", "--save", "x.png", name).expect(1).err, "the format in the reason")


@test
def a_folder_that_is_not_there_is_refused_with_a_reason(place):
    name = place.segment()
    start_writer(place, name)
    shown = place.run("shm-inspect", "--save", "no/such/x.png", name).expect(1)
    check("no/such/x.png" in shown.err and shown.err.count("\n") == 1, shown)


@test
def a_picture_in_the_terminal_has_both_colours(place):
    if "chafa" not in place.run("shm-inspect", "--version").out:
        skip("built without chafa")
    name = place.segment()
    start_writer(place, name, "BGR24", "64x48")
    shown = place.run("shm-inspect", "--picture", name,
                      env={"TERM": "xterm-256color", "COLORTERM": "truecolor", "COLUMNS": "40", "LINES": "20"})
    shown.expect(0)
    check("255;0;0" in shown.out and "0;0;255" in shown.out, shown)
    check(name in shown.out.splitlines()[-1], f"the caption in: {shown}")


main()
