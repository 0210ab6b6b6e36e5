"""Weeks of service told through the same operations that serve today, with past moments."""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import partial

from ventanilla.accounts.models import Staff
from ventanilla.channels.queries import due_outbound
from ventanilla.core.actors import Actor
from ventanilla.demo.agenda import Agenda
from ventanilla.demo.articles import for_category
from ventanilla.demo.endings import Ending, endings
from ventanilla.demo.mail import answer_mail, first_mail
from ventanilla.demo.people import Customer, customers
from ventanilla.demo.stories import Story, stories_of
from ventanilla.desk import (
    assessment,
    changes,
    closing,
    deadlines,
    intake,
    outbox,
    progress,
    replies,
    resolution,
)
from ventanilla.intranet.models import ArticleVersion
from ventanilla.policy import Pack, Term
from ventanilla.register import queries
from ventanilla.register.models import Case
from ventanilla.register.rules.statuses import ENDED, Status

WEEKS = 5
ROUNDS_EVERY = timedelta(hours=2)
"""How often reminders, closings and deliveries have their turn in the story."""
SOON = timedelta(minutes=12)
LATE_SHARE = 0.12
"""Share of the requests that are answered after their promise: a desk of people, not of angels."""


class History:
    """A desk that has been working for weeks. The same seed tells the same story."""

    def __init__(
        self,
        *,
        pack: Pack,
        team: dict[str, Staff],
        end: datetime,
        cases: int,
        articles: list[ArticleVersion],
    ) -> None:
        self.pack = pack
        self.team = team
        self.articles = articles
        self.agents = [staff for staff in team.values() if staff.role == "agent"]
        self.calendar = pack.calendar
        self.agenda = Agenda(end=end)
        self.chance = random.Random(pack.key)
        self.numbers = itertools.count(1)
        self._plan_arrivals(start=end - timedelta(weeks=WEEKS), end=end, cases=cases)
        if cases:
            self._plan_endings(end)
        self._plan_rounds(start=end - timedelta(weeks=WEEKS), end=end)

    def tell(self) -> Iterator[datetime]:
        """Let it happen, in order; yields the moment of each event for a progress bar."""
        return self.agenda.run()

    def _plan_arrivals(self, *, start: datetime, end: datetime, cases: int) -> None:
        people, stories = customers(), stories_of(self.pack.key)
        span = (end - start).total_seconds()
        for number in range(cases):
            # Evenly through the weeks with some chance; the last ones in the last hours.
            at = start + timedelta(seconds=span * (number + self.chance.random()) / cases)
            at = self._moment_people_write(at)
            story, customer = self.chance.choice(stories), self.chance.choice(people)
            self.agenda.plan(at, partial(self._arrive, story, customer))

    def _plan_endings(self, end: datetime) -> None:
        """What is still open when the story ends, so that something presses on any day."""
        people = customers()
        for ending in endings(self.pack, stories_of(self.pack.key), end):
            arrive = partial(self._arrive_last, ending, self.chance.choice(people))
            self.agenda.plan(ending.at, arrive)

    def _moment_people_write(self, at: datetime) -> datetime:
        """Three of four write while the desk is open."""
        if self.calendar.is_open(at) or self.chance.random() < 0.25:
            return at
        opening = self.calendar.next_opening(at)
        return opening + timedelta(minutes=self.chance.randint(1, 200))

    def _plan_rounds(self, *, start: datetime, end: datetime) -> None:
        at = start
        while at <= end:
            self.agenda.plan(at, self._round)
            at += ROUNDS_EVERY

    def _round(self, as_of: datetime) -> None:
        deadlines.run(as_of=as_of, limit=1000)
        closing.close_quiet(as_of=as_of)
        _deliver_waiting(as_of=as_of)

    def _later(self, at: datetime, *, minutes: tuple[int, int]) -> datetime:
        """Some opening minutes after ``at``: staff work while the desk is open."""
        return self.calendar.due(
            at, Term.parse(f"{self.chance.randint(*minutes)} business_minutes")
        )

    def _arrive(self, story: Story, customer: Customer, as_of: datetime) -> None:
        case = self._write(story, customer, as_of)
        agent = self._who_takes(story)
        at = self._later(as_of, minutes=(5, 50))
        self.agenda.plan(at, partial(self._assess, case.pk, story, customer, agent))

    def _arrive_last(self, ending: Ending, customer: Customer, as_of: datetime) -> None:
        """Understood soon, and not answered but where a solution is promised."""
        story = ending.story
        case, agent = self._write(story, customer, as_of), self._who_takes(story)
        at = as_of + SOON
        self.agenda.plan(at, partial(self._understand, case.pk, story, agent))
        if ending.promised_at is not None:
            promise = partial(self._promise, case.pk, story, agent, ending.promised_at)
            self.agenda.plan(at + SOON, promise)

    def _write(self, story: Story, customer: Customer, as_of: datetime) -> Case:
        desk = self.pack.desk(story.desk)
        raw = first_mail(
            customer=customer,
            to=desk.addresses[0],
            subject=story.subject,
            body=story.body,
            attachment=story.attachment,
            at=as_of,
            number=next(self.numbers),
        )
        return self._take(raw, customer=customer, to=desk.addresses[0], as_of=as_of)

    def _who_takes(self, story: Story) -> Staff:
        """Mostly somebody bound to the desk; who serves every desk takes what is left."""
        serving = [a for a in self.agents if not a.desks or story.desk in a.desks]
        return self.chance.choices(serving, weights=[3 if a.desks else 1 for a in serving])[0]

    def _take(self, raw: bytes, *, customer: Customer, to: str, as_of: datetime) -> Case:
        item = intake.accept(
            raw=raw,
            gateway="demo",
            envelope_from=customer.email,
            recipients=[to],
            remote="demo",
            as_of=as_of,
        )
        intake.receive(item_id=item.pk, as_of=as_of)
        item.refresh_from_db()
        assert item.case is not None, item.fate_detail
        _deliver_waiting(as_of=as_of + timedelta(seconds=20))
        return item.case

    def _assess(
        self, case_id: int, story: Story, customer: Customer, agent: Staff, as_of: datetime
    ) -> None:
        self._understand(case_id, story, agent, as_of)
        late = self.chance.random() < LATE_SHARE
        at = self._later(as_of, minutes=(700, 1500) if late else (10, 120))
        self.agenda.plan(at, partial(self._answer, case_id, story, customer, agent))

    def _understand(self, case_id: int, story: Story, agent: Staff, as_of: datetime) -> None:
        case, actor = queries.case_by_id(case_id), Actor.staff(agent.pk)
        category = self.pack.category(story.category)
        case = assessment.assess(
            case=case,
            category=category.key,
            priority=category.priority,
            asked=story.asked,
            expected_seq=None,
            acting_user=actor,
            as_of=as_of,
        )
        changes.assign(
            case=case, assignee_id=agent.pk, expected_seq=None, acting_user=actor, as_of=as_of
        )

    def _promise(
        self, case_id: int, story: Story, agent: Staff, promised_at: datetime, as_of: datetime
    ) -> None:
        """A solution by a moment of its own: people promise for a Sunday, too."""
        actor = Actor.staff(agent.pk)
        replies.reply(
            case=queries.case_by_id(case_id),
            text=f"Buen día:\n\n{story.answer}",
            expected_seq=None,
            acting_user=actor,
            as_of=as_of,
        )
        changes.change_committed_date(
            case=queries.case_by_id(case_id),
            committed_at=promised_at,
            reason="Lo confirmamos con el área encargada.",
            expected_seq=None,
            acting_user=actor,
            as_of=as_of + timedelta(minutes=2),
        )
        _deliver_waiting(as_of=as_of + timedelta(minutes=3))

    def _answer(
        self, case_id: int, story: Story, customer: Customer, agent: Staff, as_of: datetime
    ) -> None:
        case, actor = queries.case_by_id(case_id), Actor.staff(agent.pk)
        first_name = customer.name.split()[0]
        replies.reply(
            case=case,
            text=f"Buen día, {first_name}:\n\n{story.answer}",
            article_versions=for_category(self.articles, story.category),
            expected_seq=None,
            acting_user=actor,
            as_of=as_of,
        )
        _deliver_waiting(as_of=as_of + timedelta(seconds=20))
        if story.complex_reason:
            self._mark_complex(case_id, story, agent, as_of)
        if story.thanks and self.chance.random() < 0.7:
            at = as_of + timedelta(minutes=self.chance.randint(20, 400))
            self.agenda.plan(at, partial(self._thank, case_id, story, customer))
        at = self._later(as_of, minutes=(60, 900))
        self.agenda.plan(at, partial(self._resolve, case_id, story, agent))

    def _mark_complex(self, case_id: int, story: Story, agent: Staff, as_of: datetime) -> None:
        case = queries.case_by_id(case_id)
        progress.mark_complex(
            case=case,
            reason=story.complex_reason,
            expected_seq=None,
            acting_user=Actor.staff(agent.pk),
            as_of=as_of + timedelta(minutes=3),
        )

    def _thank(self, case_id: int, story: Story, customer: Customer, as_of: datetime) -> None:
        case = queries.case_by_id(case_id)
        last = queries.last_sent_message(case)
        assert last is not None, "people thank for an answer"
        raw = answer_mail(
            customer=customer,
            to=self.pack.desk(case.desk).addresses[0],
            subject=last.subject,
            body=story.thanks,
            parent=last.message_id,
            at=as_of,
            number=next(self.numbers),
        )
        self._take(raw, customer=customer, to=self.pack.desk(case.desk).addresses[0], as_of=as_of)

    def _resolve(self, case_id: int, story: Story, agent: Staff, as_of: datetime) -> None:
        case = queries.case_by_id(case_id)
        resolution.resolve(
            case=case,
            text=f"Damos por resuelta su solicitud. {story.answer}",
            expected_seq=None,
            acting_user=Actor.staff(agent.pk),
            as_of=as_of,
        )
        _deliver_waiting(as_of=as_of + timedelta(seconds=20))
        # Who writes again gets an answer again: a reopened case does not stay behind.
        at = self._later(as_of, minutes=(400, 900))
        self.agenda.plan(at, partial(self._resolve_again, case_id, story, agent))

    def _resolve_again(self, case_id: int, story: Story, agent: Staff, as_of: datetime) -> None:
        if queries.case_by_id(case_id).status not in ENDED | {Status.RESOLVED}:
            self._resolve(case_id, story, agent, as_of)


def _deliver_waiting(*, as_of: datetime) -> None:
    """What a worker does all day: hand over what waits in the outbox."""
    for outbound_id in due_outbound(as_of=as_of, limit=500):
        outbox.deliver(outbound_id=outbound_id, as_of=as_of)
