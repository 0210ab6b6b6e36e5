"""import-linter as a module, so that the gates need no scripts folder: ``python -m tools.floors``."""

import sys

from importlinter.cli import lint_imports

if __name__ == "__main__":
    sys.exit(lint_imports(no_cache=True))
