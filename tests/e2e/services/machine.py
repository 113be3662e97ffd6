# SPDX-License-Identifier: Apache-2.0
"""A real systemd, as the first process of namespaces that are made for it and thrown away.

Its files are this computer's, but for /run, /tmp and /dev/shm, which are new, a copy of /etc, and the installed
project over the prefix. Its units are the project's and a few of systemd's targets. Making it takes root.
"""
import pathlib

from e2e import *

PATIENCE = 90
SYSTEMD = next((path for path in ("/usr/lib/systemd/systemd", "/lib/systemd/systemd") if os.path.exists(path)), "")
UNITS = "/run/e2e/units"
TARGETS = ("basic", "final", "local-fs", "multi-user", "network", "paths", "shutdown", "slices", "sockets", "sysinit",
           "timers", "umount")

BEGIN = r"""
set -e
echo $$ > "$CGROUP/cgroup.procs"
exec unshare --mount --pid --uts --ipc --net --cgroup --fork --kill-child --mount-proc --propagation private \
  bash -c "$INIT"
"""

INIT = r"""
set -e
mkdir -p "$SCRATCH/up" "$SCRATCH/work"
mount -t overlay overlay -o "lowerdir=$TREE$PREFIX:$PREFIX" "$PREFIX"
mount -t tmpfs -o mode=755 tmpfs /run
mkdir -p /run/lock /run/e2e/units /run/e2e/up /run/e2e/work /run/e2e/generators
mount -t overlay overlay -o lowerdir=/etc,upperdir=/run/e2e/up,workdir=/run/e2e/work /etc
mount -t tmpfs -o mode=1777 tmpfs /dev/shm
mount -t tmpfs -o mode=1777 tmpfs /tmp
for target in $TARGETS; do cp "$TARGETS_FROM/$target.target" /run/e2e/units/; done
printf '[Unit]\nDescription=tests\n' > /run/e2e/units/default.target
cp "$PREFIX"/lib/systemd/system/shm-* /run/e2e/units/
rm -f /etc/machine-id /etc/passwd.lock /etc/.pwd.lock
tr -d - < /proc/sys/kernel/random/uuid > /etc/machine-id
mkdir -p /etc/shm-video/capture /etc/shm-video/mjpeg
ip link set lo up
umount --lazy --recursive /sys/fs/cgroup 2>/dev/null || true
mount -t cgroup2 cgroup2 /sys/fs/cgroup
cd /
exec env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin container=tests SYSTEMD_UNIT_PATH=/run/e2e/units \
  SYSTEMD_GENERATOR_PATH=/run/e2e/generators "$SYSTEMD" --system --log-target=console --log-level=info
"""


_SHARED = tempfile.TemporaryDirectory(prefix="shm-video-services-")


def installed(place):
    """The project's tools and units as they are installed: a tree, and the prefix within it."""
    tree = pathlib.Path(_SHARED.name) / "tree"
    for component in () if tree.exists() else ("tools", "library"):
        place.run(os.environ["CMAKE"], "--install", os.environ["SHMVIDEO_BUILD"], "--component", component,
                  env={"DESTDIR": str(tree)}, timeout=PATIENCE).expect()
    [unit] = tree.rglob("shm-capture@.service")
    return tree, pathlib.Path("/") / unit.parents[3].relative_to(tree)


def cgroup_root(place):
    """Where control groups are; mounted, if nobody has done that yet, in the folder cgroups of the scratch folder."""
    with open("/proc/self/mounts", encoding="utf-8") as file:
        found = [line.split()[1] for line in file if line.split()[2] == "cgroup2"]
    if found:
        return found[0]
    folder = os.path.join(place.scratch, "cgroups")
    os.mkdir(folder)
    mounted = place.run(shutil.which("mount"), "-t", "cgroup2", "cgroup2", folder)
    return folder if mounted.status == 0 else skip(f"there are no control groups here: {mounted.err.strip()}")


class Machine:
    """`with Machine(place) as machine`: it runs until the end of the block."""

    def __init__(self, place):
        if os.geteuid() != 0:
            skip("a systemd of its own needs root")
        require("unshare", "nsenter", "systemctl", "systemd-sysusers", "ip")
        if not SYSTEMD:
            skip("systemd is not installed")
        self._place = place
        self._cgroup = pathlib.Path(cgroup_root(place)) / f"shm-video-e2e-{os.getpid()}"
        self._init = None
        self.pid = 0

    def __enter__(self):
        tree, prefix = installed(self._place)
        try:
            self._cgroup.mkdir()
        except OSError as why:
            skip(f"no cgroup can be made: {why}")
        env = {"CGROUP": str(self._cgroup), "INIT": INIT, "TREE": str(tree), "PREFIX": str(prefix), "SYSTEMD": SYSTEMD,
               "SCRATCH": self._place.scratch, "TARGETS": " ".join(TARGETS),
               "TARGETS_FROM": os.path.join(os.path.dirname(SYSTEMD), "system")}
        try:
            self._init = self._place.start(shutil.which("bash"), "-c", BEGIN, env=env)
            wait_until(self._is_up, PATIENCE, lambda: f"systemd: {self._init.out[-2000:]} {self._init.err[-2000:]}")
        except BaseException:
            self.__exit__()
            raise
        return self

    def _is_up(self):
        if not self._init.is_running:
            skip(f"no systemd can be started in namespaces here: {self._init.err.strip()[-300:]}")
        with open(f"/proc/{self._init.pid}/task/{self._init.pid}/children", encoding="ascii") as file:
            children = file.read().split()
        self.pid = int(children[0]) if children else 0
        return self.pid and self.run("systemctl", "is-system-running").out.strip() in ("running", "degraded")

    def __exit__(self, *_):
        if self._init:
            self._init.kill()
        wait_until(self._is_cgroup_gone, PATIENCE, "the end of all processes")
        if self._cgroup.is_relative_to(self._place.scratch):
            self._place.run(shutil.which("umount"), self._cgroup.parent)

    def _is_cgroup_gone(self):
        try:
            for folder, _, _ in os.walk(self._cgroup, topdown=False):
                os.rmdir(folder)
        except OSError:
            return False
        return not self._cgroup.exists()

    def run(self, program, *arguments, stdin=None):
        """Runs a program of the machine's, as its root."""
        return self._place.run(shutil.which("nsenter"), "--target", self.pid, "--mount", "--pid", "--net", "--ipc",
                               "--uts", "--", program, *arguments, stdin=stdin, timeout=PATIENCE)

    def write(self, path, text):
        self.run("sh", "-c", f'mkdir -p "$(dirname "{path}")"; cat > "{path}"', stdin=text).expect()

    def endings(self, unit):
        """How it ended each time: "watchdog", "signal", "exit-code", "success"."""
        return self.run("cat", f"/run/e2e/{unit}.endings").out.split()

    def systemctl(self, *arguments):
        return self.run("systemctl", *arguments).expect()

    def show(self, unit, name):
        return self.systemctl("show", "--value", "--property", name, unit).out.strip()

    def wait_for(self, unit, name, value):
        """Waits until a property of a unit is this; a pattern."""
        wait_until(lambda: re.fullmatch(value, self.show(unit, name)), PATIENCE,
                   lambda: f"{name}={value} of {unit}, not {self.show(unit, name)!r}: {self.logs(unit)}")

    def logs(self, unit):
        return self.run("sh", "-c", f"systemctl status --no-pager '{unit}'; cat '/run/e2e/{unit}.log'").out[-3000:]

    def be_quick(self, unit, watchdog=4):
        """The unit's times are for people; its messages go where logs() finds them."""
        self.write(f"{UNITS}/{unit}.d/quick.conf", f"[Service]\nWatchdogSec={watchdog}\nRestartSec=100ms\n"
                   "StandardError=append:/run/e2e/%n.log\nLimitCORE=0\n"
                   "ExecStopPost=+/bin/sh -c 'echo $$SERVICE_RESULT >> /run/e2e/%n.endings'\n")
        self.systemctl("daemon-reload")
