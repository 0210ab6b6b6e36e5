"""Why a port is refused, in the words of the person who asked for it."""

from __future__ import annotations

import errno

WORDS = {
    errno.EADDRINUSE: "ya lo usa otro programa",
    errno.EACCES: "el sistema no da permiso para usarlo",
    errno.EADDRNOTAVAIL: "esta máquina no tiene esa dirección",
}


def why_refused(error: OSError) -> str:
    """What the system says about binding, in Spanish where it is one of the usual things."""
    return WORDS.get(error.errno or 0, error.strerror or str(error))
