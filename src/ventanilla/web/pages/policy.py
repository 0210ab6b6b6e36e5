"""The pages about the policy: one version, two compared, one about to be published."""

from __future__ import annotations

from typing import Any

from ventanilla.desk import policies as desk
from ventanilla.policy.comparing import compare
from ventanilla.policy.lint import Severity
from ventanilla.policy.schema.pack import Pack
from ventanilla.register.models import PolicyVersion
from ventanilla.register.policies import pack_of, versions_of
from ventanilla.web.presenters.moments import moment
from ventanilla.web.presenters.policy import clause_rows, hour_facts, target_groups
from ventanilla.web.presenters.policy_changes import change_groups, finding_rows, version_rows
from ventanilla.web.visit import Visit


def version_context(visit: Visit, version: PolicyVersion) -> dict[str, Any]:
    """Clauses, targets and hours of one version."""
    pack = pack_of(version)
    return {
        "company": pack.company.legal_name,
        "version": {
            "number": version.number,
            "since": moment(version.effective_from, pack.calendar.zone, visit.as_of),
            "digest": version.digest[:16],
        },
        "targets": list(target_groups(pack)),
        "hours": list(hour_facts(pack, visit.as_of)),
        "clauses": list(clause_rows(pack)),
    }


def versions_context(visit: Visit) -> dict[str, Any]:
    """Every version that was published."""
    zone = visit.pack.calendar.zone
    versions = versions_of(visit.policy.pack)
    rows = version_rows(versions, zone, visit.as_of, in_force=visit.policy.number)
    return {"rows": rows, "numbers": [each.number for each in rows]}


def comparison(before: Pack, after: Pack) -> dict[str, Any]:
    """What differs between two packs, in words."""
    return {"groups": change_groups(compare(before, after))}


def review_context(visit: Visit, pack: Pack) -> dict[str, Any]:
    """What publishing a pack would change, against the newest version, and what is wrong in it."""
    newest = versions_of(visit.policy.pack, limit=1)[0]
    findings = desk.findings_of(pack, visit.as_of)
    zone = visit.pack.calendar.zone
    coming = [each for each in versions_of(visit.policy.pack) if each.effective_from > visit.as_of]
    return {
        **comparison(pack_of(newest), pack),
        "newest": newest.number,
        "is_same": newest.digest == pack.sha256,
        "findings": finding_rows(each for each in findings if each.severity is not Severity.NOTE),
        "notes": finding_rows(each for each in findings if each.severity is Severity.NOTE),
        "is_wrong": any(each.severity is Severity.ERROR for each in findings),
        "coming": [
            (each.number, moment(each.effective_from, zone, visit.as_of).full) for each in coming
        ],
    }
