# SPDX-License-Identifier: Apache-2.0
"""prose.py ROOT TOOL...: every option that a text speaks of is there."""
import pathlib
import re
import sys

from models import check, finish, model_of

OPTION = re.compile(r"(?<![\w-])--([a-z][a-z-]*[a-z])")
PAGES = ("README.md", "docs/configuration.md.in", "docs/services.md",
         "man/shm-video.7.in", "man/shm-video-config.5.in",
         "man/shm-video-auth.5.in")


def texts_of(model):
    """All sentences and commands of a tool."""
    yield model["about"]
    yield model["description"]
    for option in model["options"]:
        yield from (option["help"], option["details"], option["if_unset"])
    for field in ("environment", "files", "exit_status", "signals", "keys_without_effect"):
        yield from (row["text"] for row in model[field])
    for section in model["sections"]:
        yield section["text"]
        yield from (row["text"] for row in section["notes"])
    for example in model["examples"]:
        yield example["what"]
        yield from example["command"].split("|")


def check_sentence(where, sentence, names, own):
    """Each option belongs to a tool that the sentence names, else to the one that speaks."""
    speakers = [tool for tool in re.findall(r"shm-[a-z]+", sentence) if tool in names] or [own]
    for option in OPTION.findall(sentence):
        check(any(option in names[tool] for tool in speakers if tool),
              f"{where}: there is no --{option} in {' or '.join(str(tool) for tool in speakers)}: {sentence.strip()}")


def check_commands(path, names):
    """Command lines of tools in a page: shm-x and all that belongs to it on its line."""
    for line in path.read_text(encoding="utf-8").replace("\\-", "-").splitlines():
        for command in re.split(r"[|;`]| && | #|\((?=shm-)", line):
            found = re.search(r"(?:^|[ /])(shm-[a-z]+) ", command)
            if found and found.group(1) in names:
                for option in OPTION.findall(command[found.end():]):
                    check(option in names[found.group(1)], f"{path.name}: no --{option} in {command.strip()}")


models = [model_of(tool) for tool in sys.argv[2:]]
options = {model["name"]: {option["long"] for option in model["options"]} for model in models}
for one in models:
    for text in texts_of(one):
        for each in re.split(r"(?<=[.;:]) ", text.replace("\n", " ")):
            check_sentence(one["name"], each, options, one["name"])
for page in PAGES:
    check_commands(pathlib.Path(sys.argv[1]) / page, options)
finish()
