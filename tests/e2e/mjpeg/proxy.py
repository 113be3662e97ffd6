# SPDX-License-Identifier: Apache-2.0
"""nginx and Caddy as children on loopback, with the files of share/, of which only addresses and paths are replaced."""
import base64
import http.client
import json
import pathlib
import re
import shutil
import ssl
import subprocess

from e2e import check, check_equal, free_port, require, wait_until
from mjpeg_client import MjpegStream

SHARE = pathlib.Path(__file__).parents[3] / "share"
USER, PASSWORD = "viewer", "quite secret"
# As caddy hash-password makes it, but of 16 rounds: each request checks it.
BCRYPT_OF_PASSWORD = "$2b$04$lZv4vJfuonKuwvqckvkHlu1FJ8kAQ0PgKeSZjeN58ZcdEw8qp0NzO"
AUTHORIZATION = "Basic " + base64.b64encode(f"{USER}:{PASSWORD}".encode()).decode()


def replaced(text, *pairs):
    """Each of the pairs must be there."""
    for old, new in pairs:
        check(old in text, f"nothing to replace: {old}")
        text = text.replace(old, str(new))
    return text


def certificate(place):
    """A certificate for 127.0.0.1 and its key, made now."""
    require("openssl")
    folder = pathlib.Path(place.scratch)
    files = folder / "proxy.crt", folder / "proxy.key"
    if not files[0].exists():
        place.run(shutil.which("openssl"), "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1",
                  "-nodes", "-days", "2", "-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1",
                  "-out", files[0], "-keyout", files[1]).expect(0)
    return files


class Proxy:
    """A proxy that runs. `is_site`: with TLS and a password; else below /cameras/ of a plain site."""

    def __init__(self, place, is_site):
        self.port, self.is_site, self.place = free_port(), is_site, place
        self.folder = pathlib.Path(place.scratch) / f"{type(self).__name__}-{self.port}"
        self.folder.mkdir()
        self.certificate = certificate(place)[0] if is_site else None
        self.prefix = "" if is_site else "/cameras"
        self.process = None

    def started(self, *command, env=None):
        self.process = self.place.start(shutil.which(command[0], path="/usr/sbin:/usr/bin:/sbin:/bin"), *command[1:],
                                        env=env)

        def answers():
            check(self.process.is_running, lambda: f"the proxy ended: {self.process.err}")
            try:
                return self.get("/", headers={})[0]
            except OSError:
                return False
        wait_until(answers, 60, lambda: f"the proxy to answer; it said {self.process.err!r}")
        return self

    def connection(self, timeout=60):
        if not self.is_site:
            return http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout)
        context = ssl.create_default_context(cafile=self.certificate)
        return http.client.HTTPSConnection("127.0.0.1", self.port, timeout=timeout, context=context)

    def get(self, path, headers=None, method="GET"):
        """(status, headers with lower-case names, body), with the password unless `headers` are given."""
        connection = self.connection()
        try:
            connection.request(method, self.prefix + path,
                               headers={"Authorization": AUTHORIZATION} if headers is None else headers)
            response = connection.getresponse()
            return response.status, {k.lower(): v for k, v in response.getheaders()}, response.read()
        finally:
            connection.close()

    def stream(self, path="/stream/video"):
        """A ProxiedStream of it."""
        return ProxiedStream(self, path)


class ProxiedStream(MjpegStream):
    """Reads a stream through a proxy, with its TLS and its password."""

    def __init__(self, proxy, path):  # pylint: disable=super-init-not-called
        self._connection = proxy.connection()
        self._connection.request("GET", proxy.prefix + path, headers={"Authorization": AUTHORIZATION})
        self._response = self._connection.getresponse()
        self.headers = {k.lower(): v for k, v in self._response.getheaders()}
        check(self._response.status == 200, lambda: f"{path} gave {self._response.status}: {self._response.read()!r}")
        kind, _, boundary = self.headers["content-type"].partition("; boundary=")
        check_equal(kind, "multipart/x-mixed-replace", "Content-Type")
        self._boundary = b"--" + boundary.encode()


class Nginx(Proxy):
    # Bytes that it may hold for a viewer that does not read: what sndbuf allows, and what the kernel has before nginx.
    HELD_MOST = 2_500_000

    @staticmethod
    def require():
        if not shutil.which("nginx", path="/usr/sbin:/usr/bin:/sbin:/bin"):
            require("nginx")

    def run(self, upstream):
        """`upstream`: "127.0.0.1:PORT" or "unix:/PATH"."""
        users = self.folder / "htpasswd"
        hashed = subprocess.run(["openssl", "passwd", "-apr1", "-stdin"], input=PASSWORD, text=True, check=True,
                                capture_output=True, timeout=60).stdout.strip()
        users.write_text(f"{USER}:{hashed}\n")
        if self.is_site:
            site = replaced((SHARE / "nginx/shm-video.conf").read_text(),
                            ("server 127.0.0.1:8000;", f"server {upstream};"),
                            ("listen 443 ssl", f"listen 127.0.0.1:{self.port} ssl"),
                            ("/etc/nginx/cameras.example.org.crt", self.certificate),
                            ("/etc/nginx/cameras.example.org.key", certificate(self.place)[1]),
                            ("/etc/nginx/shm-video.htpasswd", users))
        else:
            address = upstream + ":" if upstream.startswith("unix:") else upstream
            below = replaced((SHARE / "nginx/shm-video-below.conf").read_text(),
                             ("proxy_pass http://127.0.0.1:8000/;", f"proxy_pass http://{address}/;"))
            site = f"server {{ listen 127.0.0.1:{self.port}; location / {{ return 200 site; }}\n{below}}}\n"
        paths = "".join(f"{name}_temp_path {self.folder}/{name};\n"
                        for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
        file = self.folder / "nginx.conf"
        file.write_text("daemon off; master_process off; worker_processes 1; error_log stderr;\n"
                        f"pid {self.folder}/pid;\nevents {{}}\nhttp {{ access_log off;\n{paths}\n{site}\n}}\n")
        return self.started("nginx", "-p", self.folder, "-e", "stderr", "-c", file)


class Caddy(Proxy):
    # It leaves its sockets to the kernel, which by default lets one that sends hold 4 MiB, and one that receives 6.
    HELD_MOST = None

    @staticmethod
    def require():
        require("caddy")

    def run(self, upstream):
        users = self.folder / "users"
        home = {"HOME": str(self.folder), "XDG_DATA_HOME": str(self.folder), "XDG_CONFIG_HOME": str(self.folder)}
        upstream = upstream.replace("unix:", "unix/")
        if self.is_site:
            users.write_text(f"{USER} {BCRYPT_OF_PASSWORD}\n")
            site = replaced((SHARE / "caddy/Caddyfile").read_text(),
                            ("reverse_proxy 127.0.0.1:8000", f"reverse_proxy {upstream}"),
                            ("\ncameras.example.org {", f"\nhttps://127.0.0.1:{self.port} {{"),
                            ("/etc/caddy/cameras.example.org.crt", self.certificate),
                            ("/etc/caddy/cameras.example.org.key", certificate(self.place)[1]),
                            ("/etc/caddy/shm-video.users", users))
        else:
            below = replaced((SHARE / "caddy/below.caddy").read_text(),
                             ("reverse_proxy 127.0.0.1:8000", f"reverse_proxy {upstream}"))
            site = f"http://127.0.0.1:{self.port} {{\n{below}\nrespond / site\n}}\n"
        file = self.folder / "Caddyfile"
        file.write_text("{\n\tadmin off\n\tauto_https disable_redirects\n\tskip_install_trust\n}\n" + site)
        return self.started("caddy", "run", "--adapter", "caddyfile", "--config", file, env=home)


def files_in_docs(text):
    """What stands in fences of a page."""
    return re.findall(r"^```[a-z]*\n(.*?)^```$", text, re.S | re.M)
