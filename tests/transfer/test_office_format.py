"""The published format and the program agree: schema, examples, and the worked example of the page run as it stands there."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from answer_kit import accept, an_office, counter_desk, introduce, opened, poll, send, ssh_verifies, tool  # noqa: F401 - a fixture
from test_record_schema import faults

from app.adapters.paths import forms, resources
from app.cli import main
from app.core import submission
from app.core.answer import KINDS
from app.core.answer_json import parse, written
from app.core.application import State
from app.core.places import write_places
from app.services import answers, office, places

SCHEMAS = resources() / "schemas"
SCHEMA = json.loads((SCHEMAS / "answer-1.schema.json").read_text("utf-8"))


def closed(schema):
    """The schema without the keyword that forbids other keys, and whether it was everywhere."""
    if isinstance(schema, dict):
        if schema.get("type") == "object":
            assert schema["additionalProperties"] is False
            assert set(schema["required"]) == set(schema["properties"])
        return {key: closed(one) for key, one in schema.items() if key not in {"additionalProperties", "examples"}}
    return [closed(one) for one in schema] if isinstance(schema, list) else schema


@pytest.mark.parametrize("one", SCHEMA["oneOf"], ids=lambda one: one["title"])
def test_each_kinds_example_is_an_answer_and_what_the_schema_says(one):
    (example,) = one["examples"]
    answer = parse(json.dumps(example).encode())
    assert json.loads(written(answer)) == example
    assert list(faults(closed(one), example)) == []
    assert list(faults(closed(one), {**example, "seq": 0})) == ["$.seq: too small"]


def test_the_schema_has_every_kind():
    assert [one["title"] for one in SCHEMA["oneOf"]] == list(KINDS)


def blocks() -> list[str]:
    return re.findall(r"```sh\n(.*?)```", (SCHEMAS / "README.md").read_text("utf-8"), re.DOTALL)


def test_the_worked_example_is_run_as_it_stands(desk, tmp_path, settings_for):
    """Everything on the office's side is done by the page's own commands; only the key files were made by the program."""
    side = an_office(tmp_path / "office")
    introduce(desk, side)
    settings = settings_for("folder")
    application = accept(desk)
    send(desk, settings)
    place = opened(settings)
    (path,) = place.names(submission.ready(places.wire(desk)))
    one, _ = submission.read_marker(path, place.read(path))
    known = side.cabinet.counters()[one.counter]
    environment = {
        **os.environ,
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "PLACE": settings.address,
        "MARKER": f"{settings.address}/{path}",
        "COUNTER_SIGNS": known.signs,
        "COUNTER_OPENS": known.opens,
        "APPLICATION": one.application,
        "REVISION": str(one.revision),
        "DIGEST": one.digest,
    }
    script = "set -eu\n" + "\n".join(blocks()).replace("JQ03", one.counter)
    done = subprocess.run(
        [tool("sh"), "-c", script], cwd=tmp_path / "office", env=environment, capture_output=True, check=False
    )
    assert done.returncode == 0, done.stderr.decode()
    assert json.loads((tmp_path / "office" / "record.json").read_text("utf-8"))["id"] == application.id
    place.commit(submission.answer(one.counter, 1), (tmp_path / "office" / "0000000001.age").read_bytes())
    assert poll(desk, settings).taken == (application.id,)
    assert desk.store.application(application.id).state is State.SENT


def ssh_verified(update: Path, folder: Path, scratch: Path) -> None:
    """The office's signature over a region's version, by other people's tools."""
    told = json.loads(update.read_bytes())
    (scratch / "update.sig").write_text(told["signature"])
    key = json.loads((folder / "office.json").read_bytes())["signs"]
    ssh_verifies(told["update"].encode(), scratch / "update.sig", key, "chuangkou-region", scratch)


def test_the_verbs_do_the_whole_of_it(desk, tmp_path, settings_for, capsys):
    folder, settings = tmp_path / "office", settings_for("folder")

    def verb(*given, status=0) -> str:
        assert main(["office", "--office", str(folder), *map(str, given)]) == status
        said = capsys.readouterr()
        return said.out + said.err

    assert "SHA256:" in verb("keygen", "--name", "市医保中心", "--no-passphrase")
    assert "没有动它" in verb("keygen", "--name", "市医保中心", "--no-passphrase", status=1)
    answers.take_card(desk, (folder / "office.json").read_bytes())
    name, card = answers.card(desk)
    (tmp_path / name).write_bytes(card)
    assert places.wire(desk) in verb("counter", tmp_path / name)
    application = accept(desk)
    send(desk, settings)
    counter = places.wire(desk)
    assert "收下 1 件" in verb("fetch", "--place", settings.address)
    assert "待办" in verb("list")
    assert "0 处不对" in verb("verify")
    assert "打开了" in verb("open", counter, 1, "--out", tmp_path / "out")
    verb("answer", counter, 1, "supplement", "--fault", "papers.diagnosis#2|印章不清|重新盖章", "--until", "2026-02-27")
    assert "补 1 处" in verb("list")
    assert "起始日" in verb("answer", counter, 1, "approved", "--begins", "2月6日", status=1)
    assert "没有收到过" in verb("answer", counter, 9, "accepted", "--number", "A1", status=1)
    (folder / "place.json").write_text(json.dumps({"kind": "folder", "name": "共享盘", "address": settings.address}))
    assert "放过去 1 份" in verb("publish")
    assert [one.kind for one in poll(desk, settings).outcomes] == ["supplement"]
    assert desk.store.application(application.id).state is State.SUPPLEMENT
    shutil.copytree(forms() / desk.region.id, city := tmp_path / desk.region.id)
    (city / "region.toml").write_text((city / "region.toml").read_text("utf-8").replace('"2026.1"', '"2026-12"'), "utf-8")
    assert "签好了：攀枝花市 2026-12 版" in verb("region", city, "--note", "周六开门")
    update = Path(settings.address) / "down/v1/regions" / city.name / "2026-12.json"
    ssh_verified(update, folder, tmp_path)
    assert poll(desk, settings).regions == ("2026-12",)
    (city / "form.toml").write_text("title =", "utf-8")
    assert "TOML 写法不对" in verb("region", city, status=1)
    bag = next(folder.glob("inbox/*/*/bag/data/0000.age"))
    bag.write_bytes(bag.read_bytes()[:-1])
    assert "1 处不对" in verb("verify", status=1)
    assert "读不到" in verb("publish", "--place", tmp_path / "nowhere.json", status=1)


def test_fetch_and_publish_do_it_over_every_kind_of_server(desk, tmp_path, settings_for, capsys):
    folder = tmp_path / "office"
    introduce(desk, an_office(folder))
    counter = places.wire(desk)

    def verb(*given, status=0) -> str:
        assert main(["office", "--office", str(folder), *map(str, given)]) == status
        said = capsys.readouterr()
        return said.out + said.err

    for at, kind in enumerate(("apache", "dav", "sftp"), start=1):
        settings = settings_for(kind)
        application = accept(desk)
        send(desk, settings)
        (folder / "place.json").write_text(write_places((settings,)))
        assert "收下 1 件" in verb("fetch"), kind
        assert "收下 0 件，以前收过 1 件" in verb("fetch"), kind
        verb("answer", counter, at, "approved", "--begins", "2026-02-20", "--number", f"YL26-{at}")
        assert "放过去 1 份" in verb("publish"), kind
        assert "放过去 0 份" in verb("publish"), kind
        read = poll(desk, settings)
        assert (read.refused, read.waiting) == ((), ()), kind
        assert desk.store.application(application.id).state is State.APPROVED, kind
    wrong = replace(settings_for("dav"), secret="other")
    (folder / "place.json").write_text(write_places((wrong,)))
    assert "不认这个账号或密码" in verb("fetch", status=1)


def test_the_cabinet_of_a_killed_fetch_is_whole(desk, tmp_path, settings_for):
    """A kill leaves a folder under another name; the next fetch takes the submission once."""
    side, settings = an_office(tmp_path / "office"), settings_for("folder")
    introduce(desk, side)
    accept(desk)
    send(desk, settings)
    place = opened(settings)
    left = tmp_path / "office" / "inbox" / places.wire(desk) / "0000000001-half.1.part"
    (left / "bag" / "data").mkdir(parents=True)
    assert side.cabinet.arrivals() == []
    assert len(office.fetch(side, place).accepted) == 1
    assert len(office.fetch(an_office(tmp_path / "office"), place).accepted) == 0
    answered = side.cabinet.answers(places.wire(desk))
    assert [one.answer.kind for one in answered] == ["received"]
    # Killed after it was accepted and before it was signed for: the next fetch signs.
    shutil.rmtree(tmp_path / "office" / "answers")
    office.fetch(an_office(tmp_path / "office"), place)
    assert [one.answer.seq for one in an_office(tmp_path / "office").cabinet.answers(places.wire(desk))] == [1]
