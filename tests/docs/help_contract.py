# SPDX-License-Identifier: Apache-2.0
"""help_contract.py TOOL: what everybody may rely on in --help, --version and wrong use."""
import os
import re
import subprocess
import sys

tool = sys.argv[1]
failures = []


def run(*arguments, **environment):
    env = {k: v for k, v in os.environ.items() if not k.startswith("SHM_VIDEO_") and k != "LOG_LEVEL"}
    return subprocess.run([os.path.join(os.environ["SHMVIDEO_BIN"], tool), *arguments], env={**env, **environment},
                          stdin=subprocess.DEVNULL, capture_output=True, encoding="utf-8", timeout=30, check=False)


def check(condition, what, result):
    if not condition:
        failures.append(f"{what}\n  status {result.returncode}\n  stdout {result.stdout!r}\n  stderr {result.stderr!r}")


for arguments in (["--help"], ["-h"], ["--help", "--no-such-option"]):
    shown = run(*arguments)
    check(shown.returncode == 0 and not shown.stderr, f"{arguments} is on stdout, with status 0", shown)
    check(shown.stdout.startswith(f"Usage: {tool} "), "help begins with the usage", shown)
    check(all(len(line) <= 80 for line in shown.stdout.splitlines()), "help keeps to 80 columns", shown)
    examples = shown.stdout.partition("\nExamples:\n")[2]
    check(len(re.findall(r"^  \S", examples, re.MULTILINE)) >= 3, "help ends with three examples", shown)
shown = run("--help", LOG_LEVEL="nonsense")
check(shown.returncode == 0, "help works in a wrong environment", shown)

version = run("--version")
check(version.returncode == 0 and not version.stderr, "the version is on stdout, with status 0", version)
check(re.match(rf"{tool} \d+\.\d+\.\d+\nsegment format \d+\.\d+\n", version.stdout), "tool x.y.z comes first", version)

for arguments, sentence in ((["--no-such-option"], "unknown option '--no-such-option'; see --help"),
                            (["--versoin"], "unknown option '--versoin'; did you mean --version?"),
                            (["--log-level"], "--log-level needs a value"),
                            (["--log-level", "loud"], "--log-level: 'loud' is not one of its values; "
                                                      "use error, warn, info or debug")):
    refused = run(*arguments)
    check(refused.returncode == 2 and not refused.stdout, f"{arguments} is wrong use: status 2, stderr only", refused)
    check(refused.stderr == f"{tool}: {sentence}\n", f"{arguments} is refused with: {sentence}", refused)
refused = run(LOG_LEVEL="loud")
check(refused.returncode == 2 and refused.stderr.startswith(f"{tool}: environment variable LOG_LEVEL: 'loud' "),
      "a wrong value in the environment is wrong use, and the variable is named", refused)

print("\n".join(failures))
sys.exit(1 if failures else 0)
