"""The linter of packs: what a pack that loads may still get wrong. Codes: docs/policy.md."""

from __future__ import annotations

from datetime import date

from ventanilla.policy.lint import asking, clocks, coverage, guidelines, references, texts
from ventanilla.policy.lint.finding import CODES, Finding, Rule, Severity
from ventanilla.policy.schema import Pack

RULES: tuple[Rule, ...] = (
    references.duplicate_keys,
    references.unknown_references,
    references.clauses_without_rule,
    coverage.uncovered_desks,
    coverage.promises_missing,
    coverage.unreachable_categories,
    coverage.overlapping_rules,
    coverage.duplicate_addresses,
    coverage.on_call_is_desk,
    clocks.targets,
    clocks.steps,
    clocks.priority_order,
    clocks.assessments,
    clocks.holidays,
    texts.placeholders,
    texts.required_templates,
    texts.acknowledgements,
    texts.unused_templates,
    asking.choices,
    asking.names,
    guidelines.phrases,
    guidelines.contradictions,
    guidelines.keys_and_clauses,
    references.our_decisions,
)


def lint(pack: Pack, *, as_of: date) -> tuple[Finding, ...]:
    """Every finding, in the order of the rules; ``as_of`` says which year comes next."""
    return tuple(found for rule in RULES for found in rule(pack, as_of))


__all__ = ["CODES", "RULES", "Finding", "Severity", "lint"]
