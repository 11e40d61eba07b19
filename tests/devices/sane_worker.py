"""A SANE driver's process as tests want it: ``sane_worker.py '{"stall": 2, "extra": [...]}' FOLDER``."""

import json
import sys

from app.adapters.child import take_pipes
from app.adapters.devices.sane import SaneDriver
from app.adapters.devices.worker import serve

if __name__ == "__main__":
    options, folder = sys.argv[1:]
    serve(SaneDriver(**json.loads(options)), take_pipes(), folder)
