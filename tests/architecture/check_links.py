# SPDX-License-Identifier: Apache-2.0
"""Looks at what the built files need at run time, and at what the library shows.

    check_links.py library FILE             needs the C and C++ runtimes only, exports our names only
    check_links.py without NAME FILE...     none of the files loads a library of that name
"""
import re
import subprocess
import sys

RUNTIME = re.compile(r"(libc|libm|libstdc\+\+|libgcc_s|libpthread|librt)\.so|ld-linux")


def output_of(*command):
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def library_violations(file):
    needed = re.findall(r"\(NEEDED\).*\[(.*)\]", output_of("readelf", "-dW", file))
    yield from (f"{file} needs {name}" for name in needed if not RUNTIME.match(name))
    for line in output_of("nm", "-D", "--defined-only", file).splitlines():
        kind, name = line.split()[-2:]
        # Weak ones (w, v) and unique ones (u) are the C++ library's templates, which every user has.
        if kind.lower() not in "wvu" and "shmvideo" not in name and not name.startswith("shmv_"):
            yield f"{file} exports {name}"


def main():
    mode, *rest = sys.argv[1:]
    if mode == "library":
        found = list(library_violations(*rest))
    else:
        name, *files = rest
        found = [f"{file} loads {line.split()[0]}" for file in files
                 for line in output_of("ldd", file).splitlines() if name in line]
    print("\n".join(found) if found else "nothing that should not be there")
    sys.exit(1 if found else 0)


main()
