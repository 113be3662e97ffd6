# SPDX-License-Identifier: Apache-2.0
"""The package against the C header, its own type hints and its own promises about names."""
import ctypes
import inspect
import pathlib
import re

from counterpart import *
from e2e import *
from shmvideo import _errors, _native, _structs

SOURCE = pathlib.Path(os.environ["SHMVIDEO_SOURCE"])
HEADERS = SOURCE / "libcore/include"
PACKAGE = SOURCE / "python/shmvideo"


def structs():
    return {found[1]: kind for kind in vars(_structs).values() if inspect.isclass(kind)
            and issubclass(kind, ctypes.Structure) and (found := re.match(r"(shmv_\w+)", kind.__doc__ or ""))}


def header_text():
    return "\n".join(path.read_text() for path in sorted((HEADERS / "shmvideo").glob("shmv*.h")))


@test
def structures_lie_as_the_c_compiler_lays_them(place):
    compiler = shutil.which(os.environ.get("CC", "cc"))
    if not compiler:
        skip("there is no C compiler")
    check(len(structs()) == 7, f"only {sorted(structs())}")
    lines = []
    for name, kind in structs().items():
        lines.append(f'printf("{name} %zu\\n", sizeof({name}));')
        for field, *_ in kind._fields_:
            place_of = f"offsetof({name}, {field}), sizeof((({name}*)0)->{field})"
            lines.append(f'printf("{name}.{field} %zu %zu\\n", {place_of});')
    source = pathlib.Path(place.scratch) / "layout.c"
    body = "\n  ".join(lines)
    source.write_text(f'#include <stdio.h>\n#include "shmvideo/shmv.h"\nint main(void) {{\n  {body}\n  return 0;\n}}\n')
    program = source.with_suffix("")
    place.run(compiler, "-std=c11", f"-I{HEADERS}", source, "-o", program, timeout=60).expect()
    seen = dict(line.split(" ", 1) for line in place.run(str(program)).expect().out.splitlines())
    for name, kind in structs().items():
        # A newer header's may be longer: members are added at the end, and each structure tells its own size.
        check(ctypes.sizeof(kind) <= int(seen.pop(name)), f"{name} is too long")
        for field, *_ in kind._fields_:
            member = getattr(kind, field)
            check_equal(f"{member.offset} {member.size}", seen.pop(f"{name}.{field}"), f"{name}.{field}")
    check(not seen, seen)


@test
def every_function_and_member_is_the_headers(place):
    text = header_text()
    declared = set(re.findall(r"\bshmv_(\w+)\(", re.sub(r"/\*.*?\*/", "", text, flags=re.S)))
    bound = set(_native._FUNCTIONS)
    check_equal(bound - declared, set(), "functions that the header does not have")
    for name, kind in structs().items():
        [body] = re.findall(rf"typedef struct {name} {{(.*?)}} {name};", text, re.S)
        fields = re.findall(r"(\w+)(?:\[\w+\])?;", re.sub(r"/\*.*?\*/", "", body, flags=re.S))
        check_equal([field for field, *_ in kind._fields_], fields[:len(kind._fields_)], name)


@test
def numbers_are_those_of_the_header(place):
    text = header_text() + (HEADERS / "shmvideo/layout.h").read_text()
    for name, value in {"PLANES_MAX": 4, "DROP_CAUSES": 8, "HOLDS_MAX": 4, "SET_MAX": 32,
                        "EXTRADATA_CAPACITY_BYTES": 2000}.items():
        check_equal(int(re.search(rf"#define SHMV_{name} (\d+)", text)[1]), value, name)
        check_equal(getattr(_structs, name), value, name)
    codes = {int(value.strip("()")): word.lower() for word, value in
             re.findall(r"#define SHMV_(?:ERROR_)?(\w+) (\(-\d+\)|[0-6])(?: |\n)", header_text())}
    for code in _errors._BY_CODE:
        word = _native.text(_native.lib.result_name(code))
        if code in codes and code < 0:
            check_equal(word, codes[code], f"the word of {code}")
    for known in shmvideo.FrameFormat:
        check_equal(_native.text(_native.lib.format_name(known)), known.name, "the name of a format")
    check_equal(shmvideo.FrameFormat(0x34343434).name, "4444", "a format that nobody knows")


@test
def names_do_not_leak(place):
    shown = {name for name in dir(shmvideo) if not name.startswith("_")} | {"__version__"}
    check_equal(shown, set(shmvideo.__all__), "names of the package")
    for name in shmvideo.__all__:
        if name == "__version__":
            continue
        thing = getattr(shmvideo, name)
        check(thing.__doc__, f"{name} has no docstring")
        for member, value in vars(thing).items() if inspect.isclass(thing) else ():
            if member.startswith("_") or not (callable(value) or isinstance(value, property)):
                continue
            check(value.__doc__, f"{name}.{member} has no docstring")


@test
def versions_agree(place):
    [version] = re.findall(r"project\(shm-video VERSION (\S+)", (SOURCE / "CMakeLists.txt").read_text())
    check_equal(shmvideo.__version__, version, "the package's")
    check_equal(_native.text(_native.lib.version()), version, "the library's")


@test
def a_library_that_is_not_there_is_one_clear_import_error(place):
    for library in ("/nowhere/libshmvideo.so.0", "libc.so.6"):
        result = place.run(sys.executable, "-c", "import shmvideo", env={"SHMVIDEO_LIBRARY": library}).expect(1)
        last = result.err.strip().splitlines()[-1]
        check(last.startswith("ImportError: shmvideo needs") and library in last and "libshmvideo0" in last, last)
        check_equal(result.err.count("Traceback"), 1, "tracebacks")


@test
def type_hints_hold(place):
    require("mypy")
    (pathlib.Path(place.scratch) / "use.py").write_text(
        "import shmvideo\n"
        "with shmvideo.Reader('x', timeout=1.0) as reader:\n"
        "    for frame in reader:\n"
        "        frame.array.shape.sort()\n"
        "        reader.nxt()\n")
    result = place.run(shutil.which("mypy"), "--strict", f"--cache-dir={place.scratch}/cache", PACKAGE, "use.py",
                       timeout=500, env={"MYPYPATH": str(PACKAGE.parent)})
    errors = [line for line in result.out.splitlines() if ": error: " in line]
    check(len(errors) == 2 and all(line.startswith("use.py:") for line in errors), lambda: str(result))
    check('"Reader" has no attribute "nxt"' in result.out and '"sort"' in result.out, lambda: str(result))


@test
def pip_installs_it(place):
    if place.run(sys.executable, "-c", "import setuptools, wheel, pip").status:
        skip("pip, setuptools or wheel is not installed")
    copied = pathlib.Path(place.scratch) / "copied"  # building leaves folders beside the source
    shutil.copytree(PACKAGE.parent, copied)
    target = pathlib.Path(place.scratch) / "target"
    place.run(sys.executable, "-m", "pip", "install", "--quiet", "--no-build-isolation", "--no-deps", "--no-index",
              "--no-compile", "--target", target, copied, timeout=240).expect()
    there = {path.name for path in (target / "shmvideo").iterdir()}
    check_equal(there, {path.name for path in PACKAGE.iterdir() if path.suffix in (".py", ".typed")}, "installed")
    where = "import shmvideo; print(shmvideo.__file__)"
    result = place.run(sys.executable, "-c", where, env={"PYTHONPATH": str(target)})
    check_equal(result.expect().out.strip(), str(target / "shmvideo/__init__.py"), "what is imported")


main()
