"""What a row of letters from a scanner at the keyboard is: a code of ours, one that must not be kept, or what somebody typed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.numbering import parse_number
from app.core.scanned import Scan, ScanKind, read

TOKEN = "0A91F3c7e65b20D4481e90aa17Bc3d55"


@given(st.text("0123456789X", max_size=19))
def test_numbers_of_people_telephones_and_words_are_no_codes(row):
    assert read(row) is None or parse_number(row) is not None


@pytest.mark.parametrize(
    ("row", "scan"),
    [
        (TOKEN, Scan(ScanKind.VOUCHER)),
        ("620902190001019991", None),
        ("13800001234", None),
        ("6901028075022", None),
        ("CKP:diagnosis", Scan(ScanKind.DIVIDER)),
        ("https://example.cn/a?b=12345678901234567890", Scan(ScanKind.ADDRESS)),
        ("01KBX2V9Y7Q3N5T8R1M4C6W0ZD", Scan(ScanKind.CASE, "01KBX2V9Y7Q3N5T8R1M4C6W0ZD")),
    ],
)
def test_a_row_is_known_by_how_it_looks_and_a_token_is_not_in_what_is_said_of_it(row, scan):
    assert read(row) == scan
    assert scan is None or scan.kind is ScanKind.CASE or row not in repr(scan)
