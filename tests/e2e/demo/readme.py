# SPDX-License-Identifier: Apache-2.0
"""Runs what stands in the README's ```sh blocks, line by line in its order, and follows its links."""
import pathlib
import shlex

from e2e import *

ROOT = pathlib.Path(__file__).resolve().parents[3]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def commands():
    blocks = re.findall(r"^```sh\n(.*?)^```", README, re.M | re.S)
    return [line for block in blocks for line in block.splitlines() if line.strip()]


def run_line(place, line, replacements):
    for word, other in replacements.items():
        line = line.replace(word, other)
    words = shlex.split(line)
    if "/" not in words[0]:
        require(words[0])
        words[0] = shutil.which(words[0])
    if words[-1] == "&" or "--watch" in words:
        process = place.start(*[w for w in words if w != "&"])
        if "--watch" in words:
            process.wait_for_output(".", 10)
            process.stop().expect()
        return
    # People take a moment between two lines; a program that just started may need it.
    last = []

    def works():
        last[:] = [place.run(*words)]
        return last[0].status == 0 and not (words[0].endswith("curl") and "detail" in last[0].out)
    wait_until(works, 10, lambda: f"success of: {last[0]}")


@test
def every_command_of_the_readme_works(place):
    lines = commands()
    check(len(lines) >= 8, f"found only {lines}")
    replacements = {"build/bin": os.environ["SHMVIDEO_BIN"], "8000": str(free_port())}
    for line in lines:
        run_line(place, line, replacements)
    for picture, begin in (("frame.png", b"\x89PNG"), ("picture.jpg", b"\xff\xd8")):
        with open(os.path.join(place.scratch, picture), "rb") as file:
            check(file.read(4).startswith(begin), f"{picture} is no such picture")


@test
def every_link_of_the_readme_leads_somewhere(place):  # pylint: disable=unused-argument
    for page in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md"):
        for link in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", (ROOT / page).read_text(encoding="utf-8")):
            check((ROOT / link).exists(), f"{page} links {link}, which is not there")


main()
