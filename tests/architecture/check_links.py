# SPDX-License-Identifier: Apache-2.0
"""Looks at what the built files need at run time, and at what the library shows.

    check_links.py library FILE             needs the C and C++ runtimes only, exports our names only, each in its
                                            version
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
    functions = 0
    for line in output_of("nm", "-D", "--defined-only", "--with-symbol-versions", file).splitlines():
        kind, symbol = line.split()[-2:]
        if kind == "A":
            continue  # the versions themselves
        name, _, version = symbol.replace("@@", "@").partition("@")
        functions += name.startswith("shmv_")
        expected = r"SHMVIDEO_\d+\.\d+" if name.startswith("shmv_") else r"SHMVIDEO_CXX_\d+\.\d+"
        inside = re.match(r"_ZNK?8shmvideo\d+[A-Za-z]+4Impl", name)  # what a class of the interface is made of
        if inside or not name.startswith("shmv_") and not re.match(r"_Z(NK?|T[ISV]N)8shmvideo", name):
            yield f"{file} exports {name}"
        elif not re.fullmatch(expected, version):
            yield f"{file} exports {name} in the version '{version}': see libcore/shmvideo.map"
    if not functions:
        yield f"{file} exports nothing for C"


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
