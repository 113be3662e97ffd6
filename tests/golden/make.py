#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Makes the set of golden segments of the present version of the format: see README.md.

  tests/golden/make.py [--anew] GOLDEN_MAKER SHM_INSPECT

What is there is never overwritten, but for --anew, which makes a set again that no release has had yet. Everything
that this writes has to be looked at before it is committed: from then on it is what readers must read.
"""
import gzip
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True
import canonical  # pylint: disable=wrong-import-position
import golden_set  # pylint: disable=wrong-import-position


def read_by_page(name, env):
    """docs/reader.py decides what is expected: it was written from the document alone."""
    ran = subprocess.run([sys.executable, golden_set.READER, name, "--json", "--all"], env=env,
                         capture_output=True, text=True, check=False)
    return canonical.of_page(json.loads(ran.stdout)) if ran.returncode == 0 else canonical.of_refusal(ran.stderr)


def write_new(path, data):
    if path.exists() and path.read_bytes() != data:
        sys.exit(f"{path} is there already, and is another: it stays. A new version gets a new folder")
    path.write_bytes(data)


def main():
    *anew, maker, inspect = sys.argv[1:] if len(sys.argv) > 2 else sys.exit(__doc__)
    folder = golden_set.FOLDER / golden_set.CURRENT
    if anew == ["--anew"]:
        if golden_set.CURRENT in golden_set.RELEASED:
            sys.exit(f"{folder} was released: it stays. A new version gets a new folder")
        shutil.rmtree(folder, ignore_errors=True)
    elif anew:
        sys.exit(__doc__)
    folder.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir="/dev/shm") as place, tempfile.TemporaryDirectory() as output:
        env = {**os.environ, "SHM_VIDEO_DIR": place}
        segments = golden_set.made(maker, place, output)
        for name, data in sorted(segments.items()):
            path = pathlib.Path(golden_set.put(place, name, data))
            page = read_by_page(name, env)
            ran = subprocess.run([inspect, "--json", name], env=env, capture_output=True, text=True, check=False)
            seen = golden_set.without_place(ran.stdout or ran.stderr, place)
            path.unlink()
            if not (folder / f"{name}.gz").exists() or golden_set.content(golden_set.CURRENT, name) != data:
                write_new(folder / f"{name}.gz", gzip.compress(data, mtime=0))
            write_new(folder / f"{name}.frames.json", page.encode())
            write_new(folder / f"{name}.inspect.json", seen.encode())
        sums = "".join(f"{golden_set.digest_of(data)}  {name}\n" for name, data in sorted(segments.items()))
        write_new(folder / "SHA256SUMS", sums.encode())


if __name__ == "__main__":
    main()
