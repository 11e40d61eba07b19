"""Fonts and icons: nothing synthetic, rare characters when they come, every icon there, sharp at any ratio."""

import re
from pathlib import Path

import pytest
from looking import clipped
from PySide6.QtGui import QFont, QFontInfo, QRawFont
from PySide6.QtWidgets import QApplication

from app.adapters.paths import resources
from app.ui import keys, theme
from app.ui.kit import Text, column, icons

KIT = Path(theme.__file__).parent


def test_digits_are_tabular(themed):
    raw = QRawFont.fromFont(themed.font("body"))
    assert len({raw.advancesForGlyphIndexes(raw.glyphIndexesForString(d))[0].x() for d in "0123456789"}) == 1


def test_the_shipped_families_are_the_ones_used(themed):
    assert QFontInfo(themed.font("body")).family() == "Noto Sans SC"
    assert QFontInfo(themed.font("h1", serif=True)).family() == "Noto Serif SC"
    assert themed.font("body", medium=True).weight() == QFont.Weight.Medium


def test_common_names_do_not_load_the_rare_font(themed, monkeypatch):
    monkeypatch.setattr(theme._Current, "rare", False)
    monkeypatch.setattr(theme._Current, "known", frozenset())
    theme.ensure_rare("沈桂兰·阿依古丽 Müller 5104，。、「」·离线")
    assert not theme.rare_loaded()


def test_a_rare_name_loads_the_rare_font_once(themed, monkeypatch):
    loads = []
    monkeypatch.setattr(theme._Current, "rare", False)
    monkeypatch.setattr(theme._Current, "known", frozenset())
    monkeypatch.setattr(theme.QFontDatabase, "addApplicationFont", lambda path: loads.append(Path(path).name) or 0)
    theme.ensure_rare("𠮷")
    theme.ensure_rare("𡋾")
    assert loads == ["HanaMinB.ttf"]


def test_every_icon_named_in_the_interface_is_shipped():
    named = set(theme.TONE_ICONS.values())
    for source in KIT.rglob("*.py"):
        named |= set(
            re.findall(r"icon=\"([a-z0-9-]+)\"|(?:Icon|pixmap)\(\"([a-z0-9-]+)\"", source.read_text("utf-8"))
            and [
                name
                for pair in re.findall(r"icon=\"([a-z0-9-]+)\"|(?:Icon|pixmap)\(\"([a-z0-9-]+)\"", source.read_text("utf-8"))
                for name in pair
                if name
            ]
        )
    assert {name for name in named if not (resources() / "icons" / f"{name}.svg").exists()} == set()


@pytest.mark.parametrize("ratio", [1.0, 1.25, 1.5, 2.0])
def test_icons_have_as_many_pixels_as_the_screen_asks(themed, ratio):
    picture = icons.pixmap("check", "good", 16, ratio)
    assert picture.width() == round(16 * ratio)
    assert picture.deviceIndependentSize().width() == pytest.approx(16)


def test_every_token_in_the_style_sheet_exists(themed):
    assert "$" not in themed.stylesheet


def test_no_shortcut_is_a_single_letter_and_each_name_is_its_own():
    for key in keys.KEYS.values():
        for sequence in key.sequences:
            assert sequence.startswith(("F", "Ctrl+", "Alt+", "Shift+F", "Esc", "Pg", "Del")), key
    assert keys.hint("on", "无误，去签名") == keys.KeyHint("F8", "无误，去签名")


def test_a_wrapped_text_grows_when_narrow_and_shrinks_again(qtbot):
    text = Text("年历只到 2026 年，到期日暂推算。装入新年历之前，受理照办，期限照算，回执会注明。", wrap=True)
    holder = column(text, ...)
    qtbot.addWidget(holder)
    heights = []
    for width in (600, 120, 600):
        holder.resize(width, 400)
        holder.show()
        QApplication.processEvents()
        heights.append(text.height())
        assert clipped(holder) == []
    assert heights[1] > heights[0] == heights[2]


def test_everything_of_gb2312_stands_in_the_common_fonts(themed):
    """So that such text need not be looked up character by character."""
    fonts = [QRawFont.fromFont(themed.font("body", serif=serif)) for serif in (False, True)]
    rows = (bytes((high, low)) for high in range(0xA1, 0xF8) for low in range(0xA1, 0xFF))
    chars = [c for pair in rows for c in pair.decode("gb2312", "ignore") if c.isprintable()]
    assert len(chars) > 7000
    assert [c for c in chars if not any(font.supportsCharacter(ord(c)) for font in fonts)] == []
