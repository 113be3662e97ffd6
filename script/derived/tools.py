# SPDX-License-Identifier: Apache-2.0
"""The built tools and their models, and templates with holes."""
import functools
import json
import os
import re
import subprocess


class Tool:
    """One built program."""

    def __init__(self, path):
        self.name = path.name
        self._path = path

    def generate(self, kind):
        # No configuration of whoever runs this may show.
        environment = {**os.environ, "SHM_VIDEO_CONFIG": os.devnull}
        made = subprocess.run([self._path, "--generate", kind], env=environment, stdout=subprocess.PIPE,
                              encoding="utf-8", check=True)
        return made.stdout

    @functools.cached_property
    def model(self):
        return json.loads(self.generate("json"))

    @property
    def options(self):
        """Those that people are told of."""
        return [option for option in self.model["options"] if not option["hidden"]]

    def date(self):
        """Of the manuals: that of the newest change in what they say, not of today."""
        return re.search(r"^\.TH \S+ 1 (\S+)", self.generate("man"), re.MULTILINE).group(1)


def in_folder(folder):
    programs = [path.resolve() for path in sorted(folder.glob("shm-*")) if os.access(path, os.X_OK)]
    return [Tool(path) for path in programs if path.is_file()]


def fill(template, holes):
    """Each @NAME@ becomes holes["NAME"]; one without a text, or a text without a hole, is a mistake."""
    wanted = set(re.findall(r"@([A-Z_]+)@", template))
    if wanted != set(holes):
        raise SystemExit(f"the template has the holes {sorted(wanted)}, and there are texts for {sorted(holes)}")
    return re.sub(r"@([A-Z_]+)@", lambda hole: holes[hole.group(1)].rstrip("\n"), template)


def roff(plain):
    """Text that roff shows as it is; hyphens so that they can be copied into a shell."""
    for plainly, escaped in (("\\", "\\e"), ("-", "\\-"), ("~", "\\(ti"), ("^", "\\(ha")):
        plain = plain.replace(plainly, escaped)
    return "\\&" + plain if plain.startswith((".", "'")) else plain


def roff_lines(plain, columns=70):
    """Sentences on lines of their own, and no line that mandoc thinks long."""
    lines = []
    for sentence in re.split(r"(?<=\.) ", plain):
        line = ""
        for word in sentence.split():
            if line and len(line) + 1 + len(word) > columns:
                lines.append(line)
                line = ""
            line += (" " if line else "") + word
        lines.append(line)
    return "\n".join(roff(line) for line in lines if line)
