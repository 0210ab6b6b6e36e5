"""Fills a fresh installation with a team and its history."""

from __future__ import annotations

from datetime import datetime, timedelta

from rich.progress import Progress

from ventanilla.accounts.models import Role, Staff
from ventanilla.core.actors import SYSTEM, Actor
from ventanilla.demo.access import PASSWORD, TEAM
from ventanilla.demo.articles import publish_articles
from ventanilla.demo.history import WEEKS, History
from ventanilla.policy import Pack
from ventanilla.register.operations import publish_policy


def open_demo(*, pack: Pack, domain: str, cases: int, now: datetime) -> None:
    """Publish the policy as of the first day, hire the team, tell the history."""
    start = now - timedelta(weeks=WEEKS + 1)
    publish_policy(pack=pack, effective_from=start, acting_user=SYSTEM, as_of=start)
    team = _team(pack, domain)
    writer = Actor.staff(next(each.pk for each in team.values() if each.role == Role.LEAD))
    articles = publish_articles(pack=pack, acting_user=writer, as_of=start)
    history = History(pack=pack, team=team, end=now, cases=cases, articles=articles)
    with Progress() as progress:
        task = progress.add_task("Contando la historia", total=(now - start).total_seconds())
        for moment in history.tell():
            progress.update(task, completed=(moment - start).total_seconds())
        progress.update(task, completed=(now - start).total_seconds())


def _team(pack: Pack, domain: str) -> dict[str, Staff]:
    """The first agent serves the first desk only; nobody above an agent is bound to a desk."""
    first_desk = [pack.desks[0].key]
    team: dict[str, Staff] = {}
    for name, mailbox, role, _ in TEAM:
        team[mailbox] = Staff.objects.create_user(
            email=f"{mailbox}@{domain}",
            password=PASSWORD,
            full_name=name,
            role=role,
            desks=[] if team else first_desk,
        )
    return team
