# SPDX-License-Identifier: Apache-2.0
"""The installed units under a real systemd: they start, are restarted when they have to be, and at no other time."""
import hashlib

from machine import *

CAPTURE, MJPEG = "shm-capture@front.service", "shm-mjpeg@8000.service"
AS_VIEWER = ("setpriv", "--reuid", "nobody", "--regid", "nogroup", "--groups", "video", "--")
AS_STRANGER = ("setpriv", "--reuid", "nobody", "--regid", "nogroup", "--clear-groups", "--")
PATTERN = "VIDEO_FILE=pattern\nOPTIONS=--resolution 64x48\n"

FEED = """
import os, sys, time
os.path.exists("/run/e2e/film") or os.mkfifo("/run/e2e/film", 0o644)
os.chmod("/run/e2e/film", 0o644)
pipe = os.open("/run/e2e/film", os.O_RDWR)
os.write(pipe, b"YUV4MPEG2 W64 H48 F20:1 Ip A1:1 C420\\n")
while not os.path.exists("/run/e2e/dry"):
    os.write(pipe, b"FRAME\\n" + bytes(64 * 48 * 3 // 2))
    time.sleep(0.05)
time.sleep(1000)
"""


def prepare(machine):
    machine.run("systemd-sysusers").expect()
    for unit in ("shm-capture@.service", "shm-mjpeg@.service"):
        machine.be_quick(unit)


def main_pid(machine, unit):
    return machine.show(unit, "MainPID")


@test
def units_do_under_systemd_what_they_are_for(place):
    place.use_default_directory()
    with Machine(place) as machine:
        prepare(machine)
        for step in (users_are_system_users, a_camera_starts_and_its_group_may_look,
                     a_camera_that_was_killed_comes_back, a_reload_changes_what_it_can, a_mistake_is_not_tried_again,
                     a_camera_that_is_away_is_waited_for, a_film_that_stands_still_is_begun_anew,
                     a_server_starts_and_serves, a_server_that_hangs_is_begun_anew,
                     a_server_starts_at_the_first_connection, another_address_is_one_edit,
                     a_server_has_tls_and_tokens_from_files_of_its_group):
            began = time.monotonic()
            step(machine)
            print(f"  {step.__name__.replace('_', ' ')} ({time.monotonic() - began:.1f} s)", flush=True)


def users_are_system_users(machine):
    for user in ("shm-capture", "shm-mjpeg"):
        uid = int(machine.run("id", "-u", user).expect().out)
        check(0 < uid < 1000, f"{user} has the number {uid}: logind would remove its shared memory")


def a_camera_starts_and_its_group_may_look(machine):
    machine.write("/etc/shm-video/capture/front.conf", PATTERN)
    machine.systemctl("start", CAPTURE)
    check_equal(machine.show(CAPTURE, "ActiveState"), "active", "state")
    machine.wait_for(CAPTURE, "StatusText", r"64x48 BGR24, \d+\.\d/s, 0 readers")
    owner = machine.run("stat", "--format", "%U %G %a", "/dev/shm/front").expect().out.strip()
    check_equal(owner, "shm-capture video 640", "who owns the segment")
    machine.run(*AS_VIEWER, "shm-inspect", "front").expect()
    machine.run(*AS_VIEWER, "shm-record", "front", "-o", "/tmp/clip.mkv", "--count", "2").expect()
    refused = machine.run(*AS_STRANGER, "shm-inspect", "front")
    check(refused.status != 0 and "may not be read" in refused.err, str(refused))


def a_camera_that_was_killed_comes_back(machine):
    first = main_pid(machine, CAPTURE)
    machine.run("kill", "-KILL", first).expect()
    machine.wait_for(CAPTURE, "NRestarts", "1")
    check_equal(machine.endings(CAPTURE), ["signal"], "how it ended")
    machine.wait_for(CAPTURE, "ActiveState", "active")
    check(main_pid(machine, CAPTURE) not in ("0", first), "the same process")
    machine.run(*AS_VIEWER, "shm-inspect", "front").expect()


def a_reload_changes_what_it_can(machine):
    before = main_pid(machine, CAPTURE)
    machine.systemctl("reload", CAPTURE)
    machine.wait_for(CAPTURE, "ActiveState", "active")
    check_equal(main_pid(machine, CAPTURE), before, "process after a reload")


def a_mistake_is_not_tried_again(machine):
    unit = "shm-capture@wrong.service"
    machine.write("/etc/shm-video/capture/wrong.conf", "OPTIONS=--no-such-option\n")
    check(machine.run("systemctl", "start", unit).status != 0, "it started")
    machine.wait_for(unit, "ActiveState", "failed")
    check_equal((machine.show(unit, "ExecMainStatus"), machine.show(unit, "NRestarts")), ("2", "0"), "status, restarts")
    check("--no-such-option" in machine.show(unit, "StatusText"), machine.show(unit, "StatusText"))


def a_camera_that_is_away_is_waited_for(machine):
    unit = "shm-capture@away.service"
    machine.write("/etc/shm-video/capture/away.conf", "VIDEO_FILE=/dev/video-none\n")
    machine.systemctl("start", unit)
    machine.wait_for(unit, "StatusText", "waiting for '/dev/video-none' since .*")
    pid = main_pid(machine, unit)
    time.sleep(10)  # more than twice the watchdog's time
    check_equal((machine.show(unit, "ActiveState"), main_pid(machine, unit), machine.show(unit, "NRestarts")),
                ("active", pid, "0"), "state, process, restarts")
    machine.systemctl("stop", unit)


def a_film_that_stands_still_is_begun_anew(machine):
    unit = "shm-capture@film.service"
    machine.write("/run/e2e/feed.py", FEED)
    machine.write("/etc/shm-video/capture/film.conf", "VIDEO_FILE=/run/e2e/film\n")
    machine.run("sh", "-c", "python3 /run/e2e/feed.py >/dev/null 2>&1 & sleep 1")
    machine.systemctl("start", unit)
    machine.wait_for(unit, "StatusText", "64x48 .*")
    machine.write("/run/e2e/dry", "")
    machine.wait_for(unit, "NRestarts", "[1-9]")
    check_equal(machine.endings(unit)[0], "watchdog", "how it ended")
    machine.run("rm", "/run/e2e/dry").expect()
    machine.run("sh", "-c", "python3 /run/e2e/feed.py >/dev/null 2>&1 & sleep 1")
    machine.wait_for(unit, "ActiveState", "active")
    machine.wait_for(unit, "StatusText", "64x48 .*")
    machine.systemctl("stop", unit)


def get(machine, port, path="/healthz", host="127.0.0.1"):
    return machine.run("python3", "-c", "import sys, urllib.request\n"
                       f"print(urllib.request.urlopen('http://{host}:{port}{path}', timeout=60).status)")


def a_server_starts_and_serves(machine):
    machine.systemctl("start", MJPEG)
    machine.wait_for(MJPEG, "StatusText", "front: 64x48 BGR24, .*; 0 viewers")
    check_equal(get(machine, 8000, "/s/front/snapshot").out.strip(), "200", "status of a picture")


def a_server_that_hangs_is_begun_anew(machine):
    machine.run("kill", "-STOP", main_pid(machine, MJPEG)).expect()
    machine.wait_for(MJPEG, "NRestarts", "1")
    check_equal(machine.endings(MJPEG), ["watchdog"], "how it ended")
    machine.wait_for(MJPEG, "ActiveState", "active")
    check_equal(get(machine, 8000).out.strip(), "200", "status")
    machine.systemctl("stop", MJPEG)


def a_server_starts_at_the_first_connection(machine):
    unit = "shm-mjpeg@8001.service"
    machine.systemctl("start", "shm-mjpeg@8001.socket")
    check_equal(machine.show(unit, "ActiveState"), "inactive", "state before anybody asks")
    check_equal(get(machine, 8001, "/s/front/snapshot").out.strip(), "200", "status of a picture")
    check_equal(machine.show(unit, "ActiveState"), "active", "state afterwards")
    machine.wait_for(unit, "StatusText", "front: 64x48 BGR24, .*; 0 viewers")


def another_address_is_one_edit(machine):
    machine.write(f"{UNITS}/shm-mjpeg@8001.socket.d/other.conf",
                  "[Socket]\nListenStream=\nListenStream=127.0.0.2:8002\n")
    machine.systemctl("daemon-reload")
    machine.systemctl("restart", "shm-mjpeg@8001.socket")
    check_equal(get(machine, 8002, "/s/front/snapshot", "127.0.0.2").out.strip(), "200", "status of a picture")


def a_server_has_tls_and_tokens_from_files_of_its_group(machine):
    require("openssl", "curl")
    unit, auth, token = "shm-mjpeg@8443.service", "/etc/shm-video/auth", "0123456789abcdef" * 4
    key, certificate = "/etc/shm-video/key.pem", "/etc/shm-video/cert.pem"
    machine.run("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=localhost", "-days", "2",
                "-keyout", key, "-out", certificate).expect()
    machine.write(auth, f"token viewer sha256:{hashlib.sha256(token.encode()).hexdigest()}\n")
    machine.run("chgrp", "shm-mjpeg", auth, key).expect()
    machine.run("chmod", "640", auth, key).expect()
    machine.write("/etc/shm-video/mjpeg/8443.conf",
                  f'OPTIONS="--all --tls-cert {certificate} --tls-key {key} --auth-file {auth}"\n')
    machine.systemctl("start", unit)
    asked = ("curl", "--silent", "--cacert", certificate, "--output", "/dev/null", "--write-out", "%{http_code}",
             "--header", f"Authorization: Bearer {token}", "--resolve", "localhost:8443:127.0.0.1",
             "https://localhost:8443/s/front/snapshot")
    check_equal(machine.run(*asked).out, "200", "status of a picture")
    machine.write(auth, "# nobody\ntoken viewer sha256:" + "0" * 64 + "\n")
    machine.systemctl("reload", unit)
    wait_until(lambda: machine.run(*asked).out == "401", PATIENCE, "the end of a token")
    check_equal(machine.show(unit, "NRestarts"), "0", "restarts")


main()
