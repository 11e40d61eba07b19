"""The norms for old eyes and hands, computed from the real widgets of every page of the applicant's screen, at every scale.

工信部 2021-04 适老化通用设计规范: text 18 pt and more, numbers 30 pt and more, lines 1.3 apart, contrast 4.5, targets 60, colour never the only sign, no
time limit, nothing that pops up. Lengths are logical pixels at 96 to the inch, so 18 pt are 24 px whatever the monitor's scale.
"""

import os
import re
from dataclasses import replace
from itertools import combinations, pairwise
from types import SimpleNamespace

import numpy as np
import pytest
from PySide6.QtCore import QAbstractAnimation, QEvent, QPoint, QRect, Qt, QTimer
from PySide6.QtGui import QFontInfo, QFontMetrics, QImage
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QWidget
from whole_kit import PZH, FixedClock, complete, region, resources

from app.adapters.applicant_texts import load_texts
from app.core import applicant_pages as pages
from app.core.applicant_view import FORWARD, Act, Page, View
from app.core.application import Acceptance, Agent
from app.core.requirements import needs
from app.core.spoken import aloud
from app.ui.applicant.pages import PageView
from app.ui.applicant.window import ApplicantWindow
from app.ui.kit.icons import Icon
from app.ui.kit.sign_pad import SignPad

TEXT_PX, NUMBER_PX = 24, 40
LINE, PARAGRAPH = 1.3, 1.3 * 1.3
TARGET_PX = 60
TEXT_CONTRAST, PART_CONTRAST = 4.5, 3.0

# A monitor's width and height in logical pixels, how much of its scale is the program's own (QT_SCALE_FACTOR; the rest is the system's, for its
# monitor), and whether letters are the larger ones.
SIZES = {
    "100%": (1366, 768, 1.0, False),
    "150% by the system": (910, 512, 1.0, False),
    "200%": (683, 384, 2.0, False),
    "larger letters": (1366, 768, 1.0, True),
}
if os.environ.get("CHUANGKOU_DRILL") == "long":
    SIZES |= {
        "150%": (910, 512, 1.5, False),
        "200% by the system": (960, 540, 1.0, False),
        "larger letters at 150%": (910, 512, 1.5, True),
        "larger letters at 200%": (683, 384, 2.0, True),
        "a large monitor": (1920, 1080, 1.0, False),
        "an old monitor": (1280, 1024, 1.0, False),
    }


def facts(**changes):
    """One case as the screen is given it."""
    place = region(PZH)
    desk = SimpleNamespace(region=place, clock=FixedClock("2026-02-06"), counter=SimpleNamespace(code="03"), clerk="周敏")
    application = complete(desk)
    if changes.get("agent"):
        application = replace(application, by_agent=True, agent=Agent(name="沈丽", relation="child", phone="13900004821"))
    day = desk.clock.now().date()
    wanted = needs(application, place, day)
    return pages.Facts(application, place, wanted, "3 号窗口", "0812-3334567")


def views() -> dict[str, View]:
    (texts,) = (one for one in load_texts(resources()) if one.language == "zh-CN")
    own, agents = facts(), facts(agent=True)
    accepted = Acceptance("PZ03-260206-0007-7", "2026-02-06T10:30:00", "2026-03-06", clerk="周敏", counter_code="03")
    done = replace(own, application=replace(own.application, acceptance=accepted))
    made = {
        "blank": View(Page.BLANK),
        "welcome": pages.welcome(own, texts),
        "trial": pages.trial("攀枝花市", "3 号窗口", "HDMI-1", texts),
        "changing": pages.changing(own, texts),
        "wait": pages.wait(own, texts),
        "declare": pages.declare(own, texts),
        "sign": pages.sign(own, texts, "0" * 64, again=False),
        "sign again": pages.sign(agents, texts, "0" * 64, again=True),
        "receipt": pages.receipt(done, texts),
        "rate": pages.rate(done, texts),
        "thanks": pages.thanks(done, texts),
    }
    made |= {f"bring {leaf}": pages.bring(own, texts, leaf) for leaf in range(pages.leaves(own))}
    for who, case in (("own", own), ("agent", agents)):
        found = pages.items(case)
        made |= {
            f"{who} {one.key}": pages.check(case, texts, one, at, len(found))
            for at, one in enumerate(found, 1)
            if who == "own" or one.key in {"name", "agent"}
        }
    return made


@pytest.fixture(scope="module")
def window(qapp):
    (texts,) = (one for one in load_texts(resources()) if one.language == "zh-CN")
    made = ApplicantWindow(texts)
    yield made
    made.put_away()
    made.deleteLater()


@pytest.fixture(scope="module")
def all_views():
    return views()


def test_every_page_there_is_is_looked_at(all_views) -> None:
    assert {one.page for one in all_views.values()} == set(Page)


@pytest.mark.parametrize("size", SIZES)
def test_every_page_keeps_the_norms(window, all_views, size, monkeypatch) -> None:
    wide, high, scale, large = SIZES[size]
    monkeypatch.setenv("QT_SCALE_FACTOR", str(scale))
    window.set_large(large=large)
    window.resize(wide, high)
    window.show()
    wrong = []
    for name, view in all_views.items():
        window.put(view)
        _settle()
        wrong += [f"{name}: {one}" for one in faults(window, view, scale, colours=size == "100%")]
    assert not wrong, "\n".join(wrong)


def _settle() -> None:
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)  # the page before
    for _ in range(2):
        QApplication.processEvents()


def faults(window: ApplicantWindow, view: View, scale: float, *, colours: bool):
    """Say everything on the page that stands there that breaks a norm."""
    page = window.page
    labels = [one for one in page.findChildren(QLabel) if one.isVisible() and one.text()]
    buttons = [one for one in page.findChildren(QAbstractButton) if one.isVisible()]
    yield from _inside(window, [*labels, *buttons, *page.findChildren(SignPad)])
    for one in (*labels, *buttons):
        yield from _letters(one, view, scale)
    yield from _paragraphs(labels, view)
    yield from _targets(page, buttons, scale)
    yield from _by_key(window, page, buttons)
    yield from _by_eye(window, labels, view)
    yield from _by_ear(view)
    if colours:  # they are the same at every size
        yield from _contrast(window, labels, buttons, page.findChildren(Icon))
    yield from _quiet(window, page)


# --- size and place ----------------------------------------------------------------------------------------------------


def place(window: QWidget, one: QWidget) -> QRect:
    return QRect(one.mapTo(window, QPoint(0, 0)), one.size())


def _inside(window, parts):
    """Nothing is cut, covered by the window's edge, or over another thing."""
    for one in parts:
        if not window.rect().contains(place(window, one)):
            yield f"{_name(one)} leaves the screen: {place(window, one)}"
        elif isinstance(one, QLabel) and one.wordWrap():
            if one.height() < one.heightForWidth(one.width()) - 1:
                yield f"{_name(one)} is cut: {one.height()} of {one.heightForWidth(one.width())}"
        elif not isinstance(one, SignPad) and one.text() and one.width() < one.sizeHint().width() - 1:
            yield f"{_name(one)} is cut: {one.width()} of {one.sizeHint().width()}"
    for a, b in combinations(parts, 2):
        if not (a.isAncestorOf(b) or b.isAncestorOf(a)) and place(window, a).intersects(place(window, b)):
            yield f"{_name(a)} and {_name(b)} cover each other"


def _name(one: QWidget) -> str:
    return f"{type(one).__name__} {(one.accessibleName() or getattr(one, 'text', str)())[:14]!r}"


def pixels(one: QWidget) -> int:
    return QFontInfo(one.font()).pixelSize()


def _letters(one, view: View, scale: float):
    if not one.text():
        return
    if pixels(one) * scale < TEXT_PX:
        yield f"{_name(one)}: {pixels(one)} px of {TEXT_PX}"
    number = one.text() in {view.loud, view.second} and any(sign.isdigit() for sign in one.text())
    if number and pixels(one) * scale < NUMBER_PX:
        yield f"{_name(one)}: a number of {pixels(one)} px of {NUMBER_PX}"
    if QFontMetrics(one.font()).lineSpacing() < LINE * pixels(one):
        yield f"{_name(one)}: lines {QFontMetrics(one.font()).lineSpacing()} px apart at {pixels(one)} px"


def _paragraphs(labels, view: View):
    """From one sentence to the next is further than from line to line."""
    lines = [next((one for one in labels if one.text() == line), None) for line in view.lines]
    for upper, lower in pairwise([one for one in lines if one is not None]):
        first = lower.mapTo(lower.window(), QPoint(0, 0)).y()
        last = upper.mapTo(upper.window(), QPoint(0, upper.height())).y()
        pitch = first - last + QFontMetrics(lower.font()).lineSpacing()
        if pitch < PARAGRAPH * pixels(lower):
            yield f"{_name(lower)}: {pitch} px below the sentence before"


def _targets(page: PageView, buttons, scale: float):
    for one in buttons:
        if min(one.width(), one.height()) * scale < TARGET_PX:
            yield f"{_name(one)}: {one.width()} × {one.height()}"
    if len(buttons) - len(page.faces) > 3:
        yield "more than three buttons"


# --- order -------------------------------------------------------------------------------------------------------------


def _follows(a: QRect, b: QRect) -> bool:
    """Whether ``b`` is read after ``a``: below it, or beside it to the right."""
    if b.top() >= a.bottom() - 1:
        return True
    return b.left() >= a.right() - 1 and b.bottom() > a.top()


def _by_key(window, page: PageView, buttons):
    chain, one = [], page.nextInFocusChain()
    while one is not page:
        if page.isAncestorOf(one) and one.isVisible() and one.isEnabled() and one.focusPolicy() & Qt.FocusPolicy.TabFocus:
            chain.append(one)
        one = one.nextInFocusChain()
    for one in buttons:
        if one.isEnabled() and one not in chain:
            yield f"no key reaches {_name(one)}"
    for a, b in pairwise(chain):
        if not _follows(place(window, a), place(window, b)):
            yield f"{_name(b)} comes by key after {_name(a)} and stands before it"
    for way in [button for act, button in page.buttons.items() if act in FORWARD or act is Act.SKIP]:
        mine = place(window, way)
        if any(place(window, one).right() > mine.right() + 1 or place(window, one).top() > mine.bottom() for one in buttons):
            yield f"{_name(way)} is not at the lower right"


def _shown(view: View) -> list[str]:
    """What is read on a page from top to bottom."""
    if view.page is Page.RECEIPT:
        return [view.title, view.over, view.loud, view.second_over, view.second, *view.notes]
    below = view.below if view.page is not Page.SIGN else ""
    return [one for one in (view.title, view.loud, *view.lines, below) if one]


def _by_eye(window, labels, view: View):
    standing = [found for text in _shown(view) for found in labels if found.text() == text]
    if len(standing) < len(_shown(view)):
        yield f"not everything stands there: {len(standing)} of {len(_shown(view))}"
    for a, b in pairwise(standing):
        if not _follows(place(window, a), place(window, b)):
            yield f"{_name(b)} stands before {_name(a)}"


def _by_ear(view: View):
    """What is heard comes in the order in which it stands; on the receipt in sentences of their own."""
    heard, at = _bare(view.spoken), 0
    for text in _shown(view) if view.spoken and view.page is not Page.RECEIPT else ():
        found = heard.find(_bare(aloud(text)), at)
        if found < 0:
            yield f"{text[:14]!r} is not heard where it stands"
        at = max(found, at)


def _bare(text: str) -> str:
    return re.sub(r"[\W_]", "", text)


# --- colour ------------------------------------------------------------------------------------------------------------


_LEVELS = 4095
_PART = np.arange(256) / 255
_LINEAR = np.where(_PART <= 0.04045, _PART / 12.92, ((_PART + 0.055) / 1.055) ** 2.4)
_WEIGHED = [(_LINEAR * weight * _LEVELS).round().astype(np.int32) for weight in (0.2126, 0.7152, 0.0722)]


def painted(window: QWidget) -> np.ndarray:
    """What stands on the screen, pixel by pixel."""
    image = window.grab().toImage().convertToFormat(QImage.Format.Format_RGB888)
    data = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine())
    return data[:, : image.width() * 3].reshape(image.height(), image.width(), 3).copy()  # the image goes with this function


def light(picture: np.ndarray, at: QRect) -> np.ndarray:
    """The relative luminance (WCAG 2.2) of each pixel in a place, in steps of 1/4095."""
    part = picture[max(at.top(), 0) : at.bottom() + 1, max(at.left(), 0) : at.right() + 1]
    return sum(_WEIGHED[channel][part[..., channel]] for channel in range(3))


def ratio(a: int, b: int) -> float:
    return (max(a, b) / _LEVELS + 0.05) / (min(a, b) / _LEVELS + 0.05)


def strongest(seen: np.ndarray) -> float:
    """The contrast of what stands on a ground, whatever is lighter: the ground is what there is most of."""
    ground = int(np.bincount(seen.ravel()).argmax())
    return max(ratio(ground, int(seen.min())), ratio(ground, int(seen.max())))


def _contrast(window, labels, buttons, icons):
    picture = painted(window)
    for one in labels:
        if (found := strongest(light(picture, place(window, one)))) < TEXT_CONTRAST:
            yield f"{_name(one)}: text at {found:.1f}"
    for one in icons:
        if one.isVisible() and (found := strongest(light(picture, place(window, one)))) < PART_CONTRAST:
            yield f"icon at {found:.1f}"
    for one in buttons:
        at = place(window, one)
        if one.text() and (found := strongest(light(picture, at.adjusted(8, 8, -8, -8)))) < TEXT_CONTRAST:
            yield f"{_name(one)}: text at {found:.1f}"
        # Its left edge beside what is around it, in the middle of its height.
        across = light(picture, QRect(at.left() - 4, at.center().y(), 6, 1))[0]
        if one.isEnabled() and (found := ratio(int(across[5]), int(across[0]))) < PART_CONTRAST:
            yield f"{_name(one)}: edge at {found:.1f}"


def test_the_five_faces_are_told_apart_without_any_colour(window, all_views) -> None:
    window.set_large(large=False)
    window.resize(1366, 768)
    window.show()
    window.put(all_views["rate"])
    _settle()
    picture = painted(window)
    faces = window.page.faces
    assert [one.accessibleName() for one in faces] == ["非常满意", "满意", "基本满意", "不满意", "非常不满意"]
    places = [place(window, one) for one in faces]
    assert max(one.width() for one in places) - min(one.width() for one in places) <= 1  # none is larger than another
    assert {(one.top(), one.height()) for one in places} == {(places[0].top(), places[0].height())}
    drawn = [light(picture, QRect(one.left() + 20, one.top() + 20, 190, 180)) < _LEVELS // 3 for one in places]
    for a, b in combinations(drawn, 2):
        assert (a != b).sum() > 60
    assert len({int(light(picture, one).min()) for one in places}) == 1  # the same ink: a paler one would be a push
    assert not any(one.isCheckable() or one.isDefault() or one.hasFocus() for one in faces)  # none is chosen beforehand


# --- time and surprise -------------------------------------------------------------------------------------------------


def _quiet(window, page: QWidget):
    """Nothing ends by itself, nothing moves, nothing pops up."""
    if window.findChildren(QTimer) or window.findChildren(QAbstractAnimation):
        yield "something runs by the clock"
    for one in (page, *page.findChildren(QWidget)):
        if one.toolTip():
            yield f"{_name(one)}: a tooltip"
    if others := [one for one in QApplication.topLevelWidgets() if one.isVisible() and one is not window]:
        yield f"{type(others[0]).__name__} popped up"
