# SPDX-License-Identifier: Apache-2.0
"""The trees that strangers get, and what they build from them.

SHMVIDEO_SOURCE and SHMVIDEO_BUILD name the source and what was built from it, SHMVIDEO_DEBS the folder of the
packages, SHMVIDEO_TOOLS the tools; CMAKE, CC and CXX are the programs to use.
"""
import pathlib

from e2e import *

SOURCE = pathlib.Path(os.environ["SHMVIDEO_SOURCE"])
BUILD = pathlib.Path(os.environ["SHMVIDEO_BUILD"])
DEBS = pathlib.Path(os.environ["SHMVIDEO_DEBS"])
CMAKE, CC, CXX = (os.environ[name] for name in ("CMAKE", "CC", "CXX"))
EXAMPLES = ("minimal-c", "motion", "two-cameras")
CONSUMER = pathlib.Path(__file__).parent / "consumer"
_SHARED = tempfile.TemporaryDirectory(prefix="shm-video-package-")

TOOLS = os.environ["SHMVIDEO_TOOLS"].split()
UNITS = ("shm-capture@.service", "shm-mjpeg@.service", "shm-mjpeg@.socket")
MANUALS = sorted(page.name for page in (SOURCE / "man").glob("*.[1-8]"))
[VERSION] = re.findall(r"project\(shm-video VERSION (\S+)", (SOURCE / "CMakeLists.txt").read_text())


def prefix(place):
    """The installed tree, moved after installing: nothing may remember where it was."""
    moved = pathlib.Path(_SHARED.name) / "moved"
    if not moved.exists():
        first = pathlib.Path(_SHARED.name) / "first"
        place.run(CMAKE, "--install", BUILD, "--prefix", first, timeout=60).expect()
        first.rename(moved)
    return moved


def debs():
    """The packages, by name."""
    return {path.name.split("_")[0]: path for path in DEBS.glob("*.deb")}


def unpacked(place, *packages):
    """The tree /usr that these packages make."""
    folder = pathlib.Path(place.scratch) / "unpacked"
    for package in packages:
        place.run(shutil.which("dpkg-deb"), "--extract", debs()[package], folder, timeout=60).expect()
    return folder / "usr"


def files_of(tree):
    """Every file and link, as a set of paths relative to the tree."""
    return {str(path.relative_to(tree)) for path in tree.rglob("*") if path.is_symlink() or not path.is_dir()}


def expected_files(libraries, zsh):
    """What is to be installed, by component; `libraries` and `zsh` are folders that differ between systems."""
    headers = (SOURCE / "libcore/include/shmvideo").iterdir()
    cmake = f"{libraries}/cmake/shmvideo/shmvideo"
    documents = {name for name in ("README.md", "configuration.md", "services.md") if name == "README.md" or
                 (SOURCE / "docs" / name).exists()}
    return {
        "library": {f"{libraries}/libshmvideo.so.0", f"{libraries}/libshmvideo.so.{VERSION}"},
        "development": {f"{libraries}/libshmvideo.so", f"{libraries}/pkgconfig/shmvideo.pc",
                        f"{cmake}Config.cmake", f"{cmake}ConfigVersion.cmake", f"{cmake}Targets.cmake",
                        f"{cmake}Targets-relwithdebinfo.cmake",
                        "share/doc/shm-video/segment-format.md", "share/doc/shm-video/c-abi.md",
                        "share/doc/shm-video/examples/reader.py",
                        *(f"share/doc/shm-video/examples/{file.parent.name}/{file.name}"
                          for example in EXAMPLES for file in (SOURCE / "examples" / example).iterdir()
                          if file.name != "build"),
                        *(f"include/shmvideo/{header.name}" for header in headers)},
        "tools": {*(f"bin/{tool}" for tool in TOOLS),
                  *(f"share/man/man{page[-1]}/{page}" for page in MANUALS),
                  *(f"share/bash-completion/completions/{tool}" for tool in TOOLS),
                  *(f"{zsh}/_{tool}" for tool in TOOLS),
                  *(f"share/fish/vendor_completions.d/{tool}.fish" for tool in TOOLS),
                  *(f"lib/systemd/system/{unit}" for unit in UNITS), "lib/sysusers.d/shm-video.conf",
                  *(f"share/shm-video/{file.relative_to(SOURCE / 'share')}"
                    for file in (SOURCE / "share").rglob("*") if file.is_file()),
                  *(f"share/doc/shm-video/{name}" for name in documents)},
        "gstreamer": {f"{libraries}/shm-video/gstreamer.so"},
        "opencv": {f"{libraries}/shm-video/opencv.so"},
        "python": {"share/doc/shm-video/python.md",
                   *(f"share/doc/shm-video/examples/annotate-python/{name}" for name in ("annotate.py", "README.md")),
                   *(f"lib/python3/dist-packages/shmvideo/{module.name}"
                     for module in (SOURCE / "python/shmvideo").iterdir() if module.suffix in (".py", ".typed"))},
    }


def check_same(found, expected, what):
    missing, more = sorted(expected - found), sorted(found - expected)
    check(not missing and not more, f"{what}: missing {missing}, not expected {more}")


def check_forgot_where_it_was_built(tree):
    """No file names a folder of this computer's."""
    for path in sorted(tree.rglob("*")):
        if path.is_file() and not path.is_symlink():
            content = path.read_bytes()
            for folder in (SOURCE, BUILD):
                check(bytes(folder) not in content, f"{path} tells that it comes from {folder}")


def built_by_cmake(place, *options):
    """The C++ consumer, built with these options."""
    folder = pathlib.Path(place.scratch) / "build"
    compiler = f"-DCMAKE_CXX_COMPILER={CXX}"
    place.run(CMAKE, "-S", CONSUMER, "-B", folder, "-G", "Ninja", "-DCMAKE_BUILD_TYPE=Release", compiler,
              *options, timeout=60).expect()
    place.run(CMAKE, "--build", folder, timeout=600).expect()
    return folder / "reader"


def pkg_config(place, tree, *questions):
    """The answer for the library in this tree, as words."""
    require("pkg-config")
    [file] = tree.rglob("shmvideo.pc")
    # What packages contain believes to lie in /usr.
    options = [f"--define-variable=prefix={tree}"] if tree.name == "usr" else []
    return place.run(shutil.which("pkg-config"), *options, *questions, "shmvideo",
                     env={"PKG_CONFIG_PATH": str(file.parent)}).expect().out.split()


def built_by_pkg_config(place, tree):
    """The C++ consumer, and the environment that it needs to find the library there."""
    reader = pathlib.Path(place.scratch) / "reader"
    flags = pkg_config(place, tree, "--cflags", "--libs")
    place.run(CXX, "-std=c++20", CONSUMER / "reader.cpp", "-o", reader, *flags, timeout=120).expect()
    [link] = tree.rglob("libshmvideo.so")
    return reader, {"LD_LIBRARY_PATH": str(link.parent)}


def started_pattern(place, capture="shm-capture"):
    """A segment of 320x240 that a capture writes; its name."""
    name = place.segment()
    place.start(str(capture), "--device", "pattern", "--name", name, "-r", "320x240")
    return name


def check_reads_frames(place, reader, env=None):
    name = started_pattern(place)
    lines = place.run(str(reader), name, env=env).expect().out.splitlines()
    check(len(lines) == 3 and all(re.fullmatch(r"frame \d+ 320x240", line) for line in lines), f"printed {lines}")


def check_c_program_reads(place, tree, capture):
    """A program in strict C11, which has the header only, reads what this capture publishes."""
    program = pathlib.Path(place.scratch) / "newest"
    flags = pkg_config(place, tree, "--cflags")
    place.run(CC, "-std=c11", "-Wall", "-Wextra", "-pedantic", "-Werror", *flags, CONSUMER / "newest.c",
              "-o", program, timeout=60).expect()
    segment = pathlib.Path(place.directory) / started_pattern(place, capture)
    wait_until(lambda: place.run(str(program), segment).status == 0, 10, "a frame that the C program can read")
    number, *size = place.run(str(program), segment).expect().out.split()
    check(int(number) > 0 and size == ["320", "240"], f"the newest frame is {number}, of {size}")


def check_c_program_links(place, tree, capture):
    """A program in strict C11 that uses the C interface, built as pkg-config says, gets frames."""
    program = pathlib.Path(place.scratch) / "minimal"
    flags = pkg_config(place, tree, "--cflags", "--libs")
    place.run(CC, "-std=c11", "-Wall", "-Wextra", "-pedantic", "-Werror",
              SOURCE / "examples/minimal-c/minimal.c", "-o", program, *flags, timeout=60).expect()
    [link] = tree.rglob("libshmvideo.so")
    said = place.run(str(program), started_pattern(place, capture), 3, timeout=60,
                     env={"LD_LIBRARY_PATH": str(link.parent)}).expect().out
    check(len(re.findall(r"^frame \d+ 320x240 BGR24 mean ", said, re.M)) == 3, said)
