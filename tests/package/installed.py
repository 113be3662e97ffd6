# SPDX-License-Identifier: Apache-2.0
"""Installs into a folder and uses what is there as strangers do."""
from trees import *


@test
def everything_is_installed_where_it_is_looked_for_and_nothing_else(place):
    tree = prefix(place)
    [file] = tree.rglob("shmvideo.pc")
    libraries = file.parent.parent.relative_to(tree)
    expected = expected_files(libraries, "share/zsh/site-functions")
    found = files_of(tree)
    # A debug build has its own name in this one.
    found = {re.sub(r"Targets-\w+\.cmake$", "Targets-relwithdebinfo.cmake", name) for name in found}
    check_same(found, set().union(*expected.values()), "installed")


@test
def nothing_installed_tells_where_it_was_built(place):
    check_forgot_where_it_was_built(prefix(place))


@test
def find_package_finds_the_installed_library(place):
    check_reads_frames(place, built_by_cmake(place, f"-DCMAKE_PREFIX_PATH={prefix(place)}"))


@test
def pkg_config_finds_the_installed_library(place):
    reader, env = built_by_pkg_config(place, prefix(place))
    check_reads_frames(place, reader, env)


@test
def add_subdirectory_builds_the_library_alone(place):
    reader = built_by_cmake(place, f"-DSHMVIDEO_SOURCE={SOURCE}")
    check(not list((reader.parent / "shmvideo").rglob("shm-*")), "the tools were built along")
    check_reads_frames(place, reader)


@test
def a_c11_program_reads_what_the_installed_capture_publishes(place):
    tree = prefix(place)
    check_c_program_reads(place, tree, tree / "bin/shm-capture")


@test
def a_c11_program_links_the_installed_library(place):
    tree = prefix(place)
    check_c_program_links(place, tree, tree / "bin/shm-capture")


@test
def installed_tools_run_with_the_library_beside_them(place):
    tree = prefix(place)
    bare = {"LD_LIBRARY_PATH": ""}
    [library] = tree.rglob("libshmvideo.so.0")
    for tool_name in TOOLS:
        path = tree / "bin" / tool_name
        check(VERSION in place.run(str(path), "--version", env=bare).expect().out, f"{tool_name} --version")
        linked = place.run(shutil.which("ldd"), path, env=bare).expect().out
        check(str(library.resolve().parent) in os.path.realpath(re.search(r"libshmvideo\S+ => (\S+)", linked)[1]),
              linked)
    name = started_pattern(place, tree / "bin/shm-capture")
    wait_until(lambda: name in place.run(str(tree / "bin/shm-inspect")).out, 10, "the segment in the list")


@test
def the_installed_python_package_lists_what_the_installed_capture_publishes(place):
    tree, python = prefix(place), "/usr/bin/python3"
    if place.run(python, "-c", "import numpy").status:
        skip("there is no numpy")
    [library] = tree.rglob("libshmvideo.so.0")
    name = started_pattern(place, tree / "bin/shm-capture")
    env = {"PYTHONPATH": str(tree / "lib/python3/dist-packages"), "SHMVIDEO_LIBRARY": str(library)}
    wait_until(lambda: name in place.run(python, "-m", "shmvideo", env=env).expect().out, 20, "the segment in the list")


@test
def installed_manuals_are_found(place):
    require("man")
    folder = prefix(place) / "share/man"
    check(MANUALS and set(f"{tool_name}.1" for tool_name in TOOLS) <= set(MANUALS), f"only {MANUALS}")
    for page in MANUALS:
        name, section = page.rsplit(".", 1)
        result = place.run(shutil.which("man"), "-M", folder, "-P", "cat", section, name,
                           env={"LC_ALL": "C.UTF-8", "MANROFFOPT": "-c"})
        check(re.search(rf"^NAME\n +{re.escape(name)}", result.expect().out, re.M), lambda: result.out[:400])


@test
def an_installed_capture_finds_its_modules(place):
    capture = str(prefix(place) / "bin" / "shm-capture")
    result = place.run(capture, "-d", "no-such-film.avi", "--backend", "opencv", "--name", place.segment(),
                       timeout=60)
    check("OpenCV cannot open" in result.expect(1).err, lambda: result.err)
    name = place.segment()
    result = place.run(capture, "-d", "videotestsrc num-buffers=3 ! appsink", "--name", name, timeout=60)
    if "no element" in result.err:
        skip("GStreamer's plugins are not installed")
    check("published 3 " in result.expect().err, lambda: result.err)


main()
