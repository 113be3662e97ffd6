# SPDX-License-Identifier: Apache-2.0
"""shm-mjpeg over TLS: versions and ciphers, certificates that are wrong or renewed, and streams as without it."""
import json
import os
import shutil
import signal
import subprocess

from doors import *
from e2e import *
from serving import start_pattern
from slow_reader import SlowReader


def secured(place, *options, pattern=True, **more):
    name = place.segment()
    if pattern:
        start_pattern(place, name, *more.pop("pattern_options", ()))
    certificate, key = make_certificate(place)
    return Opened(place, name, "--port", 0, "--tls-cert", certificate, "--tls-key", key, *options, **more), certificate


def s_client(port, *options):
    """What openssl says of a handshake, and whether there was one."""
    command = ["openssl", "s_client", "-connect", f"127.0.0.1:{port}", "-servername", "localhost", *options]
    done = subprocess.run(command, input="", capture_output=True, text=True, timeout=60, errors="replace")
    said = done.stdout + done.stderr
    return said, "Cipher is (NONE)" not in said and "BEGIN CERTIFICATE" in said


@test
def versions_and_ciphers_are_those_of_today(place):
    server, _ = secured(place, pattern=False)
    check(server.urls[0].startswith("https://127.0.0.1:"), server.urls)
    for version in ("-tls1_2", "-tls1_3"):
        said, is_secured = s_client(server.port, version, "-alpn", "h2,http/1.1")
        check(is_secured, f"{version}: {said}")
        check("ALPN protocol: http/1.1" in said, f"{version}: {said}")
        check("Compression: NONE" in said, said)
    # Else it is the client who refuses: security level 0 lets it offer what nobody should take.
    for offer in (("-tls1", "-cipher", "ALL:@SECLEVEL=0"), ("-tls1_1", "-cipher", "ALL:@SECLEVEL=0"),
                  *(("-tls1_2", "-cipher", f"{cipher}:@SECLEVEL=0") for cipher in
                    ("eNULL", "aNULL", "AES128-SHA", "AES128-GCM-SHA256", "ECDHE-ECDSA-AES128-SHA",
                     "ECDHE-ECDSA-AES128-SHA256"))):
        said, is_secured = s_client(server.port, *offer)
        check(not is_secured, f"{offer} was taken: {said}")
        check("alert" in said, f"{offer} did not come as far as the server: {said}")
    said, is_secured = s_client(server.port, "-alpn", "h2")
    check("no application protocol" in said, f"HTTP/2 alone: {said}")
    for cipher in ("ECDHE-ECDSA-AES128-GCM-SHA256", "ECDHE-ECDSA-CHACHA20-POLY1305"):
        check(s_client(server.port, "-tls1_2", "-cipher", cipher)[1], f"{cipher} was refused")
    check_equal(ask(connect_tls(server.port), "/")[0], 200, "the page afterwards")


@test
def everything_is_served_over_tls_and_the_certificate_is_believed(place):
    server, certificate = secured(place)
    with connect_tls(server.port, certificate) as connection:
        wait_until(lambda: ask(connection, "/snapshot")[0] == 200, 30, "a picture")
        check_equal(jpeg_size(ask(connection, "/snapshot")[2]), (640, 480), "a picture of a connection that stays")
        raw = ask(connection, "/stream/video/raw?format=BGR24")[2]
        check_equal(len(raw), 640 * 480 * 3, "bytes of a raw frame")
        status, headers, _ = ask(connection, "/healthz", method="HEAD")
        check(status == 200 and int(headers["content-length"]) > 0, headers)
    viewers = [Watching(connect_tls(server.port, certificate)) for _ in range(3)]
    for viewer in viewers:
        viewer.wait_for_more(10)
        viewer.close()
    require("ffmpeg", "curl")
    place.run("/usr/bin/ffmpeg", "-v", "error", "-tls_verify", 0, "-f", "mpjpeg", "-i",
              f"{server.urls[0]}stream/video", "-frames:v", 5, "-f", "null", "-", timeout=60).expect(0)
    place.run("/usr/bin/curl", "-sS", "--fail", "--cacert", certificate, f"{server.urls[0]}healthz").expect(0)


@test
def who_speaks_http_to_it_is_told_so_and_the_log_says_so_once(place):
    server, _ = secured(place, pattern=False)
    for _ in range(5):
        connection = connect(server.port)
        connection.sendall(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n")
        said = hear(connection)
        check(said.startswith(b"HTTP/1.1 400 ") and b"this port speaks https" in said, said)
    connection = connect(server.port)
    connection.sendall(b"\0" * 1000)
    check(not hear(connection).startswith(b"HTTP"), "nonsense was answered")
    # Once, and how often it came again.
    check(1 <= server.process.err.count("somebody spoke http") <= 2, server.process.err)


@test
def who_does_not_shake_hands_is_given_up(place):
    server, _ = secured(place, "--header-timeout", "500ms", pattern=False)
    silent, slow = connect(server.port), connect(server.port)
    slow.sendall(b"\x16\x03\x01\x02\x00\x01")
    for connection in (silent, slow):
        check_equal(hear(connection), b"", "the answer to nobody")
    metrics = ask(connect_tls(server.port), "/metrics")[2].decode()
    check("\nshm_video_http_tls_failed_total 2\n" in metrics, metrics)


@test
def a_new_certificate_is_taken_up_while_a_viewer_streams_on(place):
    server, certificate = secured(place)
    key = certificate.replace(".crt", ".key")
    viewer = Watching(connect_tls(server.port, certificate))
    viewer.wait_for_more()
    new, new_key = make_certificate(place, "renewed", days=5)
    shutil.copy(new, certificate)
    shutil.copy(new_key, key)
    server.process.send_signal(signal.SIGHUP)
    server.process.wait_for_output("certificate read again: valid until", 30)
    server.process.wait_for_output("expires soon", 5)
    connect_tls(server.port, new).close()
    viewer.wait_for_more()
    with open(certificate, "w", encoding="utf-8") as file:
        file.write("no certificate")
    server.process.send_signal(signal.SIGHUP)
    server.process.wait_for_output(rf"{certificate} is no certificate in PEM.*the certificate from before stays", 30)
    connect_tls(server.port, new).close()
    viewer.wait_for_more()
    viewer.close()


@test
def files_that_are_no_good_are_one_clear_line(place):
    certificate, key = make_certificate(place)
    _, other_key = make_certificate(place, "other")
    _, locked = make_certificate(place, "locked")
    subprocess.run(["openssl", "pkey", "-in", key, "-aes256", "-passout", "pass:x", "-out", locked], check=True,
                   capture_output=True, timeout=60)
    empty = os.path.join(place.scratch, "empty")
    with open(empty, "w", encoding="utf-8"):
        pass
    cases = [((certificate, other_key), f"the key {other_key} is not that of the certificate {certificate}"),
             (("/no/such/file", key), "the certificate /no/such/file"),
             ((certificate, "/no/such/key"), "the key /no/such/key"),
             ((empty, key), f"the certificate {empty} is no certificate"),
             ((key, key), f"the certificate {key} is no certificate"),
             ((certificate, empty), f"the key {empty} is no key in PEM"),
             ((certificate, locked), f"the key {locked} is no key in PEM without a passphrase"),
             ((place.scratch, key), "is no file")]
    for (one, two), why in cases:
        refused = place.run("shm-mjpeg", place.segment(), "--port", 0, "--tls-cert", one, "--tls-key", two).expect(1)
        check(why in refused.err and len(refused.err.splitlines()) == 1, f"{why!r}: {refused.err}")
    refused = place.run("shm-mjpeg", place.segment(), "--port", 0, "--tls-key", key).expect(2)
    check("--tls-cert" in refused.err, refused.err)


@test
def what_whoever_runs_it_should_know_is_said_at_the_start(place):
    certificate, key = make_certificate(place, days=10)
    both = os.path.join(place.scratch, "both.pem")
    with open(both, "w", encoding="utf-8") as file:
        file.write(open(certificate, encoding="utf-8").read() + open(key, encoding="utf-8").read())
    os.chmod(both, 0o644)
    server = Opened(place, place.segment(), "--port", 0, "--tls-cert", both)
    check_equal(ask(connect_tls(server.port, both), "/")[0], 200, "the page, with both in one file")
    said = server.process.err
    check("expires soon: it is valid until" in said and said.count("can be read by everybody") == 1, said)
    os.chmod(both, 0o600)
    wide = Opened(place, place.segment(), "--port", 0, "--host", "0.0.0.0", "--tls-cert", both)
    wide.process.wait_for_output("nobody is asked who they are", 20)
    check("can be read" not in wide.process.err, wide.process.err)


class SlowTls(SlowReader):
    """A slow reader whose connection has TLS."""

    def __init__(self, port, path, rate):
        super().__init__(port, path, rate)

    def connect(self, port, receive_buffer):
        return connect_tls(port, receive_buffer=receive_buffer)


@test
def what_a_slow_viewer_gets_over_tls_is_never_old_and_nobody_else_waits(place):
    server, certificate = secured(place, "-q", 95, pattern_options=("1280x720",))
    usual = Watching(connect_tls(server.port, certificate))
    readers = [SlowTls(server.port, "/stream/video", rate) for rate in (200_000, 600_000)]
    usual.wait_for_more(20)
    wait_until(lambda: all(len(reader.parts()) >= 20 for reader in readers), 90, "twenty pictures for each")
    usual.close()
    for reader in readers:
        reader.close()
        parts = reader.parts()
        check(parts[-1].number - parts[0].number > 2 * len(parts), "it did not skip")
        # As without TLS; see slow_viewers.py. A record more may be on its way.
        late = [(part.number, part.age, part.allowed) for part in parts if part.age > part.allowed + 0.2 + 1.5]
        check(not late, f"old pictures (number, age, what draining took): {late}")
    wait_until(lambda: json.loads(ask(connect_tls(server.port), "/stream/video/status")[2])["clients"] == [], 30,
               "nobody left")


main()
