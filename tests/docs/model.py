# SPDX-License-Identifier: Apache-2.0
"""model.py TOOL...: the options of all tools keep to the same rules and agree with each other."""
import json
import os
import re
import subprocess
import sys

failures = []


def check(condition, message):
    if not condition:
        failures.append(message)


def model_of(tool):
    made = subprocess.run([os.path.join(os.environ["SHMVIDEO_BIN"], tool), "--generate", "json"],
                          check=True, capture_output=True, encoding="utf-8")
    return json.loads(made.stdout)


def check_one(model):
    tool = model["name"]
    options = model["options"]
    for key in ("long", "letter", "positional", "environment", "config_key"):
        values = [option[key] for option in options if option[key]]
        for value in set(values):
            check(values.count(value) == 1, f"{tool}: {key} '{value}' is there {values.count(value)} times")
    check(model["examples"] >= 3, f"{tool}: fewer than three examples")
    check(not model["about"].endswith("."), f"{tool}: the line about it ends with a dot")
    for option in options:
        name = f"{tool}: --{option['long']}" if option["long"] else f"{tool}: {option['positional']}"
        help_text = option["help"]
        check(re.fullmatch(r"[a-z][a-z0-9-]*|", option["long"]), f"{name}: not a name like the others")
        check(re.fullmatch(r"[A-Za-z]?", option["letter"]), f"{name}: '-{option['letter']}' is no letter")
        check((option["metavar"] == "") == (option["type"] == "flag"), f"{name}: a value has a metavar, a flag none")
        check(help_text[:1].isupper() and not help_text.endswith("."), f"{name}: '{help_text}' is no bare sentence")
        check(". " not in help_text, f"{name}: more than one sentence")
        check("default" not in help_text.lower(), f"{name}: the default is told in words")


# Declared once for all tools, so that not even their words may differ.
SHARED = {"json", "count", "duration", "log-level", "log-format", "quiet", "verbose", "help", "version", "generate"}


def shared_help(option):
    """What --count counts is each tool's own: frames, updates."""
    return option["help"].rpartition(" ")[0] if option["long"] == "count" else option["help"]


def check_agreement(models):
    """The same long name looks the same everywhere. A NAME that is read and one that is written differ."""
    first = {}
    for model in models:
        for option in model["options"]:
            role = (option["long"], bool(option["positional"]))
            known_tool, known = first.setdefault(role, (model["name"], option))
            is_shared = option["long"] in SHARED or option["long"] == "name"
            for key in ("letter", "metavar", "environment") + (("type", "words") if is_shared else ()):
                check(option[key] == known[key] or not option["long"],
                      f"--{option['long']}: {key} is '{known[key]}' in {known_tool}, "
                      f"'{option[key]}' in {model['name']}")
            check(shared_help(option) == shared_help(known) or not is_shared or not option["long"],
                  f"--{option['long']}: help is '{known['help']}' in {known_tool}, "
                  f"'{option['help']}' in {model['name']}")


all_models = [model_of(tool) for tool in sys.argv[1:]]
for one in all_models:
    check_one(one)
check_agreement(all_models)
print("\n".join(failures))
sys.exit(1 if failures else 0)
