# SPDX-License-Identifier: Apache-2.0
"""What `man shm-video` says to type for a first chain does what it says, typed as it stands there."""
import os
import re

from e2e import *

PAGE = os.path.join(os.path.dirname(__file__), "../../../man/shm-video.7")
# A port that is free, and pictures that a busy machine has time for.
CONFIGURATION = '{"shm-mjpeg": {"port": 0}, "vision": {"camera": {"resolution": [320, 240]}}}'


def commands():
    """The lines of the section's examples."""
    with open(PAGE, encoding="utf-8") as file:
        section = file.read().partition("\n.SH A FIRST CHAIN\n")[2].partition("\n.SH ")[0]
    blocks = re.findall(r"^\.nf\n(.*?)^\.fi", section, re.MULTILINE | re.DOTALL)
    return [line.replace("\\-", "-") for block in blocks for line in block.splitlines()]


def as_typed(lines):
    """A script of them. Where a person looks before going on, it waits until there is something to see."""
    script = [f"PATH={os.path.dirname(tool('shm-inspect'))}:$PATH", "set -m",
              "trap 'kill $(jobs -p) 2>/dev/null' EXIT", "trap 'exit 1' TERM"]  # should the test give up
    for line in lines:
        if line.startswith("kill "):
            script.append("until [[ -e seen ]]; do sleep 0.1; done")
        script.append(f"timeout --foreground -s INT 2 {line}" if "--watch" in line else line)
        if line.startswith("shm-capture") and line.endswith("&"):
            script += ["for turn in {1..300}; do", "  shm-inspect --names | grep -qx demo && break", "  sleep 0.1",
                       "done 2>/dev/null"]
    return "\n".join(script + ["wait", "echo left: $(shm-inspect --names)"])


@test
def the_first_chain_of_the_manual_runs(place):
    lines = commands()
    check(len(lines) >= 7, lambda: f"the section has {lines}")
    configuration = os.path.join(place.scratch, "config.json")
    with open(configuration, "w", encoding="utf-8") as file:
        file.write(CONFIGURATION)
    chain = place.start("/bin/bash", "-c", as_typed(lines), env={"SHM_VIDEO_CONFIG": configuration})
    port = int(chain.wait_for_output(r"listening on http://127\.0\.0\.1:(\d+)/", 60).group(1))
    status, _, picture = http_get(port, "/snapshot", timeout=60)
    check_equal(status, 200, "a request for a picture")
    check_equal(jpeg_size(picture), (320, 240), "what it gives")
    for file in ("clip.mp4", "now.png"):
        wait_until(lambda file=file: os.path.exists(os.path.join(place.scratch, file)), 60, file)
    with open(os.path.join(place.scratch, "seen"), "w", encoding="utf-8"):
        pass  # a person would have, too
    end = chain.wait(60).expect(0)
    check("demo  live" in end.out, f"the list has the segment: {end.out}")
    check(end.out.endswith("left:\n"), f"nothing is left: {end.out}")


main()
