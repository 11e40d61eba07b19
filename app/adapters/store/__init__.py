"""The encrypted store of one counter: :class:`Vault` opens it, :class:`SqlStore` is it.

Importing this costs little; SQLCipher, sqlite-utils and the ciphers are loaded when a store is opened, or ahead of it
by :func:`load`.
"""

from app.adapters.store.database import load
from app.adapters.store.sqlstore import SqlStore
from app.adapters.store.vault import Vault

__all__ = ["SqlStore", "Vault", "load"]
