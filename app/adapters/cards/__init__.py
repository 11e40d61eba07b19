"""Readers of chip cards: identity cards by the SAM protocol over serial and USB, social-security cards over PC/SC.

Each reader is watched on a thread of its own (:mod:`.watching`); what is read counts once its number and its dates hold. The portrait is never
kept. :class:`Readers` is the port :class:`app.services.ports.cards.CardReaders`.
"""

from __future__ import annotations

from app.adapters.cards.readers import Readers

__all__ = ["Readers"]
