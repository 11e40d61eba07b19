"""The look of the program: ``resources/style/tokens.toml`` made into fonts, palette and one style sheet.

Nothing else in the program may hold a colour or a size that ``tokens.toml`` names. The composition root calls :func:`apply` once, with
the folder of resources; widgets then ask :func:`current`. No image is written anywhere: ticks and arrows are painted by the widgets.
"""

from __future__ import annotations

import functools
import tomllib
from dataclasses import dataclass, field
from string import Template
from typing import TYPE_CHECKING, Any

from PySide6.QtGui import QColor, QFont, QFontDatabase, QPalette

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from PySide6.QtWidgets import QApplication, QWidget

# Only these are needed for the first paint. HanaMinB (50 MB of memory) follows at the first rare character.
FONTS = ("NotoSansSC-Regular.ttf", "NotoSansSC-Medium.ttf", "NotoSerifSC-SemiBold.ttf")
RARE_FONT = "HanaMinB.ttf"
RARE_FAMILY = "HanaMinB"
ARGUMENTS = ("-style", "fusion")

# A tone is an icon and a word as well as a colour, so that any two of the three may be lost.
TONE_ICONS = {
    "bad": "octagon-x",
    "warn": "triangle-alert",
    "good": "circle-check",
    "accent": "info",
    "open": "cloud-off",
    "wait": "circle-dashed",
}
TONE_WORDS = {"bad": "缺", "warn": "疑", "good": "妥", "accent": "知", "open": "未", "wait": "待"}


@dataclass(frozen=True)
class Theme:
    """Tokens as values. Lengths are logical pixels at 100 %; Qt scales them (``QT_SCALE_FACTOR`` and the monitor's own ratio)."""

    resources: Path
    colors: Mapping[str, str]
    sizes: Mapping[str, int]
    types: Mapping[str, Any]
    groups: Mapping[str, Mapping[str, Any]] = field(repr=False)

    def color(self, name: str) -> QColor:
        """Return the colour of a token (``ink2``); KeyError for an unknown one."""
        return QColor(self.colors[name])

    def size(self, name: str) -> int:
        """Return a length of ``[size]`` in logical pixels."""
        return self.sizes[name]

    def font(self, size: str | int = "body", *, medium: bool = False, serif: bool = False, spacing: float = 0) -> QFont:
        """Return a font for painted text. ``size``: a name of ``[type]`` or pixels; ``spacing``: extra pixels between letters.

        Only the shipped weights exist (sans 400 and 500, serif 600), so that nothing is ever emboldened synthetically.
        """
        pixels = self.types[size] if isinstance(size, str) else size
        weight = QFont.Weight.DemiBold if serif else QFont.Weight.Medium if medium else QFont.Weight.Normal
        return _font(tuple(self.families(serif=serif)), int(pixels), weight, spacing)

    def families(self, *, serif: bool = False) -> list[str]:
        """Return the fallback order: each family has characters that the others lack, so it runs in all directions."""
        sans, serif_ = self.types["sans"], self.types["serif"]
        return [serif_, sans, RARE_FAMILY] if serif else [sans, serif_, RARE_FAMILY]

    @functools.cached_property
    def stylesheet(self) -> str:
        """The one style sheet of every window, made once."""
        values: dict[str, str] = dict(self.colors)
        for group, entries in self.groups.items():
            values |= {f"{group}_{name}": f"{v}px" if isinstance(v, int) else str(v) for name, v in entries.items()}
        values["serif"] = ", ".join(f'"{family}"' for family in self.families(serif=True))
        return Template((self.resources / "style/style.qss.in").read_text("utf-8")).substitute(values)

    @functools.cached_property
    def palette(self) -> QPalette:
        """What the style sheet cannot reach: selections, placeholders, tooltips, the ground of windows."""
        role = QPalette.ColorRole
        palette = QPalette()  # QPalette(color) derives the rest, and takes 24 ms of the start for it
        for which, name in (
            (role.Window, "paper"),
            (role.WindowText, "ink"),
            (role.Base, "sheet"),
            (role.AlternateBase, "panel"),
            (role.Text, "ink"),
            (role.Button, "sheet"),
            (role.ButtonText, "ink"),
            (role.PlaceholderText, "ink3"),
            (role.Highlight, "accent"),
            (role.HighlightedText, "on_accent"),
            (role.ToolTipBase, "sheet"),
            (role.ToolTipText, "ink"),
            (role.Link, "accent"),
            (role.LinkVisited, "accent"),
            (role.BrightText, "on_accent"),
            (role.Light, "sheet"),
            (role.Midlight, "panel"),
            (role.Mid, "line2"),
            (role.Dark, "edge"),
            (role.Shadow, "ink2"),
        ):
            palette.setColor(which, self.color(name))
        for which in (role.Text, role.WindowText, role.ButtonText):
            palette.setColor(QPalette.ColorGroup.Disabled, which, self.color("ink3"))
        return palette


@functools.cache
def _font(families: tuple[str, ...], pixels: int, weight: QFont.Weight, spacing: float) -> QFont:
    font = QFont()
    font.setFamilies(list(families))
    font.setPixelSize(pixels)
    font.setWeight(weight)
    font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    if spacing:
        font.setLetterSpacing(QFont.SpacingType.AbsoluteSpacing, spacing)
    return font


class _Current:
    """The theme in use and which fonts are loaded; a process has one window system, so it has one theme."""

    theme: Theme | None = None
    rare: bool = False
    known: frozenset[str] = frozenset()


def load(resources: Path) -> Theme:
    """Read the tokens. ``resources`` is the folder that holds ``fonts``, ``icons`` and ``style``."""
    tokens = tomllib.loads((resources / "style/tokens.toml").read_text("utf-8"))
    # 未 is nobody's fault: ink only, told apart by its icon, its word and its dashed edge. 待 is quieter still.
    colors = tokens["color"] | {"open": tokens["color"]["ink2"], "wait": tokens["color"]["ink3"]}
    groups = {name: tokens[name] for name in ("space", "radius", "border", "type", "size", "applicant")}
    return Theme(resources, colors, tokens["size"], tokens["type"], groups)


def apply(app: QApplication, resources: Path, *, fusion: bool = False) -> Theme:
    """Dress the application: base style, fonts, palette. Call once, before the first widget is made; :func:`dress` gives a window the rest.

    ``fusion``: the application was started with :data:`ARGUMENTS`. Asking it instead makes the class QStyle, 10 ms of the start.
    """
    theme = load(resources)
    for name in FONTS:
        QFontDatabase.addApplicationFont(str(resources / "fonts" / name))
    _Current.theme = theme
    if not fusion and app.style().objectName() != "fusion":
        app.setStyle("Fusion")
    app.setPalette(theme.palette)
    app.setFont(theme.font("body"))
    return theme


def dress(window: QWidget) -> None:
    """Give a window, and whatever is put into it, the style sheet.

    The application itself has none: then each frame that is put around something would style all of it anew, while it is made and belongs to no
    window yet. A page or a dialog costs a third less this way.
    """
    window.setStyleSheet(current().stylesheet)


def current() -> Theme:
    """Return the theme in use. Asking before :func:`apply` is our bug."""
    if _Current.theme is None:
        raise RuntimeError("theme.apply() comes first")
    return _Current.theme


def ensure_rare(text: str) -> None:
    """Load the font of rare characters when ``text`` holds one that the common fonts lack. Cheap otherwise.

    :class:`~app.ui.kit.Text`, :class:`~app.ui.kit.Field` and the lists call this themselves.
    """
    if _Current.rare or text.isascii() or _Current.known.issuperset(text) or _plain(text):
        return
    from PySide6.QtGui import QRawFont  # noqa: PLC0415

    theme = current()
    new = {c for c in set(text) - _Current.known if c.isprintable()}
    fonts = [QRawFont.fromFont(theme.font("body")), QRawFont.fromFont(theme.font("body", serif=True))]
    if all(any(font.supportsCharacter(ord(c)) for font in fonts) for c in new):
        _Current.known |= frozenset(text)
        return
    _Current.rare = True
    QFontDatabase.addApplicationFont(str(theme.resources / "fonts" / RARE_FONT))


def _plain(text: str) -> bool:
    """Whether all is of GB 2312, which the common fonts have whole (a test says so): much cheaper than asking the fonts."""
    try:
        text.encode("gb2312")
    except UnicodeEncodeError:
        return False
    return True


def rare_loaded() -> bool:
    """Whether the font of rare characters was needed so far."""
    return _Current.rare
