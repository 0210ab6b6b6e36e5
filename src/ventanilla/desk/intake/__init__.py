"""The way of an e-mail into the house: ``accept`` keeps it, ``receive`` understands it."""

from ventanilla.desk.intake.accept import accept
from ventanilla.desk.intake.alarming import warn_of_stuck
from ventanilla.desk.intake.receiving import note_death, receive
from ventanilla.desk.intake.upkeep import REPLAYED_AT_ONCE, replay, replay_all, sweep

__all__ = [
    "REPLAYED_AT_ONCE",
    "accept",
    "note_death",
    "receive",
    "replay",
    "replay_all",
    "sweep",
    "warn_of_stuck",
]
