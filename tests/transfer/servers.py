"""Real servers on loopback for the tests, each in a folder of its own, ended with the test session."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
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
def running(command, folder: Path, ready, **more):
    """Run a server until the block ends; its output is shown when it does not start."""
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
        process.kill()
        process.wait()
        log.close()


@contextmanager
def seaweed(folder: Path, bucket: str = "office"):
    """An S3 store with one account (office / officesecret) and one bucket; yields its URL."""
    import opendal

    (folder / "data").mkdir()
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
        "-volume.max=20",
        "-master.volumeSizeLimitMB=32",
    ]
    url = f"http://127.0.0.1:{ports['s3']}"
    options = {"access_key_id": "office", "secret_access_key": "officesecret", "disable_config_load": "true"}

    def ready() -> bool:
        if not answers(ports["s3"]):
            return False
        operator = opendal.Operator("s3", bucket=bucket, endpoint=url, region="us-east-1", **options)
        with suppress(Exception):
            operator.write("ready", b"1")
            operator.delete("ready")
            return True
        return False

    with running(command, folder, ready, env={"HOME": str(folder), "PATH": os.defpath}):
        yield url


@contextmanager
def openssh(folder: Path):
    """An SSH server that lets user with the key in ``folder/client`` into SFTP; yields (URL, its public key line)."""
    for name in ("host", "client"):
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", folder / name], check=True)
    (folder / "authorized").write_text((folder / "client.pub").read_text())
    (folder / "authorized").chmod(0o600)
    (folder / "place").mkdir()
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
def nasty_dav(folder: Path, user: str = "office", secret: str = "officesecret", certificate: tuple[Path, Path] | None = None):
    """A WebDAV server (wsgidav) whose PUT shows half an object while it comes; yields its URL."""
    from cheroot import wsgi
    from cheroot.ssl.builtin import BuiltinSSLAdapter
    from wsgidav.wsgidav_app import WsgiDAVApp

    (folder / "dav").mkdir()
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
    server = wsgi.Server(("127.0.0.1", 0), app, numthreads=4)
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
