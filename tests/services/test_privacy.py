"""Whole names are for the moment that needs them: lists, logs and temporary folders."""

import logging
from dataclasses import replace

import pytest
from whole_kit import CLERK, answered, case_of, complete, files_of

from app.adapters import logs
from app.core.errors import AppError
from app.core.masks import BARE, COVERED
from app.core.notice import Notice, told
from app.services import intake, originals, privacy
from app.services.finalise import Missing, finalise


def test_lists_are_covered_until_the_office_decides_otherwise_with_a_reason(desk):
    assert privacy.veil(desk) == COVERED
    with pytest.raises(AppError):
        privacy.set_cover(desk, on=False, reason=" ")
    assert privacy.veil(desk) == COVERED
    privacy.set_cover(desk, on=False, reason="屏幕只有经办人员看得到")
    assert privacy.veil(desk) == BARE
    privacy.set_cover(desk, on=True, reason="换了位置")
    assert privacy.veil(desk) == COVERED
    acts = [(entry.who, entry.act) for entry in desk.store.audit() if "cover" in entry.act]
    assert acts == [(CLERK, "cover_lists"), (CLERK, "uncover_lists")]


def test_showing_whole_names_is_in_the_audit(desk):
    privacy.shown(desk, "queue")
    entry = desk.store.audit(1)[0]
    assert (entry.who, entry.act, entry.what) == (CLERK, "show_names", "queue")


def test_the_veil_covers_or_shows_whole():
    assert (COVERED.name("沈桂兰"), COVERED.cert("51040219000101998X"), COVERED.phone("13800001234")) == (
        "沈*兰",
        "5104 **** 998X",
        "138 **** 1234",
    )
    assert (BARE.name("沈桂兰"), BARE.cert("51040219000101998X"), BARE.phone("13800001234")) == (
        "沈桂兰",
        "510402 19000101 998X",
        "138 0000 1234",
    )


def test_nobody_is_accepted_who_was_not_told_how_the_data_is_processed(desk):
    application, _ = intake.save(desk, complete(desk, notified=""))
    result = finalise(desk, application)
    assert isinstance(result, Missing)
    assert [(f.id, f.step, f.title) for f in result.findings] == [("notified.missing", "identity", "还没告知个人信息处理")]


def test_a_draft_told_by_an_older_notice_is_told_again(desk):
    application, _ = intake.save(desk, answered(desk, notified="2025.3"))
    assert intake.reopen(desk, application.id).notified == ""
    current, _ = intake.save(desk, answered(desk))
    assert intake.reopen(desk, current.id).notified == desk.notice.version


def test_the_notice_says_what_the_place_says_and_leaves_the_rest_to_the_office(open_at):
    for place, office in (("gansu-jiuquan", "酒泉市医疗保障经办机构"), ("sichuan-panzhihua", "攀枝花市医疗保障经办机构")):
        desk = open_at(place)
        said = dict(told(desk.notice, desk.region, desk.counter))
        assert said["谁来处理"] == f"{office}。"
        assert said["保存多久"] == "保存期限问经办机构。"
        assert desk.region.fact("hotline").text in said["怎样联系"]
    silent = replace(desk.region, facts={})
    assert told(
        Notice("1", "x", (("a", "{office}"), ("b", "{contact}"))), silent, replace(desk.counter, phone="", address="")
    ) == (
        ("a", "办理本事项的医疗保障经办机构（名称问经办机构）"),
        ("b", "联系方式问经办机构"),
    )


def values(place):
    """Everything the specimen says of people, as it was typed."""
    case = case_of(place)
    personal = ("applicant.", "agent.", "summary", "care.doctor", "insurance.card")
    found = {str(one["value"]) for one in case["answers"] if one["path"].startswith(personal)}
    return {one for one in found if len(one) > 2 and one != "长期"} | {reason["text"] for reason in case["reason"]}


def test_a_whole_case_leaves_nothing_in_logs_and_nothing_in_clear_anywhere(open_at, tmp_path, monkeypatch):
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    for name in ("TMPDIR", "TEMP", "TMP", "SQLITE_TMPDIR"):
        monkeypatch.setenv(name, str(temporary))
    monkeypatch.setattr("tempfile.tempdir", str(temporary))
    desk = open_at("gansu-jiuquan")
    log = logs.configure(tmp_path)
    try:
        application, _ = intake.save(desk, complete(desk))
        files = files_of("gansu-jiuquan", "id-front.jpg", "discharge.pdf")
        taken = originals.take(desk, application, "records", (*files, originals.Incoming(b"no picture", "柏守田.jpg")))
        application = originals.place(application, "records", taken.pages)
        finalise(desk, application)
        try:
            int(application.applicant.name)  # a bug of ours whose message quotes what was typed
        except ValueError:
            logging.getLogger("app.test").exception("case.broken")
    finally:
        logs.close()
    said = log.read_text("utf-8")
    assert "case.broken" in said
    assert [one for one in values("gansu-jiuquan") if one in said] == []
    assert list(temporary.iterdir()) == []
    store = b"".join(path.read_bytes() for path in desk.data_dir.rglob("*") if path.is_file())
    assert [one for one in values("gansu-jiuquan") if one.encode() in store] == []
    assert b"%PDF" not in store
