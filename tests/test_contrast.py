"""Every pair of colours the design uses is legible, computed from the one source: text 4.5, parts one operates or reads 3 (WCAG 2.2)."""

import re
import tomllib
from pathlib import Path

import pytest

STYLE = Path(__file__).parents[1] / "resources/style"
TOKENS = tomllib.loads((STYLE / "tokens.toml").read_text("utf-8"))
COLORS = TOKENS["color"]

TEXT = [
    (t, g) for g in ("paper", "panel", "sheet", "accent_tint") for t in ("ink", "ink2", "ink3", "accent", "bad", "warn", "good")
]
TEXT += [(t, "focus_fill") for t in ("ink", "ink2", "ink3")]
TEXT += [("ink", "mark"), ("ink2", "mark"), ("ink2", "sunken"), ("ink3", "sunken"), ("accent_press", "accent_tint")]
TEXT += [(t, f"{t}_tint") for t in ("bad", "warn", "good")] + [("ink", f"{t}_tint") for t in ("bad", "warn", "good")]
TEXT += [("on_accent", g) for g in ("accent", "accent_hover", "accent_press", "bad", "warn", "ink3")]
TEXT += [("on_frame", "frame"), ("on_frame2", "frame"), ("bad", "sheet")]
PARTS = [("edge", g) for g in ("sheet", "panel", "paper")] + [("focus", g) for g in ("sheet", "panel", "paper", "focus_fill")]
PARTS += [(t, g) for t in ("accent", "bad", "warn", "good") for g in ("panel", "paper")] + [
    ("good", "good_tint"),
    ("bad", "bad_tint"),
]


RULES = re.findall(
    r"([^{}]+)\{([^{}]*)\}", re.sub(r"/\*.*?\*/", "", (STYLE / "style.qss.in").read_text("utf-8"), flags=re.DOTALL)
)
"""The style sheet's rules as (selectors, declarations)."""
GROUNDS = ("sheet", "panel", "paper")
"""What stands under text and parts that bring no ground of their own."""
DECORATION = {"line", "line2", "sunken", "accent_line", "bad_line", "warn_line", "good_line", "frame_line", "focus_fill"}
"""Edges that carry no meaning: what they hold is told by its own ground, mark or words."""


def declared(body):
    """The colours of a rule: of its text, its ground, and its edges."""
    found = {"text": set(), "ground": set(), "edge": set()}
    kinds = {"color": "text", "background": "ground"}
    for name, value in re.findall(r"([a-z-]+):\s*([^;]+)", body):
        kind = kinds.get(name) or ("edge" if name.startswith("border") else "")
        if kind:
            found[kind] |= {color for color in re.findall(r"\$(\w+)", value) if color in COLORS}
    return found


def used():
    """Every (what, colour, ground) that a rule of the style sheet puts together; what it leaves out is there from what it stands on."""
    for selectors, body in RULES:
        if ":disabled" in selectors or "selection" in selectors:
            continue
        colors = declared(body)
        on_frame = any(color.startswith("on_frame") for color in colors["text"])
        grounds = colors["ground"] or ({"frame"} if on_frame else set(GROUNDS))
        for ground in grounds:
            yield from (
                (selectors.strip(), "text", text, ground) for text in colors["text"] if text != "on_accent" or colors["ground"]
            )
            yield from ((selectors.strip(), "edge", edge, ground) for edge in colors["edge"] - DECORATION if edge != ground)


def luminance(color):
    parts = [int(color[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def ratio(one, other):
    light, dark = sorted((luminance(COLORS[one]), luminance(COLORS[other])), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize(("text", "ground"), sorted(set(TEXT)))
def test_text_is_legible(text, ground):
    assert ratio(text, ground) >= 4.5


@pytest.mark.parametrize(("part", "ground"), sorted(set(PARTS)))
def test_parts_are_visible(part, ground):
    assert ratio(part, ground) >= 3


def test_the_figures_in_the_tokens_are_the_computed_ones():
    for name, stated in TOKENS["contrast"].items():
        one, _, other = name.removeprefix("part_").rpartition("_on_")
        if one == "":
            one, _, other = name.partition("_on_")
        assert ratio(one, other) == pytest.approx(stated, abs=0.01), name


def test_every_pair_of_the_style_sheet_is_legible():
    weak = [
        f"{selectors}: {what} {one} on {ground} is {ratio(one, ground):.2f}"
        for selectors, what, one, ground in used()
        if ratio(one, ground) < (4.5 if what == "text" else 3)
    ]
    assert len(list(used())) > 100
    assert not weak, "\n".join(weak)


def test_what_has_the_focus_has_an_edge_of_its_colour_or_the_highlighter():
    shown = {"focus", "focus_fill"}
    rules = [(selectors, declared(body)) for selectors, body in RULES if ":focus" in selectors or "here=" in selectors]
    assert rules
    for selectors, colors in (one for one in rules if any(one[1].values())):
        assert (colors["edge"] | colors["ground"]) & shown, selectors


def test_the_style_sheet_names_no_colour_of_its_own():
    assert re.findall(r"#[0-9A-Fa-f]{3,8}\b|rgba?\(", (STYLE / "style.qss.in").read_text("utf-8")) == []


def test_the_interface_asks_for_no_weight_that_is_not_shipped():
    weights = set(re.findall(r"font-weight:\s*(\w+)", (STYLE / "style.qss.in").read_text("utf-8")))
    assert weights <= {"400", "500", "600"}
