# SPDX-License-Identifier: Apache-2.0
"""The committed segments and what must be read in them: see README.md."""
import gzip
import hashlib
import os
import pathlib
import re
import subprocess

FOLDER = pathlib.Path(__file__).resolve().parent
CURRENT = "1.1"  # the set that maker/ makes
RELEASED = ()  # versions whose sets stay as they are for ever
MODE = 0o640
READER = str(FOLDER.parents[1] / "docs/reader.py")


def versions():
    """The versions of the format that there is a set of."""
    return sorted(path.name for path in FOLDER.iterdir() if re.fullmatch(r"\d+\.\d+", path.name))


def names(version):
    return sorted(path.name.removesuffix(".gz") for path in (FOLDER / version).glob("*.gz"))


def content(version, name):
    return gzip.decompress((FOLDER / version / f"{name}.gz").read_bytes())


def expected(version, name, kind):
    """`kind`: frames (of all readers) or inspect (shm-inspect --json)."""
    return (FOLDER / version / f"{name}.{kind}.json").read_text(encoding="utf-8")


def digests(version):
    """Name -> SHA-256 of its bytes, as SHA256SUMS has them."""
    lines = (FOLDER / version / "SHA256SUMS").read_text(encoding="utf-8").splitlines()
    return {name: digest for digest, name in (line.split("  ", 1) for line in lines)}


def digest_of(data):
    return hashlib.sha256(data).hexdigest()


def put(directory, name, data):
    """As a segment that others may find; every page of it written, as readers want it on tmpfs."""
    path = os.path.join(directory, name)
    with open(path, "wb") as file:
        os.fchmod(file.fileno(), MODE)
        file.write(data)
    return path


def without_place(text, directory):
    """What differs from machine to machine replaced: the folder, and who owns the file. Nothing else."""
    text = text.replace(f"{directory}/", "PLACE/")
    return re.sub(r'("owner": \{\s*"uid": )\d+(,\s*"gid": )\d+', r"\g<1>0\g<2>0", text)


def made(maker, directory, output):
    """Name -> bytes, as the maker makes them now."""
    subprocess.run([maker, output], env={**os.environ, "SHM_VIDEO_DIR": str(directory)}, check=True)
    return {path.name: path.read_bytes() for path in pathlib.Path(output).iterdir()}
