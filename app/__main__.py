"""``python -m app``: the same as the ``chuangkou`` command."""

import sys

from app.cli import main

sys.exit(main())
