"""What was noted is read in words by whoever looks at 操作记录."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import app
from app.services.administration import ACTS
from app.services.audit_words import in_words

NOTED = re.compile(r"""\b_?note\((?:who|[\w.]*clerk|""), "([a-z_]+)\"""")


@pytest.mark.parametrize(
    ("act", "what", "words"),
    [
        ("selftest", "disk:good copy:warn scanner:bad camera:open", "要看：第二份备份、扫描仪"),
        ("selftest", "disk:good", "都好"),
        ("notice", "2 applicant.birth papers.diagnosis", "第 2 次，要补 2 样"),
        ("print", "notice-large 9b1a6f97 2 份", "一次性告知书（大字） 9b1a6f97 2 份"),
        ("view", "beside 01M81CTCCEBKHW54H2VZ7NT4MH", "和 VZ7NT4MH 对照"),
        ("heard", "approved", "通过"),
        ("export", "written 1, there already 0, not 2", "写了 1 件，已有 0 件，没写成 2 件"),
        ("export", "什么别的", "什么别的"),
        ("finalise", "JQ01-261120-0001-9", "JQ01-261120-0001-9"),
        ("create", "", ""),
    ],
)
def test_what_was_noted_is_told_in_words(act, what, words):
    assert in_words(act, what) == words


def test_every_act_that_the_program_notes_has_its_word():
    sources = Path(app.__file__).parent.rglob("*.py")
    noted = {act for source in sources for act in NOTED.findall(source.read_text("utf-8"))}
    assert len(noted) > 40
    assert noted - ACTS.keys() == set()
