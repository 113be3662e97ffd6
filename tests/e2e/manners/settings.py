# SPDX-License-Identifier: Apache-2.0
"""What the tests of configurations share: writing files, and running tools with them."""
import json
import os
import re

from e2e import check

TOOLS = ("shm-capture", "shm-inspect", "shm-mjpeg", "shm-record", "shm-bench")


def write(place, content, name="settings.json"):
    """A file in the scratch folder, of an object or of text as it stands; gives its path."""
    path = os.path.join(place.scratch, name)
    text = content if isinstance(content, str) else json.dumps(content, indent=2)
    # As careful people change a file that others may be reading.
    with open(path + ".new", "w", encoding="utf-8") as file:
        file.write(text)
    os.replace(path + ".new", path)
    return path


def without_comments(text):
    """JSON as other programs read it. Knows // and /* */ outside of strings."""
    return re.sub(r'("(?:\\.|[^"\\])*")|//[^\n]*|/\*.*?\*/', lambda m: m.group(1) or "", text, flags=re.DOTALL)


def printed(place, tool, *arguments, env=None):
    """What --print-config says, as {"vision.camera.fps": value}."""
    shown = place.run(tool, "--print-config", *arguments, env=env).expect(0)
    return flat(json.loads(without_comments(shown.out)))


def flat(value, key=""):
    if not isinstance(value, dict):
        return {key: value}
    return {k: v for name, inner in value.items() for k, v in flat(inner, f"{key}.{name}".lstrip(".")).items()}


def check_refused(place, tool, path, *words, line=None, env=None, arguments=()):
    """The file is refused with status 2 and one line that names the place and says `words`."""
    refused = place.run(tool, *(["--config", path] if path else []), *arguments, env=env)
    refused.expect(2)
    check(refused.err.count("\n") == 1 and refused.err.startswith(f"{tool}: "), lambda: f"one line: {refused}")
    if line:
        check(f"{path}:{line}: " in refused.err, lambda: f"line {line} is named: {refused}")
    for word in words:
        check(word in refused.err, lambda: f"{word!r} is said: {refused}")
