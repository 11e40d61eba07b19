"""The application form, warm, against a floor: ReportLab's canvas drawing the same glyph runs bare with the same fonts."""

import io
from dataclasses import replace
from itertools import count
from pathlib import Path

import pytest

from app.adapters.documents.fonts import FILES
from app.adapters.documents.ink import Ink
from app.adapters.documents.printery import Printery
from app.adapters.documents.trials import MOMENT, trial_cases
from app.adapters.regions import load_region
from app.services.ports import Counter

ROOT = Path(__file__).resolve().parents[2]
GOAL_MS = 20


@pytest.fixture(scope="module")
def desk():
    region = load_region(ROOT / "forms" / "gansu-jiuquan")
    return Printery(ROOT / "resources"), trial_cases(region)["typical"], region, Counter(region.id, "03", "3号窗口")


def form(desk, application):
    printery, _, region, counter = desk
    return printery.render("form", "normal", application, region, counter, moment=MOMENT)


def glyph_runs(desk, monkeypatch):
    """What the form draws as text: page, place, text, face and size of every run."""
    found, pages = [], []
    plain = Ink.text

    def record(ink, x, y, text, font, size, **rest):
        if ink not in pages:
            pages.append(ink)
        found.append((len(pages), x, y, text, font, size))
        plain(ink, x, y, text, font, size, **rest)

    with monkeypatch.context() as patch:
        patch.setattr(Ink, "text", record)
        form(desk, desk[1])
    return found


@pytest.mark.benchmark(group="form")
def test_floor_reportlab_draws_the_same_runs(desk, benchmark, monkeypatch):
    pdfmetrics = pytest.importorskip("reportlab.pdfbase.pdfmetrics")
    from reportlab.pdfbase.ttfonts import TTFont
    from reportlab.pdfgen.canvas import Canvas

    runs = glyph_runs(desk, monkeypatch)
    for name in {run[4] for run in runs}:
        pdfmetrics.registerFont(TTFont(name, str(ROOT / "resources" / "fonts" / FILES[name])))

    def bare():
        canvas = Canvas(io.BytesIO(), pagesize=(595.276, 841.89), initialFontName="song", invariant=1)
        page = 1
        for number, x, y, text, font, size in runs:
            if number != page:
                canvas.showPage()
                page = number
            canvas.setFont(font, size)
            canvas.drawString(x * 72 / 25.4, (297 - y) * 72 / 25.4, text)
        return canvas.getpdfdata()

    assert benchmark(bare).startswith(b"%PDF")


@pytest.mark.benchmark(group="form")
def test_form_warm(desk, benchmark):
    application = desk[1]
    form(desk, application)
    number = count()

    def changed():
        """Another answer every time, as on the check page: nothing of a case may be remembered."""
        return form(desk, replace(application, summary=f"{application.summary}{next(number)}"))

    assert benchmark(changed).problems == ()
    if benchmark.stats:
        benchmark.extra_info["goal_ms"] = GOAL_MS
