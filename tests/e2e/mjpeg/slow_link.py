# SPDX-License-Identifier: Apache-2.0
"""Viewers behind a slow link: a token bucket on the loopback of a network namespace of this script's own."""
import os
import subprocess
import sys

from e2e import *
from serving import *
from slow_reader import SlowReader

LINK = "ip link set lo up mtu 1500 && tc qdisc add dev lo root tbf rate 1mbit burst 6000 latency 1s"


@test
def pictures_over_a_slow_link_are_recent(place):
    name = place.segment()
    start_pattern(place, name, "1280x720")
    server = Server(place, name, "-q", 90)
    # Reads all that comes at once, with buffers as large as the kernel likes.
    viewer = SlowReader(server.port, "/stream/video", 50e6, None)
    wait_until(lambda: len(viewer.parts()) >= 20, 60, lambda: f"twenty pictures, not {len(viewer.parts())}")
    viewer.close()
    parts = viewer.parts()
    check(parts[-1].number - parts[0].number > 1.5 * len(parts), "the link was not slow")
    # As in slow_viewers.py; with what buffers take, it would be seconds more.
    late = [(part.number, part.age, part.allowed) for part in parts if part.age > part.allowed + 0.2 + 1]
    check(not late, f"old pictures (number, age, what draining took): {late}")


if "SHMVIDEO_SLOW_LINK" not in os.environ:
    possible = shutil.which("unshare") and shutil.which("tc") and \
        subprocess.run(["unshare", "-rn", "sh", "-c", LINK], capture_output=True, check=False).returncode == 0
    if not possible:
        print("skipped: this needs a network namespace of its own, with tc's tbf")
        sys.exit(SKIPPED)
    os.environ["SHMVIDEO_SLOW_LINK"] = "1"
    os.execvp("unshare", ["unshare", "-rn", "sh", "-c", f'{LINK} && exec "$@"', "sh", sys.executable, *sys.argv])
main()
