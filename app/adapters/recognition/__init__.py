"""Reading print from pictures: the port ``Recogniser``. Models and libraries are loaded in a process of its own alone."""

from app.adapters.recognition.client import RecogniserClient

__all__ = ["RecogniserClient"]
