# SPDX-License-Identifier: Apache-2.0
"""The Debian packages, looked at from outside: what they need, what is in them, what Debian's checker says."""
import hashlib
import tarfile

from trees import *

# Names of packages, with the number that a library's release puts into them as \d+. Exactly these.
RUNTIME = {r"libc6", r"libgcc-s1", r"libstdc\+\+6"}
DEPENDS = {
    "libshmvideo0": RUNTIME,
    "libshmvideo-dev": {r"libshmvideo0"},
    "shm-video": RUNTIME | {r"libshmvideo0", r"libavcodec\d+", r"libavformat\d+", r"libavutil\d+", r"libswscale\d+",
                            r"libturbojpeg0", r"libjpeg62-turbo", r"libyuv0", r"libpng16-16(t64)?", r"libchafa0(t64)?",
                            r"libglib2\.0-0(t64)?", r"libfmt\d+", r"libssl3(t64)?", r"libcrypt1"},
    "shm-video-gstreamer": RUNTIME | {r"shm-video", r"libshmvideo0", r"libgstreamer1\.0-0",
                                      r"libgstreamer-plugins-base1\.0-0", r"libglib2\.0-0(t64)?", r"libyuv0",
                                      r"libfmt\d+"},
    "shm-video-opencv": RUNTIME | {r"shm-video", r"libshmvideo0", r"libopencv-core\d+", r"libopencv-videoio\d+",
                                   r"libyuv0", r"libfmt\d+"},
    "python3-shmvideo": {r"libshmvideo0", r"python3", r"python3-numpy"},
}
COMPONENTS = dict(zip(("library", "development", "tools", "gstreamer", "opencv", "python"), DEPENDS))


def field(place, package, name):
    return place.run(shutil.which("dpkg-deb"), "--field", debs()[package], name).expect().out.strip()


def members(place, package, what="--fsys-tarfile"):
    """The members of a package's files, or of its control files, and what is in the latter."""
    archive = pathlib.Path(place.scratch) / "archive.tar"
    with open(archive, "wb") as file:
        subprocess.run(["dpkg-deb", what, debs()[package]], stdout=file, check=True)
    with tarfile.open(archive) as tar:
        return [(member, tar.extractfile(member).read() if member.isfile() else b"") for member in tar]


@test
def there_are_these_packages_of_one_version(place):
    check_equal(set(debs()), set(DEPENDS), "packages")
    versions = {field(place, package, "Version") for package in debs()}
    check(len(versions) == 1 and versions.pop().startswith(f"{VERSION}-"), versions)


@test
def packages_need_what_they_use_and_no_more(place):
    for package, patterns in DEPENDS.items():
        needs = [need.strip() for need in field(place, package, "Depends").split(",")]
        names = {need.split(" ")[0] for need in needs}
        unknown = {name for name in names if not any(re.fullmatch(pattern, name) for pattern in patterns)}
        missing = {pattern for pattern in patterns if not any(re.fullmatch(pattern, name) for name in names)}
        check(not unknown and not missing,
              f"{package} needs {sorted(names)}: not expected {unknown}, missing {missing}")
        version = field(place, package, "Version")
        for need in needs:
            if "shm" in need:
                check(need.endswith(f" (= {version})"), f"{package} needs {need}, not of its own version")


@test
def opencv_is_never_installed_without_being_asked_for(place):
    for name in ("Depends", "Recommends", "Pre-Depends"):
        check("opencv" not in field(place, "shm-video", name), f"shm-video's {name} has it")
    check("shm-video-opencv" in field(place, "shm-video", "Suggests"), "it is not suggested")


@test
def every_file_lies_in_the_package_it_belongs_to(place):
    multiarch = place.run(shutil.which("dpkg-architecture"), "-q", "DEB_HOST_MULTIARCH").expect().out.strip()
    expected = expected_files(f"lib/{multiarch}", "share/zsh/vendor-completions")
    for component, package in COMPONENTS.items():
        papers = {f"share/doc/{package}/{name}" for name in ("copyright", "changelog.gz", "changelog.Debian.gz")}
        if (SOURCE / "packaging" / f"{component}.lintian-overrides").exists():
            papers.add(f"share/lintian/overrides/{package}")
        files = {re.sub(r"(/man\d/.*)", r"\1.gz", name) for name in expected[component]} | papers
        found = {member.name.removeprefix("./usr/") for member, _ in members(place, package) if not member.isdir()}
        check_same(found, files, package)


@test
def files_belong_to_root_and_have_plain_modes(place):
    for package in debs():
        for member, _ in members(place, package):
            check_equal((member.uname, member.gname), ("root", "root"), f"owner of {member.name} of {package}")
            runs = member.isdir() or "/bin/" in member.name
            if not member.issym():
                check_equal(oct(member.mode), oct(0o755 if runs else 0o644), f"mode of {member.name} of {package}")


@test
def binaries_are_stripped_and_use_the_systems_folders(place):
    require("readelf", "file")
    tree = unpacked(place, *debs())
    check_forgot_where_it_was_built(tree)
    seen = 0
    for path in sorted(tree.rglob("*")):
        if path.is_symlink() or not path.is_file() or path.read_bytes()[:4] != b"\x7fELF":
            continue
        seen += 1
        dynamic = place.run(shutil.which("readelf"), "-d", path).expect().out
        check(not re.search(r"\((RPATH|RUNPATH)\)", dynamic), f"{path} searches folders of its own")
        check("not stripped" not in place.run(shutil.which("file"), path).expect().out, f"{path} is not stripped")
    check_equal(seen, len(TOOLS) + 3, "binaries")


@test
def what_links_the_library_will_depend_on_its_package(place):
    control = {member.name.removeprefix("./"): text.decode()
               for member, text in members(place, "libshmvideo0", "--ctrl-tarfile")}
    version = field(place, "libshmvideo0", "Version")
    check_equal(control["shlibs"], f"libshmvideo 0 libshmvideo0 (= {version})\n", "shlibs")
    check_equal(control["triggers"], "activate-noawait ldconfig\n", "triggers")
    sums = {line.split("  ")[1] for line in control["md5sums"].splitlines()}
    check(any(name.endswith(f"/libshmvideo.so.{VERSION}") for name in sums), f"md5sums has {sums}")


@test
def debians_checker_has_nothing_to_say(place):
    require("lintian")
    result = place.run(shutil.which("lintian"), "--fail-on", "error,warning", "--tag-display-limit", 0,
                       *sorted(debs().values()), timeout=300, env={"LC_ALL": "C.UTF-8"})
    check(result.status == 0, lambda: str(result))


@test
def strangers_build_with_what_the_packages_contain(place):
    tree = unpacked(place, "libshmvideo0", "libshmvideo-dev")
    check_reads_frames(place, built_by_cmake(place, f"-DCMAKE_PREFIX_PATH={tree}"))
    reader, env = built_by_pkg_config(place, tree)
    check_reads_frames(place, reader, env)
    check_c_program_reads(place, tree, "shm-capture")
    check_c_program_links(place, tree, "shm-capture")


@test
def the_same_sources_make_the_same_packages(place):
    """Packed anew, some seconds later, into another folder: the same bytes."""
    again = pathlib.Path(place.scratch) / "again"
    place.run(str(SOURCE / "script/package"), "--build", os.environ["SHMVIDEO_PACKAGE_BUILD"], "--out", again,
              timeout=300).expect()
    for path in debs().values():
        first, second = (hashlib.sha256(file.read_bytes()).hexdigest() for file in (path, again / path.name))
        check_equal(second, first, f"{path.name}, packed again")


main()
