# SPDX-License-Identifier: Apache-2.0
"""completions.py FOLDER TOOL...: shells take the completion files without a word. (What TAB makes of them is
tested in tests/e2e/completion.)"""
import shutil
import subprocess
import sys

folder, tools = sys.argv[1], sys.argv[2:]
failures = []


def accept(*command):
    if not shutil.which(command[0]):
        print(f"{command[0]} is not installed")
        return
    result = subprocess.run(command, capture_output=True, encoding="utf-8", timeout=30, check=False)
    if result.returncode or result.stdout or result.stderr:
        failures.append(f"{' '.join(command)}\n{result.stdout}{result.stderr}")


for name in tools:
    accept("bash", "-n", f"{folder}/bash/{name}")
    accept("bash", "--norc", "-uec", f"source {folder}/bash/{name}")
    accept("shellcheck", "--shell=bash", f"{folder}/bash/{name}")
    accept("zsh", "-n", f"{folder}/zsh/_{name}")
    accept("zsh", "-fec", f"fpath=({folder}/zsh); autoload -Uz +X _{name}")
    accept("fish", "-n", f"{folder}/fish/{name}.fish")
    accept("fish", "--no-config", "-c", f"source {folder}/fish/{name}.fish")

print("\n".join(failures))
sys.exit(1 if failures else 0)
