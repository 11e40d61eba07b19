"""A region's version on its way: written and read the same, compared by its numbers, and nothing else is one."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.core import region_update
from app.core.region_update import RegionUpdate, digest, in_use, named, newer, order, parse, path, written

VERSIONS = st.lists(st.integers(0, 9999), min_size=1, max_size=4).flatmap(
    lambda parts: st.sampled_from(".-").map(lambda mark: mark.join(map(str, parts)))
)
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
UPDATES = st.builds(
    RegionUpdate,
    st.just("sample-city"),
    VERSIONS,
    st.just("2026-12-01T09:00:00"),
    st.just("样本市医保中心"),
    st.sampled_from(["", "周六 开门"]),
    st.dictionaries(st.from_regex(r"[a-z]{1,9}\.toml", fullmatch=True), TEXTS.map(str.encode), min_size=1, max_size=3).map(
        lambda files: {**files, "blank.pdf": b"%PDF\x00\xff"}
    ),
)


@settings(max_examples=30)
@given(UPDATES)
def test_an_update_reads_as_it_was_written(update):
    data = written(update)
    assert parse(data) == update
    assert region_update.disclose(region_update.enclose(data, "sig")) == (data, b"sig")
    assert named(path(update.region, update.version)) == (update.region, update.version)


@settings(max_examples=30)
@given(UPDATES, st.data())
def test_whatever_is_changed_in_it_is_no_update_or_says_so(update, data):
    told = json.loads(written(update))
    key = data.draw(st.sampled_from(sorted(told)))
    told[key] = data.draw(
        st.sampled_from([None, 0, [], {}, "\n../x", {"a/b.toml": {"text": ""}}, {"x.toml": {"base64": "AA=="}}])
    )
    with pytest.raises(ValueError):  # noqa: PT011 - which word it names is nobody's contract
        parse(json.dumps(told).encode())


@settings(max_examples=30)
@given(st.binary(max_size=60))
def test_garbage_is_no_update(data):
    for read in (parse, region_update.disclose):
        with pytest.raises(ValueError):  # noqa: PT011
            read(data)


@settings(max_examples=30)
@given(VERSIONS, VERSIONS)
def test_versions_are_compared_by_their_numbers(one, other):
    assert newer(one, other) == (order(one) > order(other))
    assert not (newer(one, other) and newer(other, one))
    assert newer(one, "第一版"), "a version that is made of words is older than any"


@pytest.mark.parametrize(
    ("base", "chosen", "knew", "used"),
    [
        ("2026.1", "", "", "2026.1"),
        ("2026.1", "2026-12", "2026-12", "2026-12"),
        ("2026.1", "2026.1", "2026-12", "2026.1"),
        ("2027.1", "2026-12", "2026-12", "2027.1"),
        ("2027.1", "2026-12", "2027.1", "2026-12"),
    ],
)
def test_a_choice_stands_until_the_program_brings_a_newer_version_than_there_was(base, chosen, knew, used):
    assert in_use(base, chosen, knew) == used


def test_the_digest_is_of_names_and_bytes():
    assert digest({"a.toml": b"1", "b.toml": b"2"}) == digest({"b.toml": b"2", "a.toml": b"1"})
    assert len({digest(one) for one in ({"a.toml": b"1"}, {"b.toml": b"1"}, {"a.toml": b"2"}, {})}) == 4
