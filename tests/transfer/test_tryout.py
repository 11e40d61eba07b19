"""The try-out against real servers: what holds, and which step says that it does not."""

import json
import subprocess
import sys
from contextlib import closing
from dataclasses import replace

import pytest
import servers

from app.adapters.transfer.places import AnyPlaces
from app.core.places import PlaceKind, PlaceSettings, missing, read_places, write_places
from app.services.ports.transfer import PlaceError, Trouble
from app.services.tryout import try_out

TOKEN = "01JD2ZK7M8N9P0QRSTVWXYZABC"


def tried(settings):
    return try_out(AnyPlaces(), settings, "JQ03", TOKEN)


def broken(settings):
    """The first step that did not hold: its words, its trouble. What comes after was not tried."""
    steps = tried(settings)
    at = next(at for at, step in enumerate(steps) if step.held is False)
    assert all(step.held for step in steps[:at])
    assert all(step.held is None for step in steps[at + 1 :])
    assert steps[at].problem.sentence
    return steps[at].words, steps[at].problem.trouble


def test_every_step_holds_and_nothing_is_left_behind(settings):
    assert [step.held for step in tried(settings)] == [True] * 7
    place = AnyPlaces().open(settings)
    assert list(place.names("up/")) == []
    place.close()


def test_a_second_try_out_finds_nothing_in_its_way(settings):
    tried(settings)
    assert all(step.held for step in tried(settings))


@pytest.mark.parametrize(
    ("kind", "change", "expected"),
    [
        ("bucket", {"address": "http://no-such-name.invalid"}, ("找到地址", Trouble.NAME)),
        ("bucket", {"secret": "other"}, ("登录", Trouble.CREDENTIALS)),
        ("dav", {"secret": "other"}, ("登录", Trouble.CREDENTIALS)),
        ("sftp", {"user": "nobody-there"}, ("登录", Trouble.CREDENTIALS)),
    ],
)
def test_what_is_wrong_is_named_at_its_step(settings_for, kind, change, expected):
    assert broken(settings_for(kind, **change)) == expected


def test_a_closed_port_is_told_from_a_missing_name():
    settings = PlaceSettings(PlaceKind.DAV, "市局", f"http://127.0.0.1:{servers.free_port()}/")
    assert broken(settings) == ("端口应答", Trouble.REFUSED)


def test_an_ssh_server_with_another_key_is_not_signed_in_to(settings_for, tmp_path):
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", tmp_path / "other"], check=True)
    other = (tmp_path / "other.pub").read_text().strip()
    assert broken(settings_for("sftp", host_key=other)) == ("对方身份", Trouble.CERTIFICATE)


def test_the_key_to_pin_is_the_one_the_server_shows(settings_for):
    settings = settings_for("sftp")
    assert AnyPlaces().host_key(replace(settings, host_key="")).split()[:2] == settings.host_key.split()[:2]


def test_a_folder_that_is_not_there_or_cannot_be_written_is_named(tmp_path):
    gone = PlaceSettings(PlaceKind.FOLDER, "U 盘", str(tmp_path / "gone"))
    assert broken(gone) == ("找到文件夹", Trouble.GONE)
    (tmp_path / "file").write_text("")
    assert broken(replace(gone, address=str(tmp_path / "file")))[1] is Trouble.GONE


@pytest.fixture(scope="module")
def authority(tmp_path_factory):
    """The office's own authority, a server's certificate from it, and one that is over."""
    folder = tmp_path_factory.mktemp("authority")

    def openssl(*arguments):
        subprocess.run(["openssl", *arguments], cwd=folder, check=True, capture_output=True)

    new = ("-newkey", "rsa:2048", "-nodes")
    openssl("req", "-x509", *new, "-keyout", "ca.key", "-out", "ca.pem", "-days", "3650", "-subj", "/CN=Office CA")
    (folder / "ext").write_text("subjectAltName=IP:127.0.0.1\nbasicConstraints=CA:FALSE\n")
    openssl("req", *new, "-keyout", "key.pem", "-out", "request", "-subj", "/CN=127.0.0.1")
    for name, days in (("sound.pem", "30"), ("over.pem", "-1")):
        sign = ("x509", "-req", "-in", "request", "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-extfile", "ext")
        openssl(*sign, "-days", days, "-out", name)
    return folder


def test_a_certificate_that_is_over_asks_for_the_date_first(tmp_path, authority):
    with servers.nasty_dav(tmp_path, certificate=(authority / "over.pem", authority / "key.pem")) as url:
        settings = PlaceSettings(PlaceKind.DAV, "市局", url, authority=(authority / "ca.pem").read_text())
        assert broken(settings) == ("对方身份", Trouble.CLOCK)


def test_a_certificate_of_an_unknown_authority_is_refused_before_signing_in(tmp_path, authority):
    with servers.nasty_dav(tmp_path, certificate=(authority / "sound.pem", authority / "key.pem")) as url:
        settings = PlaceSettings(PlaceKind.DAV, "市局", url, user="office", secret="officesecret")
        assert broken(settings) == ("对方身份", Trouble.CERTIFICATE)


def test_with_the_offices_own_authority_every_step_holds(tmp_path, authority):
    program = """
import json, sys
from pathlib import Path
from app.adapters.transfer.places import AnyPlaces, trust
from app.core.places import read_places
from app.services.tryout import try_out
(settings,) = read_places(sys.stdin.read())
trust([settings.authority], Path(sys.argv[1]))
print(json.dumps([step.held for step in try_out(AnyPlaces(), settings, "JQ03", "T")]))
"""
    with servers.nasty_dav(tmp_path, certificate=(authority / "sound.pem", authority / "key.pem")) as url:
        settings = PlaceSettings(
            PlaceKind.DAV, "市局", url, user="office", secret="officesecret", authority=(authority / "ca.pem").read_text()
        )
        # OpenDAL reads the authorities once in a process, hence one of its own.
        told = subprocess.run(
            [sys.executable, "-c", program, tmp_path],
            input=write_places((settings,)),
            capture_output=True,
            text=True,
            check=False,
        )
    assert told.returncode == 0, told.stderr[-2000:]
    assert json.loads(told.stdout) == [True] * 7, told.stdout


def test_an_authority_that_came_after_the_first_connection_asks_for_a_new_start(tmp_path, authority):
    with servers.nasty_dav(tmp_path, certificate=(authority / "sound.pem", authority / "key.pem")) as url:
        settings = PlaceSettings(PlaceKind.DAV, "市局", url, user="office", secret="officesecret")
        with closing(AnyPlaces().open(settings)) as place, pytest.raises(PlaceError) as told:
            place.read("first")
        assert told.value.trouble is Trouble.CERTIFICATE
        known = replace(settings, authority=(authority / "ca.pem").read_text())
        step = next(step for step in tried(known) if step.problem)
        assert (step.words, step.problem.trouble) == ("登录", Trouble.CERTIFICATE)
        assert "重开" in step.problem.sentence


def test_settings_come_back_as_they_were_and_their_words_hold_no_secret():
    places = (
        PlaceSettings(PlaceKind.FOLDER, "共享盘", "/srv/up"),
        PlaceSettings(PlaceKind.SFTP, "市局", "sftp://10.8.0.1/up", user="w03", secret="geheim", host_key="ssh-ed25519 AAAA"),
    )
    assert read_places(write_places(places)) == places
    assert read_places("") == ()
    assert "geheim" not in repr(places)


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        (PlaceSettings(PlaceKind.FOLDER, "", "/srv"), "地点还没有名字"),
        (PlaceSettings(PlaceKind.FOLDER, "盘", " "), "文件夹还没选"),
        (PlaceSettings(PlaceKind.BUCKET, "局", "10.8.0.1", bucket="b"), "地址读不出来，写成 https://名字:端口/路径"),
        (PlaceSettings(PlaceKind.BUCKET, "局", "sftp://10.8.0.1", bucket="b"), "地址写成 https://名字:端口/路径"),
        (PlaceSettings(PlaceKind.DAV, "局", "https://[fe80::1]:8443/up"), ""),
        (PlaceSettings(PlaceKind.BUCKET, "局", "https://s3.office"), "桶名还没填"),
        (PlaceSettings(PlaceKind.DAV, "局", "https://u:p@dav.office/"), "账号和密码不写在地址里，填在下面"),
        (PlaceSettings(PlaceKind.DAV, "局", "https://dav.office:x/"), "地址读不出来，写成 https://名字:端口/路径"),
        (PlaceSettings(PlaceKind.SFTP, "局", "sftp://office/up"), "对方的密钥还没核对"),
        (PlaceSettings(PlaceKind.DAV, "局", "https://dav.office/up"), ""),
    ],
)
def test_what_a_place_lacks_is_said_before_it_is_tried(settings, expected):
    assert missing(settings) == expected
