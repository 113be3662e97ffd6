# SPDX-License-Identifier: Apache-2.0
"""Holds the sources against the rules of docs/architecture.md: who may include and call what.

    check_includes.py SOURCE_TREE

The rules are the tables below; each violation is printed as file:line: what.
"""
import pathlib
import re
import sys

# The ladder: a module includes those below it, never one beside or above it.
RUNGS = {"segment": 0, "transport": 1, "frame": 2, "capi": 3, "metrics": 3, "codec": 3,
         "source": 4, "sink": 4, "toolkit": 5}
# These make up libshmvideo, which depends on nothing. What stands above sees its installed headers only.
LIBRARY = {"segment", "transport", "frame", "capi"}
# Small helpers without a .cpp, and without anything that a segment is made of: open to all of libcore.
HELPERS = {"segment/clock.hpp", "segment/unique_fd.hpp"}
# Which rung an installed header belongs to. A new one is added here.
PUBLIC = {"capi": {"shmv.h", "shmv_frame.h", "shmv_list.h", "shmv_reader.h", "shmv_result.h", "shmv_set.h",
                   "shmv_writer.h"},
          "transport": {"reader.hpp", "reader_set.hpp", "writer.hpp", "report.hpp"},
          "frame": {"picture.hpp", "pixel_format.hpp"},
          "segment": {"error.hpp", "export.hpp", "frame_info.hpp", "layout.h", "mapping_guard.hpp", "name.hpp",
                      "version.hpp"}}
# Libraries of others: where the code that adapts them to us stands (a regular expression on the path).
THIRD_PARTY = {
    r"opencv2/": r"libcore/src/source/opencv/.*\.cpp",
    r"gst/": r"(libcore/src/source/gstreamer|bench/(peers|http))/.*\.cpp",
    r"(turbojpeg|jpeglib)\.h": r"(libcore/src/codec|bench/http|tests/unit/codec)/.*\.cpp",
    r"libyuv": r"libcore/src/codec/.*\.cpp",
    r"lib(avcodec|avformat|avutil|swscale)/": r"libcore/src/(codec/libav|source/libav|sink/recording)/.*\.cpp",
    r"linux/videodev2\.h": r"libcore/src/source/v4l2/.*",
    r"CLI/": r"libcore/src/toolkit/.*\.cpp",
    r"openssl/": r"libcore/src/sink/http/(access|tls)/.*\.cpp",
    r"boost/": r"(libcore/src/sink|tools/mjpeg|tools/bench/http|tests/unit/sink|tests/fuzz)/.*",
    r"(fmt|nlohmann)/": r"(libcore/src/(codec|source|sink|toolkit)|tools|bench|tests/fuzz)/.*",
    r"chafa": r"tools/inspect/.*\.cpp",
    r"catch2/": r"tests/support/.*",
}
# libcore is a guest in somebody's process: it does not speak, end it or change its state.
CALLS = re.compile(
    r"(?<![\w.>:])(?:std::|::)?(printf|fprintf|vprintf|vfprintf|puts|fputs|putchar|perror|"
    r"exit|_exit|quick_exit|abort|signal(?=\s*\([^,()]+,)|sigaction|"
    r"umask|setlocale|chdir|setenv|putenv|srand)\s*\(|std::(cout|cerr|clog)\b")
INCLUDE = re.compile(r'\s*#\s*include\s*[<"]([^>"]+)[>"]')
TOKENS = re.compile(r'//[^\n]*|/\*.*?\*/|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'', re.S)


def code_only(text):
    """The text without comments and literals, lines kept."""
    return TOKENS.sub(lambda m: " " + "\n" * m.group().count("\n"), text)


def module_of(path):
    match = re.match(r"libcore/src/(\w+)/", path)
    return match.group(1) if match else None


def ladder_violation(path, header):
    """What is wrong with one of our own files including one of our own headers; None if nothing is."""
    module = module_of(path)
    folder, _, rest = header.partition("/")
    is_installed = path.startswith("libcore/include/")
    if folder == "shmvideo":
        target = next((m for m, headers in PUBLIC.items() if rest in headers), None)
        if target is None:
            return f"{header} is not in the table of installed headers in tests/architecture/check_includes.py"
        if module and RUNGS[module] < RUNGS[target]:
            return f"{module} includes {header}, which belongs to {target}, above it"
        return None
    if folder not in RUNGS:
        return None
    if is_installed:
        return f"an installed header includes {header}, which is not installed"
    if module is None:
        outside = folder in LIBRARY and path.split("/")[0] in ("tools", "examples")
        return f"includes {header}, which is inside libshmvideo" if outside else None
    if folder != module and RUNGS[folder] >= RUNGS[module]:
        return f"{module} includes {header}, which is not below it"
    if folder in LIBRARY and module not in LIBRARY and header not in HELPERS:
        return f"{module} includes {header}, which is inside libshmvideo: use the installed headers"
    return None


def violations(root, file):
    path = file.relative_to(root).as_posix()
    text = file.read_text(encoding="utf-8")
    for number, line in enumerate(text.splitlines(), 1):
        match = INCLUDE.match(line)
        if not match:
            continue
        wrong = ladder_violation(path, match.group(1))
        if wrong:
            yield number, wrong
        for library, place in THIRD_PARTY.items():
            if re.match(library, match.group(1)) and not re.fullmatch(place, path):
                yield number, f"{match.group(1)} may be included in {place} only"
    if path.startswith("libcore/") and module_of(path) != "toolkit":
        for number, line in enumerate(code_only(text).splitlines(), 1):
            for call in CALLS.finditer(line):
                yield number, f"libcore does not call {call.group(1) or 'std::' + call.group(2)}"


def main():
    root = pathlib.Path(sys.argv[1])
    files = [f for folder in ("libcore", "tools", "bench", "tests", "examples") if (root / folder).is_dir()
             for f in sorted((root / folder).rglob("*")) if f.suffix in (".cpp", ".hpp", ".h", ".c")]
    unknown = {f.name for f in (root / "libcore/src").iterdir() if f.is_dir()} - RUNGS.keys()
    found = [f"{f.relative_to(root)}:{n}: {what}" for f in files for n, what in violations(root, f)]
    found += [f"libcore/src/{name}: not a rung of the ladder in this script" for name in sorted(unknown)]
    print("\n".join(found) if found else f"{len(files)} files keep the rules")
    sys.exit(1 if found or not files else 0)


main()
