"""Printed papers: a layout (data) and an application become a PDF."""

from app.adapters.documents.checks import check_layout, check_region_layouts
from app.adapters.documents.printery import Printery
from app.adapters.documents.proofs import proofs

__all__ = ["Printery", "check_layout", "check_region_layouts", "proofs"]
