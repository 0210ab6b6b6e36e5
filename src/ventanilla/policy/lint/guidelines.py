"""Guidelines for answers: each can be met, and none asks for what another forbids."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date

from ventanilla.policy.classify import plain
from ventanilla.policy.lint.finding import Finding, finding
from ventanilla.policy.schema import Pack
from ventanilla.policy.schema.guidelines import (
    WITH_PHRASES,
    Guideline,
    GuidelineKind,
    GuidelineSeverity,
)

PATH = "knowledge.reply_guidelines"


def phrases(pack: Pack, _as_of: date) -> Iterator[Finding]:
    """Who looks for phrases has some, each with a letter or digit; who does not, has none."""
    for path, guideline in _guidelines(pack):
        empty = [each for each in guideline.phrases if not plain(each)]
        if guideline.kind in WITH_PHRASES:
            if not guideline.phrases or empty:
                yield finding(
                    "guideline-without-phrases", path, f"«{guideline.words}» no busca nada."
                )
        elif guideline.phrases:
            yield finding("guideline-phrases-unused", path, f"«{guideline.words}» no busca frases.")


def contradictions(pack: Pack, _as_of: date) -> Iterator[Finding]:
    """No phrase is asked for and forbidden; nothing is required that nobody can check."""
    asked = {
        plain(phrase): guideline
        for _, guideline in _guidelines(pack)
        if guideline.kind in WITH_PHRASES - {GuidelineKind.FORBIDDEN}
        for phrase in guideline.phrases
    }
    for path, guideline in _guidelines(pack):
        if guideline.kind is GuidelineKind.FORBIDDEN:
            for phrase in guideline.phrases:
                if (other := asked.get(plain(phrase))) is not None:
                    yield finding(
                        "guideline-contradiction", path, f"«{phrase}» la pide «{other.words}»."
                    )
        is_required = guideline.severity is GuidelineSeverity.REQUIRE
        if is_required and guideline.kind is GuidelineKind.REMINDER:
            yield finding("guideline-only-shown", path, f"«{guideline.words}» no se comprueba.")


def keys_and_clauses(pack: Pack, _as_of: date) -> Iterator[Finding]:
    """Each key once, each clause one of the pack."""
    clauses = {each.id for each in pack.clauses}
    times = Counter(guideline.key for _, guideline in _guidelines(pack))
    for key, count in times.items():
        if count > 1:
            yield finding("duplicate-key", PATH, f"La clave «{key}» está {count} veces.")
    for path, guideline in _guidelines(pack):
        if guideline.clause not in clauses:
            yield finding("unknown-reference", f"{path}.clause", f"No existe «{guideline.clause}».")


def _guidelines(pack: Pack) -> Iterator[tuple[str, Guideline]]:
    given = pack.knowledge.reply_guidelines if pack.knowledge else ()
    for index, each in enumerate(given):
        if isinstance(each, Guideline):
            yield f"{PATH}[{index}]", each
