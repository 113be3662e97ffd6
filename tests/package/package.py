# SPDX-License-Identifier: Apache-2.0
"""Installs into a folder and uses what is there as strangers do: each builds a small reader and runs it.

SHMVIDEO_SOURCE and SHMVIDEO_BUILD name the two trees, CMAKE and CXX the programs.
"""
import pathlib

from e2e import *

SOURCE = os.environ["SHMVIDEO_SOURCE"]
BUILD = os.environ["SHMVIDEO_BUILD"]
CMAKE = os.environ["CMAKE"]
CXX = os.environ["CXX"]
CONSUMER = pathlib.Path(__file__).parent / "consumer"
SHARED = tempfile.TemporaryDirectory(prefix="shm-video-package-")


def prefix(place):
    """The installed tree, moved after installing: nothing may remember where it was."""
    moved = pathlib.Path(SHARED.name) / "moved"
    if not moved.exists():
        first = pathlib.Path(SHARED.name) / "first"
        place.run(CMAKE, "--install", BUILD, "--prefix", first, timeout=60).expect()
        first.rename(moved)
    return moved


def built(place, *options):
    """The consumer, built by CMake with these options."""
    folder = pathlib.Path(place.scratch) / "build"
    compiler = f"-DCMAKE_CXX_COMPILER={CXX}"
    place.run(CMAKE, "-S", CONSUMER, "-B", folder, "-G", "Ninja", "-DCMAKE_BUILD_TYPE=Release", compiler,
              *options, timeout=60).expect()
    place.run(CMAKE, "--build", folder, timeout=600).expect()
    return folder / "reader"


def reads_frames(place, reader, env=None):
    name = place.segment()
    place.start("shm-capture", "--device", "pattern", "--name", name, "-r", "320x240")
    lines = place.run(str(reader), name, env=env).expect().out.splitlines()
    check(len(lines) == 3 and all(re.fullmatch(r"frame \d+ 320x240", line) for line in lines), f"printed {lines}")


@test
def find_package_finds_the_installed_library(place):
    reads_frames(place, built(place, f"-DCMAKE_PREFIX_PATH={prefix(place)}"))


@test
def pkg_config_finds_the_installed_library(place):
    require("pkg-config")
    [file] = prefix(place).rglob("shmvideo.pc")
    search = {"PKG_CONFIG_PATH": str(file.parent)}
    asked = place.run(shutil.which("pkg-config"), "--cflags", "--libs", "shmvideo", env=search)
    flags = asked.expect().out.split()
    reader = pathlib.Path(place.scratch) / "reader"
    place.run(CXX, "-std=c++20", CONSUMER / "reader.cpp", "-o", reader, *flags, timeout=60).expect()
    reads_frames(place, reader, env={"LD_LIBRARY_PATH": str(file.parent.parent)})


@test
def add_subdirectory_builds_the_library_alone(place):
    reader = built(place, f"-DSHMVIDEO_SOURCE={SOURCE}")
    check(not list((reader.parent / "shmvideo").rglob("shm-*")), "the tools were built along")
    reads_frames(place, reader)


@test
def an_installed_tool_runs_from_where_it_was_installed(place):
    name = place.segment()
    tools = prefix(place) / "bin"
    place.start(str(tools / "shm-capture"), "--device", "pattern", "--name", name, "-r", "320x240")
    wait_until(lambda: name in place.run(str(tools / "shm-inspect")).out, 10, "the segment in the list")


@test
def an_installed_capture_finds_its_modules(place):
    capture = str(prefix(place) / "bin" / "shm-capture")
    result = place.run(capture, "-d", "no-such-film.avi", "--backend", "opencv", "--name", place.segment(), timeout=60)
    check("OpenCV cannot open" in result.expect(1).err, lambda: result.err)
    name = place.segment()
    result = place.run(capture, "-d", "videotestsrc num-buffers=3 ! appsink", "--name", name, timeout=60)
    if "no element" in result.err:
        skip("GStreamer's plugins are not installed")
    check("published 3," in result.expect().err, lambda: result.err)


main()
