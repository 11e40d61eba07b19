"""Sealed bags, judged by other people's tools: bagit.py, Debian's age, OpenSSH."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pyrage
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from disk_kit import full, small_disk

from app.adapters.signing import sign
from app.adapters.transfer.seal import BagSealer
from app.core.errors import AppError
from app.core.submission import NAMESPACE

FILES = (
    ("record.json", '{"name": "样本"}'.encode()),
    ("form.pdf", b"%PDF-" + bytes(70_000)),
    ("originals/transplant-p1.jpg", b""),
)
INFO = {"External-Identifier": "01JD2ZK7M8N9P0QRSTVWXYZABC-r1", "Bagging-Date": "2026-11-20"}


@pytest.fixture
def office():
    return pyrage.x25519.Identity.generate()


@pytest.fixture
def key():
    return Ed25519PrivateKey.generate()


def signing(key):
    return lambda data: sign(data, key, NAMESPACE).decode()


@pytest.fixture
def sealed(tmp_path, office, key):
    return BagSealer().seal(
        tmp_path / "bag",
        FILES,
        recipients=[str(office.to_public())],
        sign=signing(key),
        info=INFO,
    )


def test_bagit_py_finds_the_bag_whole(sealed):
    command = [sys.executable, str(Path(sys.executable).with_name("bagit.py")), "--validate", str(sealed.folder)]
    told = subprocess.run(command, capture_output=True, text=True, check=False)
    assert told.returncode == 0, told.stderr


def test_age_opens_each_file_and_nothing_shows_before(sealed, office, tmp_path):
    identity = tmp_path / "office.txt"
    identity.write_text(str(office))
    for at, (_name, data) in enumerate(FILES):
        path = sealed.folder / "data" / f"{at:04}.age"
        assert data == b"" or data not in path.read_bytes()
        age = shutil.which("age")
        assert age, "age is missing: bash .ci/setup brings it"
        assert subprocess.run([age, "-d", "-i", identity, path], capture_output=True, check=True).stdout == data


def test_ssh_keygen_verifies_the_signature(sealed, key, tmp_path):
    signers = tmp_path / "signers"
    signers.write_bytes(b"JQ03 " + key.public_key().public_bytes(Encoding.OpenSSH, PublicFormat.OpenSSH) + b"\n")
    command = ["ssh-keygen", "-Y", "verify", "-f", signers, "-I", "JQ03", "-n", NAMESPACE, "-s"]
    command.append(sealed.folder / "tagmanifest-sha256.txt.sig")
    tags = (sealed.folder / "tagmanifest-sha256.txt").read_bytes()
    assert subprocess.run(command, input=tags, capture_output=True, check=False).returncode == 0
    assert subprocess.run(command, input=tags + b"x", capture_output=True, check=False).returncode != 0


def test_no_name_and_no_tag_file_says_what_was_sealed(sealed):
    names = [path.relative_to(sealed.folder).as_posix() for path in sealed.folder.rglob("*")]
    assert not any("transplant" in name for name in names)
    assert all("样本" not in (sealed.folder / name).read_text() for name in BagSealer().names(sealed) if "data/" not in name)


def test_every_office_key_opens_it(tmp_path, key):
    offices = [pyrage.x25519.Identity.generate() for _ in range(2)]
    made = BagSealer().seal(
        tmp_path / "bag",
        FILES,
        recipients=[str(one.to_public()) for one in offices],
        sign=signing(key),
        info=INFO,
    )
    for one in offices:
        assert pyrage.decrypt((made.folder / "data/0000.age").read_bytes(), [one]) == FILES[0][1]


def test_sent_order_is_payload_then_tag_files_then_the_signature(sealed):
    names = BagSealer().names(sealed)
    assert names[:3] == ("data/0000.age", "data/0001.age", "data/0002.age")
    assert names[-1] == "tagmanifest-sha256.txt.sig"
    assert sum(len(BagSealer().read(sealed, name)) for name in names) >= sealed.bytes


def test_a_spooled_bag_is_read_back_as_it_was_sealed(sealed):
    assert BagSealer().spooled(sealed.folder) == sealed


@pytest.mark.parametrize("name", ["data/0001.age", "bag-info.txt", "manifest-sha256.txt", "tagmanifest-sha256.txt"])
def test_a_changed_byte_is_noticed_before_it_is_sent(sealed, name):
    path = sealed.folder / name
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)
    with pytest.raises(AppError, match="再封一次"):
        BagSealer().spooled(sealed.folder)


def test_what_an_interrupted_sealing_left_is_thrown_away(tmp_path, office, key):
    (tmp_path / "bag.part" / "data").mkdir(parents=True)
    (tmp_path / "bag.part" / "data" / "0000.age").write_bytes(b"half")
    keys = [str(office.to_public())]
    made = BagSealer().seal(tmp_path / "bag", FILES, recipients=keys, sign=signing(key), info=INFO)
    assert not (tmp_path / "bag.part").exists()
    assert BagSealer().spooled(made.folder) == made


@full
@pytest.mark.parametrize("size", [40_000, 100_000, 300_000, 2_000_000, 3_000_000])
def test_on_a_full_disk_nothing_half_sealed_stays_and_no_file_stays_open(tmp_path, office, key, size):
    files = [(f"originals/{at}.jpg", bytes(size // 4)) for at in range(8)]
    keys = [str(office.to_public())]
    with small_disk(tmp_path / "small", size) as disk:
        before = open_under(disk)
        with pytest.raises(AppError, match="腾出空间会自动再封"):
            BagSealer().seal(disk / "bag", files, recipients=keys, sign=signing(key), info=INFO)
        assert (list(disk.iterdir()), open_under(disk)) == ([], before)
        made = BagSealer().seal(disk / "bag", FILES[:1], recipients=keys, sign=signing(key), info=INFO)
        assert BagSealer().spooled(made.folder) == made


def open_under(folder):
    """Return this process's open files in a folder."""
    held = (os.path.realpath(link) for link in Path("/proc/self/fd").iterdir())
    return [one for one in held if one.startswith(str(folder))]


def test_a_forgotten_bag_is_gone_and_may_be_forgotten_again(sealed):
    BagSealer().forget(sealed.folder)
    BagSealer().forget(sealed.folder)
    assert not sealed.folder.exists()
    with pytest.raises(AppError):
        BagSealer().spooled(sealed.folder)


@pytest.mark.parametrize("keys", [[], ["age1nonsense"], ["ssh-ed25519 AAAA"]])
def test_without_a_sound_office_key_nothing_is_sealed(tmp_path, key, keys):
    with pytest.raises(AppError, match="公钥"):
        BagSealer().seal(tmp_path / "bag", FILES, recipients=keys, sign=lambda _data: "", info=INFO)
    assert not (tmp_path / "bag").exists()
