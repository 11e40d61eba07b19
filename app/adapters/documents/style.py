"""The sizes and spaces of one edition, out of ``tokens.toml``: large print is a table of numbers, never a copied layout."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from app.adapters.documents.setting import Role

if TYPE_CHECKING:
    from collections.abc import Mapping


class Style(NamedTuple):
    """One edition. ``margin``: top, right, bottom, left; all lengths in mm."""

    roles: Mapping[str, Role]
    margin: tuple[float, float, float, float]
    pad: float
    vpad: float
    side: float
    justify: bool
    running: float


def read_style(tokens: Mapping[str, Any], edition: str) -> Style:
    """Return the edition's style: what it says itself over what ``normal`` says."""
    base, own = tokens["normal"], tokens.get(edition, {})
    roles = {name: Role(**{**role, **own.get("roles", {}).get(name, {})}) for name, role in base["roles"].items()}
    top, right, bottom, left = own.get("margin", base["margin"])
    merged = {**base, **own}
    return Style(
        roles=roles,
        margin=(top, right, bottom, left),
        pad=merged["pad"],
        vpad=merged["vpad"],
        side=merged["side"],
        justify=merged["justify"],
        running=merged["running"],
    )
