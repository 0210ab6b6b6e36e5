"""A house in which every form is offered to somebody, with what strangers write in every name."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from allauth.mfa.models import Authenticator
from django.test import Client
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from tests.desk import mails, people
from tests.web.cast import MARKUP, a_case
from tests.web.doors import PASSWORD, code_of, enter
from tests.web.form_walk import Visitor
from tests.web.hostile_values import policy_with
from tests.web.test_sign_in_factors import protected
from ventanilla.accounts import absences
from ventanilla.accounts.models import Role, Staff
from ventanilla.accounts.operations import create_staff, deactivate_staff
from ventanilla.channels.models import Delivery, OutboundMessage
from ventanilla.core.actors import SYSTEM, Actor
from ventanilla.core.statements import execute
from ventanilla.desk import (
    assessment,
    bulk,
    changes,
    filing,
    job_troubles,
    progress,
    queueing,
    replies,
    resolution,
    staffing,
    structure,
)
from ventanilla.desk.enclosing import Upload
from ventanilla.intranet import operations as intranet
from ventanilla.intranet.operations import Content
from ventanilla.policy.schema import Pack
from ventanilla.register import folio as folios
from ventanilla.register import operations as register
from ventanilla.register.models import Case
from ventanilla.workspace import drafting, marking, viewing
from ventanilla.workspace.models import ReplyTemplate


@dataclass
class World:
    """``known`` is what only who holds a letter can type: values by view and name."""

    cases: dict[str, Case]
    invitation: str = ""

    @property
    def known(self) -> dict[tuple[str, str], str]:
        """Codes and numbers."""
        case = self.cases["worked"]
        return {
            ("account_login", "login"): FORGETFUL,
            ("account_reset_password", "email"): FORGETFUL,
            ("portal", "folio"): case.folio,
            ("portal", "secret"): folios.secret_of(case),
            ("portal-lost", "folio"): case.folio,
            ("portal-lost", "email"): people.ANA_ADDRESS,
        }


def _an_hour_ago() -> datetime:
    return timezone.now() - timedelta(hours=1)


def _cases() -> dict[str, Case]:
    """One of each state. Its words and its customer's name are what a stranger writes."""
    found = {}
    for name in ("new", "worked", "resolved", "complex", "waiting", "kept", "gone", "linked"):
        sender = f'"{MARKUP.replace(chr(34), chr(39))}" <ana@cliente.example>'
        found[name] = a_case(
            at=_an_hour_ago(), subject=f"{MARKUP} {name}", text=f"{MARKUP}\n\n{name}", sender=sender
        )
    for name in ("worked", "resolved", "complex", "waiting"):
        found[name] = _in_work(found[name])
    doing: dict[str, Any] = {"acting_user": people.elena()}
    now = timezone.now()
    resolution.resolve(case=found["resolved"], text=MARKUP, **doing, as_of=now)
    progress.mark_complex(case=found["complex"], reason=MARKUP, **doing, as_of=now)
    _wait(found["waiting"])
    structure.merge(case=found["gone"], into=found["kept"], **doing, as_of=now)
    structure.link(case=found["linked"], other=found["worked"], **doing, as_of=now)
    return {name: Case.objects.get(pk=case.pk) for name, case in found.items()}


def _in_work(case: Case) -> Case:
    actor, when = people.elena(), _an_hour_ago() + timedelta(minutes=5)
    assessment.assess(
        case=case, category="billing_query", priority="high", asked=MARKUP,
        acting_user=actor, as_of=when,
    )  # fmt: skip
    case = Case.objects.get(pk=case.pk)
    changes.assign(case=case, assignee_id=actor.id, acting_user=actor, as_of=when)
    case = Case.objects.get(pk=case.pk)
    replies.reply(case=case, text=f"Buen día: {MARKUP}", acting_user=actor, as_of=when)
    return Case.objects.get(pk=case.pk)


def _wait(case: Case) -> None:
    replies.reply(
        case=case, text="¿Nos dice la fecha?", then="wait_for_customer",
        acting_user=people.elena(), as_of=timezone.now(),
    )  # fmt: skip


def world() -> World:
    """Everything that a page may show and a form may change, once."""
    made = World(_cases())
    now = timezone.now()
    _knowledge(now)
    _machine(now)
    ReplyTemplate.objects.create(name=MARKUP[:100], text=f"Hola {MARKUP}", updated_at=now)
    away = people.carlos()
    absences.note_absence(
        staff_id=away.id or 0, starts_at=now - timedelta(hours=1), ends_at=now + timedelta(days=2),
        reason=MARKUP, acting_user=people.elena(), as_of=now,
    )  # fmt: skip
    gone = people.marcos()
    deactivate_staff(staff_id=gone.id or 0, acting_user=SYSTEM, as_of=now)
    _, letter = staffing.invite(
        email="nueva@generasoft.example", full_name="Nueva Pérez", role="agent", desks=["soporte"],
        language="es", acting_user=_administrator(), as_of=now,
    )  # fmt: skip
    link = re.search(r"/invitacion/\S+/", letter.text)
    assert link
    made.invitation = link[0]
    _member(FORGETFUL)
    return made


def _administrator() -> Actor:
    return people._acting("marcela@generasoft.example", "Marcela Ibáñez", Role.ADMINISTRATOR)


def _knowledge(now: datetime) -> None:
    doing: dict[str, Any] = {"pack": people.pack(), "acting_user": people.elena(), "as_of": now}
    for title in (f"Leer {MARKUP}", "Un borrador", "Otro publicado"):
        content = Content(
            title=title, body=f"# {MARKUP}\n\n{MARKUP} La factura trae el valor.",
            kind="guide", audience="public", categories=("billing_query",),
        )  # fmt: skip
        row = intranet.create_article(content=content, **doing)
        if title != "Un borrador":
            intranet.publish_article(article=row, expected_revision=1, **doing)


def _machine(now: datetime) -> None:
    """What went wrong: a job, mails that did not leave, mail that was put aside."""
    before = set(ProcrastinateJob.objects.values_list("pk", flat=True))
    queueing.defer_receive(2**40)
    job = ProcrastinateJob.objects.exclude(pk__in=before).get()
    execute("UPDATE procrastinate_jobs SET status = 'failed' WHERE id = %s", [job.pk])
    job_troubles.note(job_id=job.pk, task_name="receive", error=ValueError(MARKUP), as_of=now)
    mails.arrived(
        f"Subject: {MARKUP}\r\n\r\n{MARKUP}\r\n".encode(), at=now, recipients=[people.CUSTOMERS]
    )
    stuck = list(OutboundMessage.objects.order_by("id").values_list("pk", flat=True))
    for state, pk in zip((Delivery.FAILED, Delivery.HELD), stuck, strict=False):
        OutboundMessage.objects.filter(pk=pk).update(
            state=state, next_attempt_at=None, state_reason=f"550 {MARKUP}"
        )
    changed = Pack.model_validate(policy_with(first_response=10))
    register.publish_policy(pack=changed, effective_from=now, acting_user=SYSTEM, as_of=now)


FORGETFUL = "olvidadiza@generasoft.example"
Reached = tuple[Client, list[str]]
STAFF = ("agent", "lead", "director", "administrator", "auditor")
WITHIN = {"protected": "/cuenta/", "halfway": "/cuenta/", "reopener": "/seguimiento/"}
"""What others go through whole."""
VISITORS = (*STAFF, "protected", "keyholder", "halfway", "customer", "reopener", "nobody")


def visitor(kind: str, made: World) -> Visitor:
    """A browser of each kind of person, and where they begin."""
    browser, start = _colleague(kind, made) if kind in STAFF else _other(kind, made)
    within = start[0] if kind == "keyholder" else WITHIN.get(kind, "/")
    return Visitor(browser, start, made.known, within)


def _other(kind: str, made: World) -> Reached:
    return {
        "protected": _protected,
        "keyholder": _keyholder,
        "halfway": _halfway,
        "customer": lambda of: _following(of.cases["worked"]),
        "reopener": lambda of: _following(of.cases["resolved"]),
        "nobody": _nobody,
    }[kind](made)


def _colleague(kind: str, made: World) -> Reached:
    """Signed in through the door, a moment ago: no page asks for the password again."""
    now = timezone.now()
    staff = create_staff(
        email=f"{kind}@generasoft.example", full_name=f"Persona {kind}", role=Role(kind),
        password=PASSWORD, acting_user=SYSTEM, as_of=now,
    )  # fmt: skip
    browser, actor = Client(), Actor.staff(staff.pk)
    enter(browser, staff)
    _confirm(browser)
    case = made.cases["worked"]
    bulk.carry_out(
        deed=bulk.Reading(read=True), chosen={case.pk: case.ledger_seq}, request_key=uuid4(),
        acting_user=actor, as_of=now,
    )  # fmt: skip
    viewing.save_view(
        name=MARKUP[:70], filters={"estado": ["new"]}, shared=True, acting_user=actor, as_of=now
    )
    marking.watch(case=case, acting_user=actor, as_of=now)
    if kind in ("agent", "lead"):
        drafting.save(
            case=case, kind="reply", text=MARKUP, revision=0, acting_user=actor, as_of=now
        )
        filing.add_evidence(
            case=case, uploads=[Upload(filename="<img src=x onerror=alert(1)>.txt", content=b"Hola")],
            acting_user=actor, as_of=now,
        )  # fmt: skip
    nouns = [f"/casos/{each.folio}/" for each in made.cases.values()]
    return browser, ["/", "/cuenta/", "/plantillas/", *nouns, "/cola/todos/", "/cola/resueltos/",
                     "/vistas/", "/borradores/", "/lotes/", "/vistas/nueva/?estado=new",
                     "/cuenta/llaves/nueva/", "/administracion/politica/1/regreso/"]  # fmt: skip


def _confirm(browser: Client) -> None:
    """Give the password once more: pages of the account open then."""
    answer = browser.post("/cuenta/confirmacion/", {"password": PASSWORD, "next": "/cuenta/"})
    assert answer.status_code == 302


def _protected(made: World) -> Reached:
    staff = _member("protegida@generasoft.example")
    browser = Client()
    secret, _ = protected(staff)
    enter(browser, staff)
    browser.post("/cuenta/factor/entrada/", {"code": code_of(secret)})
    _confirm(browser)
    return browser, ["/cuenta/", "/cuenta/factor/confirmacion/", "/cuenta/factor/codigos/nuevos/",
                     "/cuenta/factor/aplicacion/retiro/", "/cuenta/llaves/nueva/"]  # fmt: skip


def _keyholder(made: World) -> Reached:
    """With a passkey whose name is what a stranger would write; nobody can sign in with it."""
    staff = _member("con-llave@generasoft.example")
    browser = Client()
    enter(browser, staff)
    _confirm(browser)
    key = Authenticator.objects.create(
        user=staff, type=Authenticator.Type.WEBAUTHN, data={"name": MARKUP, "credential": {}}
    )
    return browser, [f"/cuenta/llaves/{key.pk}/", f"/cuenta/llaves/{key.pk}/retiro/"]


def _halfway(made: World) -> Reached:
    staff = _member("a-medias@generasoft.example")
    protected(staff)
    browser = Client()
    enter(browser, staff)
    return browser, ["/cuenta/factor/entrada/"]


def _member(email: str) -> Staff:
    return create_staff(
        email=email, full_name="Sara Prueba", role="agent", password=PASSWORD,
        acting_user=SYSTEM, as_of=timezone.now(),
    )  # fmt: skip


def _following(case: Case) -> Reached:
    """Who holds the code of a case."""
    browser = Client()
    secret = folios.secret_of(case)
    assert browser.get(f"/seguimiento/{case.folio}/{secret}/").status_code == 302
    return browser, [f"/seguimiento/{case.folio}/"]


def _nobody(made: World) -> Reached:
    browser = Client()
    browser.post("/cuenta/clave/olvidada/", {"email": FORGETFUL})
    letter = OutboundMessage.objects.order_by("-id").first()
    link = letter and re.search(r"/cuenta/clave/olvidada/\S+/", letter.text)
    assert link, letter and letter.text
    return browser, [
        "/preguntar/", "/seguimiento/", "/seguimiento/enlace/", "/ayuda/", "/cuenta/login/",
        made.invitation, link[0],
    ]  # fmt: skip
