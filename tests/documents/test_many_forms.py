"""Many different forms: either everything is on the paper, whole and inside its edges, or a problem names the field. Never neither."""

import os
import random
from dataclasses import replace

import papers
import pypdfium2
import pytest
from papers import REGIONS

from app.core.application import Agent, Applicant, Care, Disease

MANY = 1000 if os.environ.get("CHUANGKOU_DRILL") == "long" else 45
COMMON = "张王李赵陈刘杨黄周吴建国秀英桂兰市县路医院门诊号街道村组高血压糖尿病慢性肾功能衰竭"
RARE = "㛃䶮𬭎𱁬𡐓塬𤧛㐂𠅤𪚥·（）、，。0123456789ABCX "
NO_FACE_HAS = "\U000f0000\ue000"


def words(dice, least, most):
    letters = COMMON * 3 + RARE + (NO_FACE_HAS if dice.random() < 0.02 else "")
    return "".join(dice.choice(letters) for _ in range(dice.randint(least, most))).strip("·，。、 　") or "丁"


def a_case(dice, case):
    longest = 90 if dice.random() < 0.1 else 24
    return replace(
        case,
        applicant=Applicant(
            words(dice, 2, 20), "01", "510402190001019980", address=words(dice, 0, longest), phone="13800001234"
        ),
        by_agent=dice.random() < 0.5,
        agent=Agent(words(dice, 2, 16), "", "08", "E12345678", "13800001235", words(dice, 0, longest)),
        diseases=tuple(Disease(words(dice, 2, 30)) for _ in range(dice.randint(1, 5))),
        care=Care(words(dice, 2, 40), "03", "", words(dice, 0, 40)),
        summary="\n".join(words(dice, 5, 120) for _ in range(dice.randint(1, 30))),
    )


def shown(value, found):
    """Whether a value is there whole, or in two pieces: a paragraph may go on in the annex."""
    return value in found or any(value[:at] in found and value[at:] in found for at in range(1, len(value)))


@pytest.mark.parametrize("region", REGIONS)
def test_what_a_form_does_not_show_whole_is_named(region):
    dice, place = random.Random(region), papers.region(region)
    base, named, sizes = papers.case(region, "typical"), 0, []
    for _ in range(MANY // len(REGIONS)):
        case = a_case(dice, base)
        done = papers.draw("form", "normal", case, place)
        sizes.append(len(done.pdf))
        if done.problems:
            named += 1
            continue
        found = papers.text(done.pdf).replace("（转附页）", "")
        values = [case.applicant.name, case.applicant.address, case.care.hospital, *(one.name for one in case.diseases)]
        values += [case.agent.name, case.agent.address] if case.by_agent else []
        values += case.summary.splitlines()
        assert [one for one in values if not shown("".join(one.split()), found)] == []
        assert "〓" not in found
        for page in range(done.pages):
            for one in papers.chars(done.pdf, page):
                assert not one.char.strip() or (15 < one.left < 196 and 8 < one.base < 291), (one, page)
        assert done.pages == len(pypdfium2.PdfDocument(done.pdf))
    assert 0 < named < MANY // len(REGIONS)
    assert max(sizes) < 400_000
