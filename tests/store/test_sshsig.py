"""Signatures against OpenSSH's own ssh-keygen, in both directions, and everything that is not one."""

from __future__ import annotations

import base64
import os
import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from app.adapters.signing import OfficeSignatures, sign, verify
from app.core.errors import AppError
from app.core.received import NAMESPACE

if TYPE_CHECKING:
    from pathlib import Path

KEYGEN = shutil.which("ssh-keygen") or ""
KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
OTHER = Ed25519PrivateKey.from_private_bytes(bytes(range(1, 33)))
DATA = "件已收到\n".encode()

needs_openssh = pytest.mark.skipif(not KEYGEN, reason="openssh-client is not installed")


def line(key: Ed25519PrivateKey) -> str:
    return key.public_key().public_bytes(serialization.Encoding.OpenSSH, serialization.PublicFormat.OpenSSH).decode()


def run(*words: object, data: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    return subprocess.run([KEYGEN, *map(str, words)], input=data, capture_output=True, check=False)


@pytest.fixture
def key_file(tmp_path) -> Path:
    path = tmp_path / "office"
    path.write_bytes(
        KEY.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.OpenSSH, serialization.NoEncryption())
    )
    path.chmod(0o600)
    return path


@needs_openssh
@pytest.mark.parametrize("data", [b"", DATA, os.urandom(200_000)], ids=["empty", "text", "long"])
def test_what_is_signed_here_holds_for_ssh_keygen_and_only_so(tmp_path, data):
    (tmp_path / "signers").write_text(f"office {line(KEY)}\n", "ascii")
    (tmp_path / "x.sig").write_bytes(sign(data, KEY, NAMESPACE))
    ask = ["-Y", "verify", "-f", tmp_path / "signers", "-I", "office", "-s", tmp_path / "x.sig", "-n"]
    assert run(*ask, NAMESPACE, data=data).returncode == 0
    assert run(*ask, "file", data=data).returncode != 0
    assert run(*ask, NAMESPACE, data=data + b" ").returncode != 0


@needs_openssh
@pytest.mark.parametrize("hashed", ["sha512", "sha256"])
def test_what_ssh_keygen_signs_holds_here_and_only_so(tmp_path, key_file, hashed):
    file = tmp_path / "answer.received.json"
    file.write_bytes(DATA)
    assert run("-Y", "sign", "-f", key_file, "-n", NAMESPACE, "-O", f"hashalg={hashed}", file).returncode == 0
    signature = (tmp_path / "answer.received.json.sig").read_bytes()
    assert verify(DATA, signature, line(KEY), NAMESPACE)
    assert not verify(DATA + b" ", signature, line(KEY), NAMESPACE)
    assert not verify(DATA, signature, line(OTHER), NAMESPACE)
    assert not verify(DATA, signature, line(KEY), "file")


@needs_openssh
def test_ours_is_byte_for_byte_what_ssh_keygen_writes_and_so_is_the_fingerprint(tmp_path, key_file):
    assert run("-Y", "sign", "-f", key_file, "-n", NAMESPACE, data=DATA).stdout == sign(DATA, KEY, NAMESPACE)
    (tmp_path / "office.pub").write_text(line(KEY), "ascii")
    told = run("-l", "-f", tmp_path / "office.pub").stdout.decode().split()
    assert told[1] == OfficeSignatures().fingerprint(line(KEY))


@pytest.mark.parametrize("windows", [False, True])
def test_line_ends_of_another_system_change_nothing(windows):
    armored = sign(DATA, KEY, NAMESPACE).replace(b"\n", b"\r\n" if windows else b"\n")
    assert verify(DATA, armored, line(KEY), NAMESPACE)


@given(st.binary(max_size=300))
def test_what_is_no_signature_is_none(noise):
    assert not verify(DATA, noise, line(KEY), NAMESPACE)
    wrapped = (
        b"-----BEGIN SSH SIGNATURE-----\n" + base64.b64encode(b"SSHSIG\0\0\0\1" + noise) + b"\n-----END SSH SIGNATURE-----\n"
    )
    assert not verify(DATA, wrapped, line(KEY), NAMESPACE)


@given(st.data())
def test_a_signature_with_any_one_bit_flipped_is_none(data):
    armored = sign(DATA, KEY, NAMESPACE)
    lines = armored.decode().splitlines()
    packed = bytearray(base64.b64decode("".join(lines[1:-1])))
    at = data.draw(st.integers(0, len(packed) * 8 - 1))
    packed[at // 8] ^= 1 << at % 8
    changed = "\n".join([lines[0], base64.b64encode(packed).decode(), lines[-1]]).encode()
    assert not verify(DATA, changed, line(KEY), NAMESPACE)


@given(st.binary(max_size=200), st.text("abcdefgh-@.", min_size=1, max_size=20))
def test_a_signature_holds_for_its_own_data_and_namespace(data, namespace):
    armored = sign(data, KEY, namespace)
    assert verify(data, armored, line(KEY), namespace)
    assert not verify(data, armored, line(KEY), namespace + "x")


def test_a_pasted_key_is_kept_without_its_comment():
    assert OfficeSignatures().key(f"  {line(KEY)} office@example \n") == line(KEY)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "ssh-ed25519",
        "ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAAAAQC7",
        "ssh-ed25519 ????",
        "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIA==",
        f"{line(KEY)}\n{line(OTHER)}",
        "-----BEGIN OPENSSH PRIVATE KEY-----",
    ],
)
def test_what_is_no_public_key_is_said_so(text):
    with pytest.raises(AppError, match="ssh-ed25519"):
        OfficeSignatures().key(text)
