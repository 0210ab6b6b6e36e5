"""Nothing committed names the machine it was written on, a package registry, or a key.

The patterns are written so that they do not match themselves.
"""

import re
import subprocess
import sys
from pathlib import Path

FORBIDDEN = {
    "a path of one machine": re.compile(r"(?<![\w.~-])/(?:work|root|farm|home/\w+)/"),
    "a temporary path": re.compile(r"(?<![\w.~-])/[t]mp/\w"),
    "a package registry": re.compile(r"\b(?:[p]ypi\.org|[p]ythonhosted|[r]egistry\.npmjs)"),
    "a private key": re.compile(r"-----BEGIN [A-Z ]*PRIVATE [K]EY-----"),
}
EXCUSE = "words: ok"
NOT_TEXT = {".png", ".ico", ".woff2", ".gz", ".zip", ".pdf", ".mo"}


def tracked_files() -> list[Path]:
    """Every file under version control, as far as it is text."""
    listed = subprocess.run(
        ["git", "ls-files", "-z"], capture_output=True, text=True, timeout=60, check=True
    )
    paths = (Path(name) for name in listed.stdout.split("\0") if name)
    return [path for path in paths if path.suffix not in NOT_TEXT and path.is_file()]


def offences(text: str) -> list[tuple[int, str]]:
    """Line and kind of everything forbidden, unless the line carries the excuse."""
    return [
        (number, kind)
        for number, line in enumerate(text.splitlines(), 1)
        for kind, pattern in FORBIDDEN.items()
        if pattern.search(line) and EXCUSE not in line
    ]


def main() -> int:
    """Print offences; 1 if there are any."""
    found = 0
    for path in tracked_files():
        for number, kind in offences(path.read_text(encoding="utf-8", errors="replace")):
            found += 1
            print(f"{path}:{number}: names {kind}")
    print(f"{found} offences")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
