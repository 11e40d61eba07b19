"""Settings are data: every value survives being kept, every text that does not fit is told what does, a file says what it would change."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.core.errors import RefusedFileError
from app.core.settings import LONGEST, Kind, Setting, Who
from app.core.settings_all import ALL, COPY_FIRST, COVER, IDLE, PRINTED, RETENTION, SCALE, SETTINGS, SHOWN
from app.core.settings_file import FORMAT, Difference, compare, written
from app.services import printing

DAY = "2026-02-06"
CHANGEABLE = [one for one in ALL if one.who is not Who.FIXED]
TRAVELLING = [one for one in ALL if one.hall]


def values(one: Setting):
    match one.kind:
        case Kind.NUMBER:
            numbers = st.integers(one.least, one.most)
            return numbers | st.none() if one.none else numbers
        case Kind.SWITCH:
            return st.booleans()
        case Kind.CHOICE:
            return st.sampled_from([code for code, _ in one.words])
        case _:
            return st.from_regex(r"[!-~一-龥]{0,40}", fullmatch=True)


any_value = st.sampled_from(CHANGEABLE).flatmap(lambda one: st.tuples(st.just(one), values(one)))


@given(any_value)
def test_a_value_is_read_back_as_it_was_written(pair):
    one, value = pair
    text = one.write(value)
    assert one.problem(text) == ""
    assert one.read(text) == value
    assert one.say(value)


@given(st.sampled_from([one for one in ALL if one.kind is Kind.NUMBER]), st.integers(-10_000, 10_000) | st.text(max_size=9))
def test_a_number_fits_its_range_or_the_range_is_said(one, typed):
    text = str(typed)
    problem = one.problem(text)
    if problem:
        assert f"{one.least} 到 {one.most}" in problem
        assert one.read(text) == one.default
    else:
        assert one.read(text) is None or one.least <= one.read(text) <= one.most


def test_digits_of_an_input_method_are_digits_and_long_texts_are_refused():
    assert SETTINGS[IDLE].read(" １２ ") == 12
    assert str(LONGEST) in SETTINGS["office_key"].problem("x" * (LONGEST + 1))
    assert SETTINGS[SCALE].problem("130").startswith("选一个：100 %")
    assert SETTINGS["audit"].problem("随便") == "操作记录是固定的，不能改"


def test_every_setting_is_described_once_in_plain_words():
    assert len(SETTINGS) == len(ALL)
    assert len({one.name for one in ALL}) == len(ALL)
    for one in ALL:
        assert one.meaning.endswith("。")
        assert one.say(one.default)
        assert not (one.hall and one.kind in {Kind.FOLDER, Kind.TEXT}), "paths and keys stay at their counter"
        assert one.problem(one.write(one.default)) == "" or one.kind is Kind.TEXT


def test_every_paper_that_prints_has_its_number_of_copies():
    papers = {kind for kind in printing.TITLES if kind == printing.usual(kind) and not kind.endswith("-scan")}
    copies = {one.id.removeprefix(PRINTED): one.name for one in ALL if one.id.startswith(PRINTED)}
    assert copies == {kind: f"{printing.TITLES[kind]}印几份" for kind in papers}


@settings(max_examples=25)
@given(st.fixed_dictionaries({one.id: values(one) for one in TRAVELLING}))
def test_a_file_brings_every_setting_as_it_was(there):
    kept = {id_: SETTINGS[id_].write(value) for id_, value in there.items()}
    found = compare(written(kept, DAY), {}, {})
    came = {one.setting.id: one.setting.read(one.new) for one in found.changes}
    assert came == {id_: value for id_, value in there.items() if value != SETTINGS[id_].default}
    assert (found.unknown, found.refused) == ((), ())
    assert compare(written(kept, DAY), kept, {}).changes == ()


def test_a_file_can_be_read_by_people_and_holds_nothing_of_this_counter():
    text = written({one.id: one.write(one.default) for one in ALL}, DAY).decode()
    assert '# 离开几分钟锁定（1–30 分钟）\n"idle_minutes" = 5' in text
    assert "# 回执等第二份备份（true 等，false 不等）" in text
    assert not [one.id for one in ALL if not one.hall and f'"{one.id}"' in text]


def file(body: str, number: int = FORMAT) -> bytes:
    return f"format = {number}\n[settings]\n{body}\n".encode()


def test_what_a_file_would_change_is_told_and_what_does_not_fit_is_named():
    body = f'{IDLE} = 3\n"{SHOWN}" = 5\n{COPY_FIRST} = 1\n{SCALE} = "125"\n{RETENTION} = 60\n"{COVER}" = true\nfuture = 2'
    found = compare(file(body), {IDLE: "8"}, {RETENTION: "本地规定 90 天"})
    assert [(one.setting.id, one.words) for one in found.changes] == [(IDLE, ("8 分钟", "3 分钟"))]
    assert (found.same, found.unknown) == (1, ("future",))
    assert dict(found.refused) == {
        "显示全名多久自己遮上": "写 10 到 120 之间的整数",
        "回执等第二份备份": "写的是 true 或 false",
        "放大": "不随文件走，在每个窗口自己设",
        "送达后原件保留几天": "本地规定 90 天",
    }


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"\xff\xfe", "读不懂"),
        (b"idle_minutes = 3", "不是窗口程序的设置文件"),
        (b"format = true\n[settings]", "不是窗口程序的设置文件"),
        (file("", FORMAT + 1), "更新的程序版本"),
        (b"#" * 300_000, "太大"),
    ],
)
def test_another_file_changes_nothing_and_says_why(data, words):
    with pytest.raises(RefusedFileError) as refused:
        compare(data, {}, {})
    assert words in refused.value.sentence


def outcome(data: bytes) -> Difference | str:
    try:
        return compare(data, {}, {})
    except RefusedFileError as refused:
        return refused.sentence


@given(st.binary(max_size=200) | st.text(max_size=200).map(file))
def test_whatever_stands_in_a_file_is_a_difference_or_a_sentence(data):
    came = outcome(data)
    assert isinstance(came, Difference) or came
