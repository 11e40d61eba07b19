"""Real servers on loopback for the tests, each in a folder of its own, ended with the test session."""

from __future__ import annotations

import base64
import hashlib
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import closing, contextmanager, suppress
from pathlib import Path

SECONDS = 60


def free_port() -> int:
    with closing(socket.socket()) as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def answers(port: int) -> bool:
    with suppress(OSError), closing(socket.create_connection(("127.0.0.1", port), timeout=1)):
        return True
    return False


def wait_until(true, what: str) -> None:
    end = time.monotonic() + SECONDS
    while not true():
        assert time.monotonic() < end, f"{what} did not start"
        time.sleep(0.05)


@contextmanager
def running(command, folder: Path, ready, *, group: bool = False, **more):
    """Run a server until the block ends; its output is shown when it does not start. ``group``: it has children that end with it."""
    more["start_new_session"] = group
    log = (folder / "server.log").open("wb")
    process = subprocess.Popen(command, cwd=folder, stdout=log, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL, **more)
    try:
        try:
            wait_until(lambda: process.poll() is not None or ready(), command[0])
            assert process.poll() is None
        except AssertionError as error:
            raise AssertionError((folder / "server.log").read_text(errors="replace")[-2000:]) from error
        yield process
    finally:
        if group:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
        process.kill()
        process.wait()
        log.close()


@contextmanager
def seaweed(folder: Path, bucket: str = "office", volumes: int = 20):
    """An S3 store with one account (office / officesecret) and one bucket; yields its URL. ``volumes``: how many times 32 MB it holds."""
    from app.adapters.transfer.links import Account, Link
    from app.adapters.transfer.objects import BucketPlace
    from app.services.ports.transfer import PlaceError

    (folder / "data").mkdir(exist_ok=True)
    identities = [
        {"name": "office", "credentials": [{"accessKey": "office", "secretKey": "officesecret"}], "actions": ["Admin"]}
    ]
    (folder / "s3.json").write_text(json.dumps({"identities": identities}))
    # Each port has a second one for gRPC, 10000 above unless told.
    ports = {name: free_port() for name in ("master", "master.g", "volume", "volume.g", "filer", "filer.g", "s3", "s3.g")}
    command = [
        str(Path(sys.executable).with_name("weed")),
        "server",
        "-dir=data",
        "-ip=127.0.0.1",
        "-ip.bind=127.0.0.1",
        "-s3",
        "-s3.config=s3.json",
        f"-s3.port={ports['s3']}",
        f"-s3.port.grpc={ports['s3.g']}",
        f"-master.port={ports['master']}",
        f"-master.port.grpc={ports['master.g']}",
        f"-volume.port={ports['volume']}",
        f"-volume.port.grpc={ports['volume.g']}",
        "-filer",
        f"-filer.port={ports['filer']}",
        f"-filer.port.grpc={ports['filer.g']}",
        "-master.telemetry=false",
        "-s3.port.iceberg=0",
        "-s3.port.lance=0",
        f"-volume.max={volumes}",
        "-master.volumeSizeLimitMB=32",
    ]
    url = f"http://127.0.0.1:{ports['s3']}"

    def ready() -> bool:
        if not answers(ports["s3"]):
            return False
        place = BucketPlace(Link(url), bucket, Account("office", "officesecret"))
        with suppress(PlaceError), closing(place):
            place.put("ready", b"1")
            place.remove("ready")
            return True
        return False

    with running(command, folder, ready, env={"HOME": str(folder), "PATH": os.defpath}):
        yield url


@contextmanager
def openssh(folder: Path):
    """An SSH server that lets user with the key in ``folder/client`` into SFTP; yields (URL, its public key line)."""
    for name in ("host", "client"):
        if (folder / name).exists():  # started again: the key stays
            continue
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", folder / name], check=True)
    (folder / "authorized").write_text((folder / "client.pub").read_text())
    (folder / "authorized").chmod(0o600)
    (folder / "place").mkdir(exist_ok=True)
    port = free_port()
    (folder / "sshd_config").write_text(
        f"Port {port}\nListenAddress 127.0.0.1\nHostKey {folder}/host\nAuthorizedKeysFile {folder}/authorized\n"
        f"PidFile {folder}/pid\nStrictModes no\nUsePAM no\nPasswordAuthentication no\n"
        "KbdInteractiveAuthentication no\nSubsystem sftp internal-sftp\n"
    )
    sshd = shutil.which("sshd") or "/usr/sbin/sshd"
    Path("/run/sshd").mkdir(exist_ok=True)
    with running([sshd, "-D", "-e", "-f", str(folder / "sshd_config")], folder, lambda: answers(port)):
        yield f"sftp://127.0.0.1:{port}/{folder}/place", (folder / "host.pub").read_text().strip()


@contextmanager
def nasty_dav(
    folder: Path,
    user: str = "office",
    secret: str = "officesecret",
    certificate: tuple[Path, Path] | None = None,
    port: int = 0,
):
    """A WebDAV server (wsgidav) whose PUT shows half an object while it comes; yields its URL."""
    from cheroot import wsgi
    from cheroot.ssl.builtin import BuiltinSSLAdapter
    from wsgidav.wsgidav_app import WsgiDAVApp

    (folder / "dav").mkdir(exist_ok=True)
    app = WsgiDAVApp(
        {
            "provider_mapping": {"/": str(folder / "dav")},
            "simple_dc": {"user_mapping": {"*": {user: {"password": secret}}}},
            "http_authenticator": {"accept_basic": True, "accept_digest": False, "default_to_digest": False},
            "logging": {"enable": False},
            "verbose": 0,
            "property_manager": True,
            "lock_storage": True,
        }
    )
    server = wsgi.Server(("127.0.0.1", port), app, numthreads=4)
    if certificate:
        server.ssl_adapter = BuiltinSSLAdapter(*map(str, certificate))
    server.prepare()
    thread = threading.Thread(target=server.serve, daemon=True)
    thread.start()
    try:
        yield f"{'https' if certificate else 'http'}://127.0.0.1:{server.bind_addr[1]}/"
    finally:
        server.stop()
        thread.join(SECONDS)


APACHE = """ServerRoot {folder}
ServerName 127.0.0.1
Listen 127.0.0.1:{port}
PidFile {folder}/pid
ErrorLog {folder}/error.log
DefaultRuntimeDir {folder}
Mutex file:{folder}
{user}
{modules}
DAVLockDB {folder}/locks/db
DocumentRoot {folder}/dav
<Directory {folder}/dav>
  Dav On
  AuthType Basic
  AuthName office
  AuthUserFile {folder}/users
  Require valid-user
</Directory>
"""
MODULES = ("mpm_event", "authn_core", "authn_file", "authz_core", "authz_user", "auth_basic", "dav", "dav_fs")


@contextmanager
def outside():
    """A folder that a server started as root and working as somebody else can get into."""
    with tempfile.TemporaryDirectory(prefix="chuangkou-dav-") as name:
        Path(name).chmod(0o755)
        yield Path(name)


@contextmanager
def apache(folder: Path, user: str = "office", secret: str = "officesecret"):
    """Apache's own WebDAV (mod_dav) over ``folder/dav``; yields its URL. Use a folder of :func:`outside`."""
    program = shutil.which("apache2") or "/usr/sbin/apache2"
    assert Path(program).exists(), "apache2 is missing: bash .ci/setup brings it"
    for one in ("dav", "locks"):
        (folder / one).mkdir(exist_ok=True)
        (folder / one).chmod(0o777)
    digest = base64.b64encode(hashlib.sha1(secret.encode()).digest()).decode()
    (folder / "users").write_text(f"{user}:{{SHA}}{digest}\n")
    port = free_port()
    lines = (f"LoadModule {one}_module /usr/lib/apache2/modules/mod_{one}.so" for one in MODULES)
    given = {"folder": folder, "port": port, "modules": "\n".join(lines)}
    given["user"] = "User www-data\nGroup www-data" if os.geteuid() == 0 else ""
    (folder / "apache.conf").write_text(APACHE.format(**given))
    with running([program, "-DFOREGROUND", "-f", str(folder / "apache.conf")], folder, lambda: answers(port), group=True):
        yield f"http://127.0.0.1:{port}/"


@contextmanager
def killable_dav(folder: Path):
    """The nasty one as a program of its own, which can be killed; yields its URL."""
    port = free_port()
    with running([sys.executable, __file__, str(folder), str(port)], folder, lambda: answers(port)):
        yield f"http://127.0.0.1:{port}/"


if __name__ == "__main__":
    with nasty_dav(Path(sys.argv[1]), port=int(sys.argv[2])):
        threading.Event().wait()
