# SPDX-License-Identifier: Apache-2.0
"""roff.py FILE: mandoc finds nothing to complain of in a man page, and all sections are there."""
import re
import shutil
import subprocess
import sys

SECTIONS = {
    "1": ["NAME", "SYNOPSIS", "DESCRIPTION", "OPTIONS", "ENVIRONMENT", "FILES", "EXIT STATUS", "SIGNALS", "EXAMPLES",
          "SEE ALSO"],
    "5": ["NAME", "SYNOPSIS", "DESCRIPTION", "KEYS", "EXAMPLES", "SEE ALSO"],
    "shm-video-auth.5": ["NAME", "SYNOPSIS", "DESCRIPTION", "EXAMPLES", "SEE ALSO"],
    "7": ["NAME", "DESCRIPTION", "A FIRST CHAIN", "SEGMENTS", "ENVIRONMENT", "FILES", "EXIT STATUS", "SIGNALS",
          "SEE ALSO"],
}
path = sys.argv[1]
wanted = SECTIONS.get(path.rsplit("/", 1)[-1]) or SECTIONS[path[-1]]
found = re.findall(r"^\.SH (.*)$", open(path, encoding="utf-8").read(), re.MULTILINE)
missing = [section for section in wanted if section not in found]
if missing or [section for section in found if section in wanted] != wanted:
    sys.exit(f"{path}: sections are {found}, missing {missing}")
if not shutil.which("mandoc"):
    print("mandoc is not installed")
    sys.exit(77)
# A reference to a page that is not installed here is not the page's fault.
lint = subprocess.run(["mandoc", "-T", "lint", path], capture_output=True, encoding="utf-8", check=False).stdout
complaints = [line for line in lint.splitlines() if "referenced manual not found" not in line]
print("\n".join(complaints))
sys.exit(1 if complaints else 0)
