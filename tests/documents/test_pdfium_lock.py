"""Pdfium may be in one thread at a time: whatever opens a PDF with it holds the one lock."""

import threading

import papers
import pytest

from app.adapters.documents import blanks, preview, scans, signing

CASES = {
    "blank": (blanks, lambda pdf: blanks.blank(pdf + b"\n")),
    "picture": (preview, lambda pdf: preview.picture(pdf, 0, 20)),
    "check code": (scans, scans.check_code),
    "signature box": (signing, signing.sign_box),
}


@pytest.mark.parametrize("name", CASES)
def test_it_waits_for_the_one_lock_and_gives_it_back(name):
    module, act = CASES[name]
    assert module.PDFIUM is preview.PDFIUM
    pdf = papers.drawn("gansu-jiuquan", "typical").pdf
    done = threading.Event()
    with preview.PDFIUM:
        thread = threading.Thread(target=lambda: (act(pdf), done.set()), daemon=True)
        thread.start()
        assert not done.wait(0.2)
    assert done.wait(60)
    thread.join(60)
    assert not preview.PDFIUM.locked()
