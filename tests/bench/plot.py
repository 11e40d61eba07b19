"""Line charts on two logarithmic axes as SVG, by the standard library alone."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from xml.sax.saxutils import escape

INK, SOFT, GRID = "#1f2933", "#52606d", "#e4e7eb"
COLORS = ("#0b6e99", "#b4540a", "#3d7a37", "#8a3b8f", "#8b6b00", "#c0392b")
WIDTH, HEIGHT, TOP, BOTTOM, LEFT = 480, 400, 62, 62, 52
ROOM = 150
"""For the names of the lines, which stand where they end."""

LINE = 13
FONT = 'font-family="Helvetica, Arial, sans-serif" font-size="11"'


@dataclass(frozen=True)
class Chart:
    """One chart: ``lines`` are name → points (x, y), all above zero; ``under`` is a second line below a tick of x."""

    title: str
    x_name: str
    y_name: str
    lines: dict[str, list[tuple[float, float]]]
    ticks: dict[float, str]
    under: dict[float, str] = field(default_factory=dict)


def svg(charts: list[Chart], note: str) -> str:
    """Return the charts side by side, with a note below."""
    width, height = WIDTH * len(charts), HEIGHT + 24
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" {FONT}>',
        f'<rect width="{width}" height="{height}" fill="#ffffff"/>',
    ]
    for at, chart in enumerate(charts):
        parts += [f'<g transform="translate({WIDTH * at} 0)">', *_drawn(chart), "</g>"]
    parts += [_text(LEFT, HEIGHT + 10, note, SOFT), "</svg>"]
    return "\n".join(parts) + "\n"


def _drawn(chart: Chart) -> list[str]:
    xs = [x for points in chart.lines.values() for x, _ in points]
    ys = [y for points in chart.lines.values() for _, y in points]
    low, high = math.floor(math.log10(min(ys))), math.ceil(math.log10(max(ys)))
    first, last = math.log10(min(xs)), math.log10(max(xs))
    right, floor = WIDTH - ROOM, HEIGHT - BOTTOM

    def across(x: float) -> float:
        return LEFT + (math.log10(x) - first) / (last - first) * (right - LEFT)

    def up(y: float) -> float:
        return floor - (math.log10(y) - low) / (high - low) * (floor - TOP)

    parts = [_text(LEFT, 26, chart.title, INK, 'font-size="14" font-weight="bold"'), _text(LEFT, 46, chart.y_name, SOFT)]
    for power in range(low, high + 1):
        y = up(10.0**power)
        parts += [_rule(LEFT, y, right, y), _text(LEFT - 8, y + 4, f"{10.0**power:g}", SOFT, 'text-anchor="end"')]
    for x, name in chart.ticks.items():
        parts += [_rule(across(x), TOP, across(x), floor), _text(across(x), floor + 18, name, SOFT, 'text-anchor="middle"')]
        if x in chart.under:
            parts.append(_text(across(x), floor + 33, chart.under[x], SOFT, 'text-anchor="middle" font-size="10"'))
    parts.append(_text((LEFT + right) / 2, floor + 52, chart.x_name, INK, 'text-anchor="middle"'))
    ends = _apart({name: up(points[-1][1]) for name, points in chart.lines.items()}, TOP, floor)
    for (name, points), color in zip(chart.lines.items(), COLORS, strict=False):
        way = " ".join(f"{across(x):.1f},{up(y):.1f}" for x, y in points)
        parts.append(f'<polyline points="{way}" fill="none" stroke="{color}" stroke-width="2" stroke-linejoin="round"/>')
        parts += [f'<circle cx="{across(x):.1f}" cy="{up(y):.1f}" r="3" fill="{color}"/>' for x, y in points]
        parts.append(_text(right + 10, ends[name] + 4, name, color))
    return parts


def _apart(ends: dict[str, float], top: float, floor: float) -> dict[str, float]:
    """Return where names stand so that none lies on another, each as near to its line's end as there is room."""
    names = sorted(ends, key=ends.__getitem__)
    placed: dict[str, float] = {}
    lowest = top
    for name in names:
        placed[name] = max(ends[name], lowest)
        lowest = placed[name] + LINE
    highest = floor
    for name in reversed(names):
        placed[name] = min(placed[name], highest)
        highest = placed[name] - LINE
    return placed


def _rule(x: float, y: float, to_x: float, to_y: float) -> str:
    return f'<line x1="{x:.1f}" y1="{y:.1f}" x2="{to_x:.1f}" y2="{to_y:.1f}" stroke="{GRID}"/>'


def _text(x: float, y: float, text: str, color: str, more: str = "") -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" fill="{color}" {more}>{escape(text)}</text>'
