import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.submission import Submission, answer, read_marker, ready, wire_counter, write_marker

ulids = st.text("0123456789ABCDEFGHJKMNPQRSTVWXYZ", min_size=26, max_size=26)
digests = st.text("0123456789abcdef", min_size=64, max_size=64)
submissions = st.builds(
    Submission,
    counter=st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789", min_size=2, max_size=12),
    sequence=st.integers(1, 10**10 - 1),
    application=ulids,
    revision=st.integers(1, 999_999),
    digest=digests,
    supersedes=st.just("") | digests,
)
FIRST = Submission("JQ03", 7, "01JD2ZK7M8N9P0QRSTVWXYZABC", 1, "ab" * 32)


@given(submissions, st.text(max_size=300))
def test_a_marker_says_all_of_its_submission_and_comes_back_as_it_was(submission, signature):
    data = write_marker(submission, signature)
    assert data.isascii()
    assert read_marker(submission.marker, data) == (submission, signature)
    assert write_marker(*read_marker(submission.marker, data)) == data


def test_names_tell_counter_sequence_revision_and_digest():
    assert FIRST.bag == "up/v1/JQ03/bags/01JD2ZK7M8N9P0QRSTVWXYZABC-r1-abababababababab"
    assert FIRST.marker == "up/v1/JQ03/ready/0000000007-01JD2ZK7M8N9P0QRSTVWXYZABC-r1-abababababababab.json"
    assert FIRST.marker.startswith(ready("JQ03"))
    assert answer("JQ03", 213) == "down/v1/JQ03/0000000213.age"


@given(submissions, submissions)
def test_a_marker_under_another_name_is_not_believed(one, other):
    if one.marker != other.marker:
        with pytest.raises(ValueError, match="marker"):
            read_marker(other.marker, write_marker(one, ""))


@pytest.mark.parametrize(
    "change",
    [
        {"v": 2},
        {"seq": "7"},
        {"seq": True},
        {"bag": "up/v1/JQ03/bags/../../secret"},
        {"tagmanifest_sha256": "AB" * 32},
        {"supersedes": "x"},
        {"signature": None},
        {"counter": "jq03"},
    ],
)
def test_a_marker_with_a_changed_value_is_not_believed(change):
    body = json.loads(write_marker(FIRST, "sig")) | change
    with pytest.raises(ValueError, match="marker"):
        read_marker(FIRST.marker, json.dumps(body).encode())


@given(st.binary(max_size=200))
def test_anything_else_is_no_marker(data):
    with pytest.raises(ValueError, match="marker"):
        read_marker(FIRST.marker, data)


def test_a_revision_is_a_bag_of_its_own():
    second = replace(FIRST, revision=2, digest="cd" * 32, supersedes=FIRST.digest)
    assert second.bag != FIRST.bag
    assert read_marker(second.marker, write_marker(second, ""))[0].supersedes == FIRST.digest


@pytest.mark.parametrize(("prefix", "code"), [("jq", "03"), ("JQ", "三号"), ("JQ", "0/3"), ("", "1")])
def test_a_counter_name_that_is_not_plain_is_refused(prefix, code):
    with pytest.raises(ValueError, match="counter"):
        wire_counter(prefix, code)
