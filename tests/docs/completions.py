# SPDX-License-Identifier: Apache-2.0
"""completions.py FOLDER TOOL...: shells take the completion files, and bash and fish complete with them."""
import os
import shutil
import subprocess
import sys

folder, tools = sys.argv[1], sys.argv[2:]
failures = []
env = {**os.environ, "PATH": os.environ["SHMVIDEO_BIN"] + ":" + os.environ["PATH"]}


def run(*command):
    return subprocess.run(command, env=env, capture_output=True, encoding="utf-8", timeout=30, check=False)


def accept(*command):
    if not shutil.which(command[0]):
        print(f"{command[0]} is not installed")
        return
    result = run(*command)
    if result.returncode or result.stdout or result.stderr:
        failures.append(f"{' '.join(command)}\n{result.stdout}{result.stderr}")


def bash_offers(tool, *words):
    script = (f"source {folder}/bash/{tool}; COMP_WORDS=(\"$@\"); COMP_CWORD=$(($# - 1)); "
              f"_{tool.replace('-', '_')}; printf '%s\\n' \"${{COMPREPLY[@]}}\"")
    return run("bash", "-c", script, "bash", tool, *words).stdout.split()


def fish_offers(tool, *words):
    script = f"source {folder}/fish/{tool}.fish; complete -C '{' '.join([tool, *words])}'"
    return [line.split("\t")[0] for line in run("fish", "--no-config", "-c", script).stdout.splitlines()]


def expect(offers, tool, words, wanted):
    got = offers(tool, *words)
    if sorted(got) != sorted(wanted):
        failures.append(f"{offers.__name__} {tool} {words}: expected {wanted}, got {got}")


for name in tools:
    accept("bash", "-n", f"{folder}/bash/{name}")
    accept("shellcheck", "--shell=bash", f"{folder}/bash/{name}")
    accept("zsh", "-n", f"{folder}/zsh/_{name}")
    accept("fish", "-n", f"{folder}/fish/{name}.fish")
    for shell, offer in (("bash", bash_offers), ("fish", fish_offers)):
        if not shutil.which(shell):
            continue
        expect(offer, name, ["--versio"], ["--version"])
        expect(offer, name, ["--log-level", "de"], ["debug"])
    expect(bash_offers, name, ["--log-level", "=", "de"], ["debug"])

print("\n".join(failures))
sys.exit(1 if failures else 0)
