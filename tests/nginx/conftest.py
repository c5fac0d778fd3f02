"""A real nginx with the configuration we ship, before a real web process on the tests' database."""

import http.client
import os
import re
import shutil
import socket
import ssl
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from config import processes
from tests.infrastructure.databases import TestDatabase

NGINX = Path("/usr/sbin/nginx")
SHIPPED = Path(__file__).resolve().parents[2] / "docs" / "deploy" / "nginx"
SHANGHAI = "Asia/Shanghai"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Give each test below this folder a database that the web process sees too."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.django_db(transaction=True))


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def is_file(self) -> bool:
        """Whether nginx sent a published file: its ETag is made of time and length."""
        return re.fullmatch(r'"[0-9a-f]+-[0-9a-f]+"', self.headers.get("etag", "")) is not None


@dataclass(frozen=True)
class Site:
    """The site as a client reaches it."""

    home: Path
    web_port: int

    @contextmanager
    def nginx(self, zone: str = SHANGHAI) -> Iterator[Callable[..., Answer]]:
        """Run nginx in a time zone; yield a function that asks it for a path over TLS, or sends it a body."""
        port = free_port()
        configuration = self._configure(port)
        command = [str(NGINX), "-p", str(self.home), "-c", str(configuration), "-g", "daemon off;"]
        environment = {**os.environ, "TZ": zone}
        subprocess.run([*command[:5], "-t"], check=True, env=environment, capture_output=True)
        process = subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL)
        try:
            wait_for(port)
            yield lambda path, *, body=None, **headers: ask(port, path, headers, body)
        finally:
            process.terminate()
            process.wait(20)

    def _configure(self, port: int) -> Path:
        """The shipped files with the places, the addresses and the certificate of this test."""
        text = (SHIPPED / "nginx.conf").read_text()
        for shipped, ours in (
            ("user www-data;", "user root;" if os.getuid() == 0 else ""),
            ("/run/nginx.pid", f"{self.home}/nginx.pid"),
            ("/var/log/nginx/error.log", f"{self.home}/error.log"),
            ("/etc/nginx/jifen-", f"{self.home}/jifen-"),
            ("/etc/ssl/jifen/", f"{self.home}/"),
            ("root /run/jifen;", f"root {self.home};"),
            ("/var/lib/jifen/", f"{self.home}/"),
            ("127.0.0.1:8000", f"127.0.0.1:{self.web_port}"),
            ("listen 443 ssl http2;", f"listen 127.0.0.1:{port} ssl http2;"),
            ("listen [::]:443 ssl http2;", ""),
            ("listen 80;", f"listen 127.0.0.1:{free_port()};"),
            ("listen [::]:80;", ""),
            ("jifen.example.org", "localhost"),
            # by the minute instead of the second: what is counted does not depend on how fast this machine is
            ("zone=questions:10m rate=2r/s", "zone=questions:10m rate=2r/m"),
            ("zone=people:10m rate=10r/s", "zone=people:10m rate=10r/m"),
        ):
            assert shipped in text, shipped
            text = text.replace(shipped, ours)
        for part in SHIPPED.glob("jifen-*headers.conf"):
            (self.home / part.name).write_text(part.read_text().replace("/etc/nginx/jifen-", f"{self.home}/jifen-"))
        path = self.home / "nginx.conf"
        path.write_text(text)
        return path


def ask(port: int, path: str, headers: dict[str, str], body: bytes | None = None) -> Answer:
    """Ask over TLS, as a browser that takes gzip and says no language unless told otherwise."""
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    connection = http.client.HTTPSConnection("localhost", port, context=context, timeout=60)
    sent = {"Accept-Encoding": "gzip"} | {name.replace("_", "-"): value for name, value in headers.items()}
    connection.request("GET" if body is None else "POST", path, body, headers=sent)
    response = connection.getresponse()
    answer = Answer(response.status, {k.lower(): v for k, v in response.getheaders()}, response.read())
    connection.close()
    return answer


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(port: int, seconds: float = 60) -> None:
    """Wait until somebody listens."""
    deadline = time.monotonic() + seconds
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        except OSError:
            assert time.monotonic() < deadline, "nothing listens"
            time.sleep(0.05)


@pytest.fixture(scope="module")
def site(django_db_setup: TestDatabase, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The web process and the folder for nginx."""
    assert NGINX.exists(), "Install Debian's nginx: apt-get install nginx-light"
    home = tmp_path_factory.mktemp("site")
    shutil.copytree(Path(__file__).resolve().parents[2] / "static", home / "static")
    request = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost"]
    files = ["-keyout", str(home / "privkey.pem"), "-out", str(home / "fullchain.pem")]
    subprocess.run([*request, *files], check=True, capture_output=True)
    port = free_port()
    command = ["granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port), "--workers", "1"]
    extra = {
        "DJANGO_SETTINGS_MODULE": "config.settings.test",
        "JIFEN_TEST_DATABASE": django_db_setup.name,
        "OPEN_DATA_DIR": str(home / "open-data"),
        "PROXIES": "1",
        "PUBLISHED_DIR": "",  # so that what is a file came from nginx
    }
    child = processes.start("web", [*command, "config.wsgi:application"], log=home / "web.log", extra=extra)
    try:
        wait_for(port)
        yield Site(home, port)
    finally:
        child.stop()
