"""Templates: the ones that must exist, what they may name and what they must say."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from ventanilla.policy.lint.finding import Finding, finding
from ventanilla.policy.schema import Pack
from ventanilla.policy.template import PLACEHOLDERS, placeholders_in

REQUIRED_TEMPLATES = (
    "category_changed", "closed", "date_changed", "marked_complex",
    "progress_notice", "reopened", "reply", "resolved",
)  # fmt: skip
OPTIONAL_TEMPLATES = (
    "access_link", "waiting_area", "waiting_authorization", "waiting_customer", "withdrawn",
)  # fmt: skip
"""Sent where a pack has them; without them the person is told nothing, or in words of ours."""
ACKNOWLEDGEMENT_SAYS = ("nombre", "folio", "vence")


def placeholders(pack: Pack, _as_of: date) -> Iterator[Finding]:
    """Templates use known placeholders only."""
    for index, template in enumerate(pack.templates):
        for field, text in (("subject", template.subject), ("text", template.text)):
            for name in placeholders_in(text):
                if name not in PLACEHOLDERS:
                    path = f"templates[{index}].{field}"
                    yield finding("unknown-placeholder", path, f"No existe {{{name}}}.")


def required_templates(pack: Pack, _as_of: date) -> Iterator[Finding]:
    """Every message the desk sends has its text."""
    here = {template.key for template in pack.templates}
    for key in REQUIRED_TEMPLATES:
        if key not in here:
            yield finding("missing-template", "templates", f"Falta la plantilla «{key}».")


def acknowledgements(pack: Pack, _as_of: date) -> Iterator[Finding]:
    """An acknowledgement greets by name, gives the folio and prints the due moment."""
    used = {category.acknowledgement for category in pack.categories}
    for index, template in enumerate(pack.templates):
        if template.key not in used:
            continue
        says = placeholders_in(f"{template.subject} {template.text}")
        missing = [f"{{{name}}}" for name in ACKNOWLEDGEMENT_SAYS if name not in says]
        if missing:
            yield finding(
                "acknowledgement-incomplete",
                f"templates[{index}].text",
                f"El acuse «{template.key}» no dice {', '.join(missing)}.",
            )


def unused_templates(pack: Pack, _as_of: date) -> Iterator[Finding]:
    """Every template is sent by something."""
    used = {category.acknowledgement for category in pack.categories}
    used.update(REQUIRED_TEMPLATES, OPTIONAL_TEMPLATES)
    for index, template in enumerate(pack.templates):
        if template.key not in used:
            path = f"templates[{index}]"
            yield finding("unused-template", path, f"Nada envía «{template.key}».")
