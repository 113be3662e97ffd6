# SPDX-License-Identifier: Apache-2.0
"""A tool of three small pairs of files and one line of CMake has all the manners of the others."""
import json
import os
import pathlib
import re
import signal

from e2e import *

TALLY = os.environ["SHMVIDEO_TALLY"]
FOLDER = pathlib.Path(__file__).parent / "tally"


def publish(place, *more):
    name = place.segment()
    place.start("shm-capture", "--device", "pattern", "--name", name, "-r", "160x120", "-f", "60", *more)
    wait_until(lambda: name in place.run("shm-inspect", "--names").out.split(), 20, "the segment")
    return name


@test
def it_takes_few_lines(place):
    lines = {path.name: len([line for line in path.read_text().splitlines() if line.strip()])
             for path in FOLDER.iterdir() if path.suffix in (".cpp", ".hpp")}
    check_equal(sorted(lines), ["about.cpp", "options.cpp", "options.hpp", "run.cpp", "run.hpp"], "its files")
    check(sum(lines.values()) < 120, f"it has {lines}")


@test
def it_works(place):
    name = publish(place)
    check_equal(place.run(TALLY, name, "-c", "10", "--quiet").expect(0).out, "10\n", "what it counted")
    tally = place.start(TALLY, name)
    wait_until(lambda: f"{tally.pid}" in place.run("shm-inspect", "--json", name).out, 20, "the reader")
    tally.stop(signal.SIGINT).expect(0)


@test
def it_tells_what_people_need(place):
    shown = place.run(TALLY, "--help").expect(0).out
    for words in ("Usage: shm-tally [OPTION]... [NAME]", "--every N", "--log-file", "--print-config", "Examples:"):
        check(words in shown, f"help lacks {words!r}: {shown}")
    page = place.run(TALLY, "--generate", "man").expect(0).out
    for section in ("SYNOPSIS", "OPTIONS", "ENVIRONMENT", "FILES", "EXIT STATUS", "SIGNALS", "EXAMPLES", "SEE ALSO"):
        check(f".SH {section}" in page, f"the manual lacks {section}")
    for shell in ("bash", "zsh", "fish"):
        check("every" in place.run(TALLY, "--generate", shell).expect(0).out, f"{shell} does not complete --every")


@test
def it_is_wrong_in_the_same_words(place):
    for words, sentence in ((["--evry", "2"], "unknown option '--evry'; did you mean --every?"),
                            (["--every", "0"], "--every: '0' is not a number in range; "
                                               "use a whole number from 1 to 1000")):
        check_equal(place.run(TALLY, *words).expect(2).err, f"shm-tally: {sentence}\n", "the refusal")
    name = publish(place)
    missing = place.run(TALLY, name[:-1] + "x", "--timeout", "0").expect(4).err
    check(f"did you mean '{name}'? Else this makes it: shm-capture --name {name[:-1]}x" in missing, missing)


@test
def it_is_configured_and_reads_that_again(place):
    name = publish(place)
    config = os.path.join(place.scratch, "config.json")

    def configure(every):
        pathlib.Path(config).write_text(f'{{"shm-tally": {{"every": {every}}}}} // as few as it likes\n')

    configure(1000)
    shown = place.run(TALLY, "--config", config, "--print-config").expect(0).out
    values = json.loads(re.sub(r"\s*//.*", "", shown))
    check_equal(values["shm-tally"]["every"], 1000, "what is in force")
    log = os.path.join(place.scratch, "log")
    tally = place.start(TALLY, name, "--config", config, "--log-file", log, "--log-level", "info")
    wait_until(lambda: f"{tally.pid}" in place.run("shm-inspect", "--json", name).out, 20, "the reader")
    configure(3)
    os.kill(tally.pid, signal.SIGHUP)
    wait_until(lambda: "shm-tally.every 1000 -> 3" in pathlib.Path(log).read_text(), 20, "the change in the log")
    pathlib.Path(config).write_text('{"shm-tally": {\n "evry": 1}}')
    os.kill(tally.pid, signal.SIGHUP)
    sentence = f"{config}:2: unknown key 'shm-tally.evry'; did you mean shm-tally.every?"
    wait_until(lambda: sentence in pathlib.Path(log).read_text(), 20, "the refusal in the log")
    tally.stop().expect(0)


main()
