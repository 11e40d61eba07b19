"""What C and C++ hold of this process's heap, as glibc counts it."""

import ctypes


class _Info(ctypes.Structure):
    _fields_ = tuple(
        (name, ctypes.c_size_t)
        for name in ("arena", "ordblks", "smblks", "hblks", "mapped", "usmblks", "fsmblks", "used", "free", "keep")
    )


def held():
    """Bytes given out and not given back, of every thread's heap and of what was mapped by itself; what is free but kept for later is not among them."""
    ask = ctypes.CDLL(None).mallinfo2
    ask.restype = _Info
    info = ask()
    return info.used + info.mapped
