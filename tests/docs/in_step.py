# SPDX-License-Identifier: Apache-2.0
"""in_step.py TOOL KIND FILE: the committed file is what the tool's options give today."""
import difflib
import os
import subprocess
import sys

tool, kind, path = sys.argv[1:]
made = subprocess.run([os.path.join(os.environ["SHMVIDEO_BIN"], tool), "--generate", kind],
                      check=True, capture_output=True, encoding="utf-8").stdout
committed = open(path, encoding="utf-8").read() if os.path.exists(path) else ""
if made == committed:
    sys.exit(0)
sys.stdout.writelines(difflib.unified_diff(committed.splitlines(True), made.splitlines(True), path, "generated"))
print(f"\n{path} is not in step with the options: run script/generate {os.environ['SHMVIDEO_BIN']}")
sys.exit(1)
