# SPDX-License-Identifier: Apache-2.0
"""What every source file has: a licence line on top, lines that fit a window, one subject's length.

    check_style.py SOURCE_TREE
"""
import pathlib
import re
import sys

COLUMNS = 120  # the house rule is 110; this is where it ends
LINES = 400
RAW_STRING = re.compile(r'R"(\w*)\(.*?\)\1"', re.S)  # texts, pages: their lines are as long as they are
FOLDERS = ("libcore", "tools", "tests", "bench", "script", "examples", "python", ".ci")


def is_source(file):
    if file.suffix in (".cpp", ".hpp", ".h", ".c", ".py", ".sh", ".js", ".mjs", ".css"):
        return True
    return not file.suffix and file.is_file() and file.open("rb").read(2) == b"#!"


def violations(file):
    text = file.read_text(encoding="utf-8")
    lines = RAW_STRING.sub(lambda m: '""' + "\n" * m.group().count("\n"), text).splitlines()
    if not any("SPDX-License-Identifier: Apache-2.0" in line for line in lines[:2]):
        yield 1, "no SPDX line on top"
    if len(lines) > LINES:
        yield LINES, f"{len(lines)} lines: more than one subject, or {LINES} do not suffice to say it"
    for number, line in enumerate(lines, 1):
        if len(line) > COLUMNS:
            yield number, f"{len(line)} columns, {COLUMNS} at most"
        if line != line.rstrip():
            yield number, "space at the end"


def main():
    root = pathlib.Path(sys.argv[1])
    files = [f for folder in FOLDERS if (root / folder).is_dir() for f in sorted((root / folder).rglob("*"))
             if is_source(f)]
    found = [f"{f.relative_to(root)}:{n}: {what}" for f in files for n, what in violations(f)]
    print("\n".join(found) if found else f"{len(files)} files are in order")
    sys.exit(1 if found or not files else 0)


main()
