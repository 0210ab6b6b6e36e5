"""structlog without rich.

structlog draws tracebacks with rich where it finds it. Ours are plain on purpose, and rich with its
highlighter would cost every process of the house several megabytes. Import this before anything
that imports structlog.
"""

import sys

_MISSING = object()

if "structlog" not in sys.modules:
    _rich = sys.modules.get("rich", _MISSING)
    sys.modules["rich"] = None  # type: ignore[assignment]  # how Python is told "there is none"
    import structlog  # noqa: F401 - imported for its side effect: it looks for rich now, once

    del sys.modules["rich"]
    if _rich is not _MISSING:
        sys.modules["rich"] = _rich  # type: ignore[assignment]  # as it was
