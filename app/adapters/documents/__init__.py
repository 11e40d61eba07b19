"""Printed papers: a layout (data) and an application become a PDF."""

from app.adapters.documents.checks import check_layout, check_region_layouts
from app.adapters.documents.printery import Printery

__all__ = ["Printery", "check_layout", "check_region_layouts"]
