# SPDX-License-Identifier: Apache-2.0
"""configuration.py ROOT TOOL...: every tool takes the example, and what each key's default is in JSON."""
import json
import os
import pathlib
import re
import sys
import tempfile

from models import check, finish, model_of, run, visible

root, tools = pathlib.Path(sys.argv[1]), sys.argv[2:]
models = {tool: model_of(tool) for tool in tools}
keys = {option["config_key"] for model in models.values() for option in visible(model)} - {""}
ignored = {row["term"] for model in models.values() for row in model["keys_without_effect"]}
reference = (root / "docs/configuration.md").read_text(encoding="utf-8")
manual = (root / "man/shm-video-config.5").read_text(encoding="utf-8").replace("\\-", "-")
table = (root / "libcore/src/toolkit/config/known_keys.inc").read_text(encoding="utf-8")
for key in keys:
    check(f'{{"{key}", ' in table, f"the table of known keys lacks {key}")
for key in keys | ignored:
    check(f"`{key}`" in reference, f"docs/configuration.md lacks {key}")
    check(f"\\fB{key}\\fR" in manual, f"shm-video-config(5) lacks {key}")
block = re.search(r"```json\n(.*?)```", reference, re.DOTALL).group(1)
check(block.strip() == (root / "docs/example-config.json").read_text(encoding="utf-8").strip(), "another example")

with tempfile.TemporaryDirectory() as folder:
    file = os.path.join(folder, "config.json")

    def check_file(tool, text, what):
        pathlib.Path(file).write_text(text, encoding="utf-8")
        shown = run(tool, "--config", file, "--print-config")
        check(shown.returncode == 0, f"{tool} refuses {what}: {shown.stderr}")
        return shown.stdout

    for name, one in models.items():
        check_file(name, block, "the example")
        check_file(name, check_file(name, "", "an empty file"), "what it printed itself")
        defaults = {option["config_key"]: option["config_default"] for option in visible(one) if option["config_key"]}
        in_force = check_file(name, json.dumps(defaults), "all of its defaults")
        # All of them came from the file, and none means anything else than without it.
        for option in visible(one):
            value = option["config_default"]
            if option["config_key"] and value is not None:
                line = f'"{option["config_key"].rpartition(".")[2]}": {json.dumps(value)}'
                check(line in in_force.replace(",", ", ").replace(",  ", ", "), f"{name}: no {line} in\n{in_force}")
finish()
