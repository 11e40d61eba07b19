"""Files into pages: decoded safely, freed of everything that is not the picture, and made to fit the region's rules."""

from app.adapters.imaging.maker import PageMaker

__all__ = ["PageMaker"]
