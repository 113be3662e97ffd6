# SPDX-License-Identifier: Apache-2.0
"""Compiles each installed header by itself, and layout.h as C too: a header brings what it needs.

    check_headers.py INCLUDE_FOLDER CXX_COMPILER C_COMPILER
"""
import concurrent.futures
import pathlib
import subprocess
import sys

STRICT = ["-fsyntax-only", "-Wall", "-Wextra", "-Wpedantic", "-Wconversion", "-Werror"]


def compile_alone(compiler, flags, header, folder):
    """Twice in one unit, so that the include guard is met as well. Gives what the compiler said."""
    line = f"#include <{header.relative_to(folder)}>\n"
    done = subprocess.run([compiler, *flags, *STRICT, "-I", folder, "-"], input=line * 2, text=True,
                          capture_output=True, check=False)
    return f"{header.name} ({' '.join(flags)}):\n{done.stderr}" if done.returncode else None


def main():
    folder, cxx, c = pathlib.Path(sys.argv[1]), sys.argv[2], sys.argv[3]
    headers = sorted(folder.rglob("*.h*"))
    jobs = [(cxx, ["-std=c++20", "-x", "c++"], h, folder) for h in headers]
    jobs += [(c, ["-std=c11", "-x", "c"], h, folder) for h in headers if h.suffix == ".h"]
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        failures = [f for f in pool.map(lambda job: compile_alone(*job), jobs) if f]
    print("\n".join(failures) if failures else f"{len(headers)} headers stand alone")
    sys.exit(1 if failures or not headers else 0)


main()
