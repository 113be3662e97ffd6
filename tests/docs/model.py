# SPDX-License-Identifier: Apache-2.0
"""model.py TOOL...: what each tool declares keeps to the rules that make options of one kind."""
import re
import sys

from models import check, finish, model_of, spoken, visible

# What asks for something once, says where the configuration is, or stands for another option.
COMMON = {"config", "help", "print-config", "version"}
NOT_CONFIGURABLE = {
    # Unless it is told which, it takes a segment of its own; and what it measures is asked for each time.
    "shm-bench": {"http", "json", "name", "report"},
    "shm-capture": {"json", "list-controls", "list-devices", "no-reconnect", "reconnect"},
    "shm-inspect": {"all", "count", "duration", "json", "layout", "metrics", "names", "perf", "picture", "remove",
                    "save", "watch"},
    "shm-mjpeg": set(),
    "shm-record": set(),
}
# Values that are asked for, or of which none is the usual case and needs no words.
NO_DEFAULT = {"control", "output", "save"}
SHARED_SECTIONS = ("video.", "vision.camera.", "api.stream.")
WITHOUT_SECTION = {"frame_log_interval"}  # where configurations of this kind have it
KEY = re.compile(r"[a-z][a-z0-9_-]*(\.[a-z][a-z0-9_]*)+")


def check_tool(model):
    tool = model["name"]
    for field in ("long", "letter", "positional", "environment", "config_key"):
        values = [option[field] for option in model["options"] if option[field]]
        for value in set(values):
            check(values.count(value) == 1, f"{tool}: {field} '{value}' is there {values.count(value)} times")
    check(len(model["examples"]) >= 3, f"{tool}: fewer than three examples")
    check(not model["about"].endswith("."), f"{tool}: the line about it ends with a dot")
    without_key = {option["long"] for option in visible(model) if not option["config_key"]} - COMMON
    intended = NOT_CONFIGURABLE.get(tool, set())
    check(without_key == intended, f"{tool}: without a key are {sorted(without_key)}, intended {sorted(intended)}")


def check_words(name, option):
    for field in ("help", "details", "if_unset"):
        check("default" not in option[field].lower(), f"{name}: the default is told in words: {option[field]}")
    text = option["help"]
    check(text[:1].isupper() and not text.endswith("."), f"{name}: '{text}' is no bare sentence")
    check(". " not in text, f"{name}: more than one sentence")
    check(not option["details"] or option["details"].endswith("."), f"{name}: details are whole sentences")
    check(not option["if_unset"].endswith("."), f"{name}: '{option['if_unset']}' ends with a dot")


def check_option(tool, name, option):
    check(re.fullmatch(r"[a-z][a-z0-9-]*|", option["long"]), f"{name}: not a name like the others")
    check(re.fullmatch(r"[A-Za-z]?", option["letter"]), f"{name}: '-{option['letter']}' is no letter")
    check((option["metavar"] == "") == (option["type"] == "flag"), f"{name}: a value has a metavar, a flag none")
    check(option["type"] != "number" or option["range"], f"{name}: a number from where to where?")
    check(option["type"] != "choice" or option["words"], f"{name}: a choice without words")
    if option["metavar"] and option["long"] not in NO_DEFAULT:
        check(bool(option["default"]) != bool(option["if_unset"]),
              f"{name}: has '{option['default']}' as its default and says '{option['if_unset']}' of having none")
    key = option["config_key"]
    if key:
        check(KEY.fullmatch(key) or key in WITHOUT_SECTION, f"{name}: '{key}' is no key like the others")
        own = f"{tool}.{option['long'].replace('-', '_')}"
        check(key == own or key.startswith(SHARED_SECTIONS) or key in WITHOUT_SECTION,
              f"{name}: '{key}' is neither {own} nor of a shared section")


def check_keys(models):
    """A key of several tools sets one option, which has one name."""
    owners = {}
    for model in models:
        for option in visible(model):
            if option["config_key"]:
                owners.setdefault(option["config_key"], {}).setdefault(option["long"], []).append(model["name"])
    for key, names in owners.items():
        check(len(names) == 1, f"{key}: sets options of several names: {names}")


all_models = [model_of(tool) for tool in sys.argv[1:]]
for one in all_models:
    check_tool(one)
    for each in visible(one):
        check_words(spoken(one, each), each)
        check_option(one["name"], spoken(one, each), each)
check_keys(all_models)
finish()
