# SPDX-License-Identifier: Apache-2.0
"""What the built tools say of themselves, and a list of what is wrong with it."""
import json
import os
import subprocess
import sys

failures = []


def check(condition, message):
    if not condition:
        failures.append(message)


def finish():
    print("\n".join(failures))
    sys.exit(1 if failures else 0)


def run(tool, *arguments):
    """The tool, with nobody's configuration."""
    environment = {name: value for name, value in os.environ.items()
                   if not name.startswith("SHM_VIDEO_") and name not in ("LOG_LEVEL", "LOG_FORMAT", "VIDEO_FILE")}
    environment["SHM_VIDEO_CONFIG"] = os.devnull
    return subprocess.run([os.path.join(os.environ["SHMVIDEO_BIN"], tool), *arguments], env=environment,
                          stdin=subprocess.DEVNULL, capture_output=True, encoding="utf-8", timeout=30, check=False)


def model_of(tool):
    made = run(tool, "--generate", "json")
    if made.returncode:
        sys.exit(f"{tool} --generate json: status {made.returncode}\n{made.stderr}")
    return json.loads(made.stdout)


def visible(model):
    return [option for option in model["options"] if not option["hidden"]]


def spoken(model, option):
    return f"{model['name']}: " + (f"--{option['long']}" if option["long"] else option["positional"])
