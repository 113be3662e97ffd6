# SPDX-License-Identifier: Apache-2.0
"""The units as they are installed, looked at by systemd's own checkers. Nothing is started."""
from machine import *

SERVICES = {"shm-capture@front.service": 1.5, "shm-mjpeg@8000.service": 1.5}  # how exposed they may be, of 10
OTHERS = ("shm-mjpeg@8000.socket",)


def analyze(place, *arguments):
    """systemd-analyze on the units, whose programs are those of the installed tree."""
    require("systemd-analyze")
    tree, prefix = installed(place)
    programs = tree / str(prefix / "bin").lstrip("/")
    units = pathlib.Path(place.scratch) / "units"
    units.mkdir(exist_ok=True)
    for unit in tree.rglob("systemd/system/shm-*"):
        (units / unit.name).write_text(unit.read_text().replace(f"={prefix}/bin/", f"={programs}/"))
    return place.run(shutil.which("systemd-analyze"), *arguments, timeout=PATIENCE,
                     env={"SYSTEMD_UNIT_PATH": f"{units}:", "SYSTEMD_PAGER": "", "SYSTEMD_COLORS": "0",
                          "MANPATH": str(programs.parent / "share/man")})


@test
def systemd_finds_nothing_wrong_with_the_units(place):
    for unit in (*SERVICES, *OTHERS):
        result = analyze(place, "verify", unit)
        check_equal((result.status, result.out + result.err), (0, ""), f"what systemd says of {unit}")


@test
def services_are_exposed_no_more_than_they_have_to_be(place):
    # The project's own aim is 2.0 at most; what has been reached is not to be lost.
    for unit, most in SERVICES.items():
        units = pathlib.Path(place.scratch) / "units"
        analyze(place, "verify", unit)
        result = place.run(shutil.which("systemd-analyze"), "security", "--offline=true", "--no-pager", units / unit,
                           timeout=PATIENCE).expect()
        [exposure] = re.findall(r"Overall exposure level for .*?: (\d+\.\d)", result.out)
        print(f"  {unit}: {exposure}")
        check(float(exposure) <= most, lambda: f"{unit} is exposed by {exposure}:\n{result.out}")


@test
def services_are_supervised_by_what_they_tell(place):
    tree, _ = installed(place)
    for unit in SERVICES:
        [file] = tree.rglob(re.sub("@.*service", "@.service", unit))
        lines = file.read_text().splitlines()
        for line in ("Type=notify", "WatchdogSec=30", "Restart=on-failure", "RestartPreventExitStatus=2",
                     "StartLimitIntervalSec=0", "ExecReload=/bin/kill -HUP $MAINPID"):
            check(line in lines, f"{file.name} lacks {line}")


@test
def users_are_made_by_systemd_sysusers(place):
    require("systemd-sysusers")
    tree, _ = installed(place)
    [file] = tree.rglob("sysusers.d/shm-video.conf")
    root = pathlib.Path(place.scratch) / "root"
    (root / "etc").mkdir(parents=True)
    made = place.run(shutil.which("systemd-sysusers"), f"--root={root}", file)
    if "Permission denied" in made.err or "Operation not permitted" in made.err:
        skip(f"making users, even in a folder, takes root: {made.err.strip()}")
    made.expect()
    users = [line.split(":") for line in (root / "etc/passwd").read_text().splitlines()]
    check_equal({user[0] for user in users}, {"shm-capture", "shm-mjpeg"}, "users")
    check(all(int(user[2]) < 1000 and user[6].endswith("nologin") for user in users), f"{users}")
    check("video:" in (root / "etc/group").read_text(), "there is no group for cameras")


main()
