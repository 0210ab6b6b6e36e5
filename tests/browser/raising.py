"""``ventanilla up`` with a past: the history of the demonstration is told before the doors open.

Run as a program by ``house.py``; the number of cases is its only argument.
"""

from __future__ import annotations

import sys

from ventanilla.cli.up import run_up
from ventanilla.core.config import config

if __name__ == "__main__":
    history = ["demo", "history", "--cases", sys.argv[1]]
    first = {} if (config().data_folder / "pg").exists() else {"historia": history}
    run_up(config(), first_steps=first)
