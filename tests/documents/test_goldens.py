"""Where every character of every document stands, for each region, edition and a usual case, to a tenth of a millimetre.

The forms also in their longest case: everything shrunk, wrapped and continued on the annex.

A golden is a text file: ``page size y: x x x … text``, tenths of a millimetre from the top left corner, sizes in points. After a change that
was meant, look at the papers (``chuangkou regions preview``) and write the goldens anew::

    CHUANGKOU_RENEW=1 pytest tests/documents/test_goldens.py
"""

import os
from itertools import groupby
from pathlib import Path

import papers
import pytest
from papers import REGIONS

GOLDENS = Path(__file__).with_name("goldens")
OFFERED = [(place, kind, edition) for place in REGIONS for kind, edition in papers.printery().offered(papers.region(place))]
PAPERS = [(*one, "typical") for one in OFFERED] + [(place, "form", "normal", "longest") for place in REGIONS]


def structure(pdf, pages):
    lines = []
    for page in range(pages):
        found = [one for one in papers.chars(pdf, page) if one.char.strip()]
        for (y, size), run in groupby(found, key=lambda one: (round(one.base * 10), round(one.size, 1))):
            line = list(run)
            lines.append((page + 1, size, y, [round(one.left * 10) for one in line], whole("".join(one.char for one in line))))
    return lines


def whole(text):
    """Text as a file can hold it: the reader gives characters beyond U+FFFF in halves."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16")


def written(lines):
    return "".join(f"{page} {size:g} {y}: {' '.join(map(str, xs))} {text}\n" for page, size, y, xs, text in lines)


def read(text):
    for line in text.splitlines():
        head, _, rest = line.partition(": ")
        page, size, y = head.split(" ")
        *xs, words = rest.split(" ")
        yield int(page), float(size), int(y), [int(x) for x in xs], words


def stem(place, kind, edition, case):
    return f"{place}-{kind}-{edition}" + ("" if case == "typical" else f"-{case}")


@pytest.mark.parametrize(("place", "kind", "edition", "case"), PAPERS)
def test_every_character_stands_where_it_was_looked_at(place, kind, edition, case):
    done = papers.drawn(place, case, kind, edition)
    now = structure(done.pdf, done.pages)
    golden = GOLDENS / f"{stem(place, kind, edition, case)}.txt"
    if os.environ.get("CHUANGKOU_RENEW"):
        golden.write_text(written(now), encoding="utf-8")
    then = list(read(golden.read_text(encoding="utf-8")))
    assert [(page, size, words) for page, size, _, _, words in now] == [(page, size, words) for page, size, _, _, words in then]
    for (page, _, y, xs, words), (_, _, golden_y, golden_xs, _) in zip(now, then, strict=True):
        assert abs(y - golden_y) <= 1, (page, words)
        assert max(abs(x - golden_x) for x, golden_x in zip(xs, golden_xs, strict=True)) <= 1, (page, words)


def test_no_golden_is_left_of_a_document_that_is_gone():
    there = {path.stem for path in GOLDENS.glob("*.txt")}
    assert there == {stem(*one) for one in PAPERS}
