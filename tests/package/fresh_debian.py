# SPDX-License-Identifier: Apache-2.0
"""Installs, uses, upgrades and purges the packages in a new Debian of this computer's release.

It is made in a temporary folder by mmdebstrap, from the mirrors that this computer's apt uses, and thrown away.
"""
import urllib.error
import urllib.request

from trees import *

KEYS = "/usr/share/keyrings/debian-archive-keyring.gpg"


def mirrors():
    """Debian's sources that apt uses here, as lines of a sources.list."""
    wanted = "$(ORIGIN) $(REPO_URI) $(RELEASE) $(COMPONENT)"
    said = subprocess.run(["apt-get", "indextargets", "--format", wanted, "Created-By: Packages"],
                          capture_output=True, encoding="utf-8", check=True).stdout
    found = {tuple(line.split()[1:]) for line in said.splitlines() if line.startswith("Debian ")}
    with open("/etc/os-release", encoding="utf-8") as file:
        found_release = re.search(r"^VERSION_CODENAME=(\S+)", file.read(), re.M)
    release = found_release[1] if found_release else skip("this is no release of Debian")
    ours = sorted(source for source in found if source[1].startswith(release))
    if not any(source[1] == release for source in ours):
        skip(f"apt has no mirror of Debian's {release} here: {sorted(found)}")
    return release, ours


def check_mirror_answers(release, sources):
    [uri] = {uri for uri, suite, _ in sources if suite == release}
    try:
        with urllib.request.urlopen(f"{uri.rstrip('/')}/dists/{release}/InRelease", timeout=20):
            pass
    except urllib.error.HTTPError as answer:
        check(answer.code >= 500, f"{uri} has no {release}: {answer}")
        skip(f"{uri} does not work now: {answer}")
    except OSError as why:
        skip(f"{uri} cannot be reached: {why}")


def apt_options():
    """What this computer's apt was told about reaching mirrors."""
    said = subprocess.run(["apt-config", "dump"], capture_output=True, encoding="utf-8", check=True).stdout
    kept = re.findall(r"^Acquire::(?:https?::Proxy|Check-Valid-Until|Check-Date) .*$", said, re.M)
    return [f"--aptopt={line}" for line in kept]


def make_older(place, folder):
    """The same packages as an older version, to upgrade from."""
    folder.mkdir()
    for package in ("libshmvideo0", "shm-video"):
        tree = folder / package
        subprocess.run(["dpkg-deb", "--raw-extract", debs()[package], tree], check=True)
        control = tree / "DEBIAN/control"
        text = control.read_text()
        [version] = re.findall(r"^Version: (\S+)", text, re.M)
        control.write_text(text.replace(version, f"{version}~older"))
        subprocess.run(["dpkg-deb", "--root-owner-group", "--build", "-Znone", tree, folder / f"{package}_older.deb"],
                       check=True, stdout=subprocess.DEVNULL)
        shutil.rmtree(tree)


@test
def packages_install_work_upgrade_and_leave_nothing_in_a_new_debian(place):
    require("mmdebstrap", "dpkg-deb", "apt-get")
    if os.geteuid() != 0 and subprocess.run(["unshare", "--user", "--map-auto", "true"], check=False).returncode:
        skip("making a Debian needs root, or user namespaces with subordinate ids")
    release, sources = mirrors()
    check_mirror_answers(release, sources)
    packages = pathlib.Path(place.scratch) / "packages"
    packages.mkdir()
    for path in debs().values():
        shutil.copy(path, packages)
    make_older(place, packages / "older")
    shutil.copy(pathlib.Path(__file__).with_name("fresh_debian.sh"), packages)
    signed = f"[signed-by={KEYS}] " if os.path.exists(KEYS) else ""
    place.use_default_directory()  # as in any Debian; /dev/shm is this computer's there too
    made = place.start(
        shutil.which("mmdebstrap"), "--variant=apt", "--format=null", *apt_options(),
        f"--customize-hook=copy-in {packages} /",
        f'--customize-hook=chroot "$1" bash /packages/fresh_debian.sh {place.segment("fresh")}',
        release, "/dev/null", *(f"deb {signed}{uri} {suite} {component}" for uri, suite, component in sources),
        env={"TMPDIR": place.scratch})
    result = made.wait(800)
    for line in re.findall(r"^fresh: .*", result.out + result.err, re.M):
        print(line)
    check(result.status == 0, lambda: result.err[-4000:])


main()
