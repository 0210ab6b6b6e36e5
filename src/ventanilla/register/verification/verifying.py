"""Proving the record: every chain, every row, every series of folios, every checkpoint."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from ventanilla.register.models import Case, Checkpoint, FolioSeries
from ventanilla.register.verification.checkpoints import CheckpointFile, Cut
from ventanilla.register.verification.findings import Fault, Finding, Report
from ventanilla.register.verification.messages import check_messages
from ventanilla.register.verification.reading import StoredCase, one_snapshot, stored_cases
from ventanilla.register.verification.replaying import Replay, compare

Progress = Callable[[int, int], None]
"""Told from time to time: cases done, cases in all (as far as known)."""
STEP = 500
CHECKPOINTS_CHECKED = 3
"""How many of the checkpoints kept inside are checked: an older one covers less than they do."""


def verify(
    progress: Progress | None = None, *, against: Sequence[CheckpointFile] = (),
    words: bool = False,
) -> Report:  # fmt: skip
    """Read everything once and report whatever is not as it was recorded.

    ``against`` are checkpoints kept outside; those kept inside are always checked. With ``words``
    the text of every message is hashed again too, which reads all texts.
    """
    report = Report()
    with one_snapshot():
        checkpoints = [*_kept_inside(), *against]
        cuts = [Cut.at(each.last_entry_id) for each in checkpoints]
        series = _Series()
        in_all = Case.objects.count() if progress else 0
        for stored in stored_cases():
            _check_case(stored, report, series)
            ids = [(entry.id, entry.seq, entry.digest) for entry in stored.entries]
            for cut in cuts:
                cut.take(stored.id, ids)
            if progress and report.cases % STEP == 0:
                progress(report.cases, in_all)
        for finding in check_messages(words=words):
            report.add(finding)
        for finding in series.findings():
            report.add(finding)
        for checkpoint, cut in zip(checkpoints, cuts, strict=True):
            if not cut.agrees_with(checkpoint):
                report.add(Finding(Fault.CHECKPOINT, detail=checkpoint.taken_at))
    if progress:
        progress(report.cases, in_all)
    return report


def check_against(checkpoint: CheckpointFile) -> bool:
    """Whether nothing was changed or dropped since a checkpoint; reads entries only."""
    cut = Cut.at(checkpoint.last_entry_id)
    with one_snapshot():
        for stored in stored_cases():
            ids = [(entry.id, entry.seq, entry.digest) for entry in stored.entries]
            cut.take(stored.id, ids)
    return cut.agrees_with(checkpoint)


def _check_case(stored: StoredCase, report: Report, series: _Series) -> None:
    replay = Replay(stored.state.folio)
    for entry in stored.entries:
        replay.take(entry)
    report.cases += 1
    report.entries += len(stored.entries)
    for finding in replay.faults:
        report.add(finding)
    for finding in compare(
        replay, stored.state, seq=stored.seq, head=stored.head, words=stored.words
    ):
        report.add(finding)
    if replay.opening is not None:
        series.take(replay.opening.series, replay.opening.number)


class _Series:
    """Which numbers of each series were seen: one byte a number."""

    def __init__(self) -> None:
        self.seen: dict[str, bytearray] = {}
        self.twice: list[tuple[str, int]] = []

    def take(self, name: str, number: int) -> None:
        seen = self.seen.setdefault(name, bytearray())
        if number >= len(seen):
            seen.extend(bytes(number + 1 - len(seen)))
        if seen[number]:
            self.twice.append((name, number))
        seen[number] = 1

    def findings(self) -> Iterator[Finding]:
        last = dict(FolioSeries.objects.values_list("name", "last_number"))
        for name, number in self.twice:
            yield Finding(Fault.FOLIO_TWICE, name, number)
        for name in sorted(self.seen.keys() | last.keys()):
            seen = self.seen.get(name, bytearray())
            end = last.get(name, 0)
            for number in range(1, end + 1):
                if number >= len(seen) or not seen[number]:
                    yield Finding(Fault.FOLIO_GAP, name, number)
            for number in range(end + 1, len(seen)):
                if seen[number]:
                    yield Finding(Fault.FOLIO_TWICE, name, number)


def _kept_inside() -> list[CheckpointFile]:
    newest = Checkpoint.objects.order_by("-id")[:CHECKPOINTS_CHECKED]
    return [CheckpointFile.of(each) for each in newest]
