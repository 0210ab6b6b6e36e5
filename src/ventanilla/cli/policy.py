"""``ventanilla policy``: reads a pack, checks it, and answers when something is due and why."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING, Any

import click

from ventanilla.policy.clock import BusinessCalendar, PolicyError, Term

if TYPE_CHECKING:
    from rich.console import Console

    from ventanilla.policy.schema import Commitment, Pack

EXIT_BAD_INPUT = 2
EXIT_FINDINGS = 1
_TARGET_HELP = (
    "Plazo, p. ej. «12 business_hours». Bases: elapsed_hours, business_day_hours, "
    "business_hours, business_days, calendar_days; y con minutos: elapsed_minutes, "
    "business_day_minutes, business_minutes."
)
_RECEIVED_HELP = "Momento de recepción en ISO 8601; sin zona se lee en la de la política."


class BadInput(click.ClickException):
    """What was wrong, in the words of the policy's own errors."""

    exit_code = EXIT_BAD_INPUT

    def show(self, file: Any = None) -> None:
        """Only the message: it already says what to do."""
        click.echo(f"Error: {self.message}", file=file, err=file is None)


class Told(click.Command):
    """A command whose policy errors are told in one message, with exit code 2."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run, or refuse aloud."""
        try:
            return super().invoke(ctx)
        except PolicyError as error:
            raise BadInput(str(error)) from None


@click.group()
def policy() -> None:
    """Lee una política: la revisa, la muestra y explica sus plazos."""


@policy.command(cls=Told)
@click.argument("pack", required=False)
@click.option("--notes/--no-notes", default=True, help="Muestra también nuestras decisiones.")
def check(pack: str | None, notes: bool) -> None:
    """Revisa PACK (clave o archivo), o todas las incluidas; sale con 1 si hay errores."""
    from ventanilla.policy.lint import Severity, lint
    from ventanilla.policy.packs import available, load_located

    wrong = False
    for name in available() if pack is None else [pack]:
        located = load_located(name)
        chosen = located.pack
        found = lint(chosen, as_of=_today(chosen))
        shown = [each for each in found if notes or each.severity is not Severity.NOTE]
        for each in shown:
            place = located.place_of(each.path)
            click.echo(f"{_SEVERITY[each.severity.value]} {place}: {each}")
        counts = [sum(each.severity is kind for each in found) for kind in Severity]
        click.echo(
            f"{chosen.key}: {counts[0]} errores, {counts[1]} advertencias, "
            f"{counts[2]} decisiones nuestras."
        )
        wrong = wrong or bool(counts[0])
    if wrong:
        raise click.exceptions.Exit(EXIT_FINDINGS)


@policy.command(cls=Told)
@click.argument("pack")
def show(pack: str) -> None:
    """Muestra lo que PACK promete: mesas, categorías, plazos y cláusulas."""
    from rich.table import Table

    chosen, console = _load(pack), _console()
    console.print(f"[bold]{chosen.name}[/] · versión {chosen.version} · desde "
                  f"{chosen.effective_from} · {chosen.zone} · {chosen.currency}")  # fmt: skip
    console.print(f"sha256 {chosen.sha256}")
    for desk in chosen.desks:
        console.print(f"Mesa {desk.name}: {', '.join(desk.addresses)}")
    table = Table("Categoría", "Prioridad", "Compromiso", "Plazo", "Cláusula")
    for category, commitment in chosen.commitments():
        table.add_row(
            category.name if category else "Casos complejos",
            chosen.priority(category.priority).name if category else "",
            commitment.name,
            chosen.format_term(commitment.target.term),
            commitment.clause,
        )
    console.print(table)
    clauses = Table("Cláusula", "Título", "Texto")
    for clause in chosen.clauses:
        clauses.add_row(clause.id, clause.title, clause.text)
    console.print(clauses)


@policy.command(cls=Told)
@click.argument("pack", required=False)
@click.option("--from", "since", help="Desde cuándo rige (ISO 8601); sin él, desde ahora.")
def publish(pack: str | None, since: str | None) -> None:
    """Publica PACK (sin él, la configurada) como nueva versión; los casos abiertos no cambian."""
    from ventanilla.cli._publishing import publish_pack
    from ventanilla.core.config import config
    from ventanilla.policy.lint import Severity, lint

    chosen = _load(pack or config().pack)
    if any(each.severity is Severity.ERROR for each in lint(chosen, as_of=_today(chosen))):
        raise BadInput(f"La política tiene errores: «ventanilla policy check {chosen.key}».")
    publish_pack(chosen, effective_from=read_moment(since, chosen.calendar) if since else None)


@policy.command(cls=Told)
@click.option("--pack", required=True, help="Clave de una política incluida, o un archivo YAML.")
@click.option("--received", required=True, help=_RECEIVED_HELP)
@click.option("--target", required=True, help=_TARGET_HELP)
def due(pack: str, received: str, target: str) -> None:
    """Imprime solo el momento de vencimiento, en ISO 8601 con zona."""
    term = Term.parse(target)
    calendar = _load(pack).calendar
    click.echo(calendar.due(read_moment(received, calendar), term).isoformat())


@policy.command(cls=Told)
@click.argument("pack_argument", metavar="[PACK]", required=False)
@click.option("--pack", help="Clave de una política incluida, o un archivo YAML.")
@click.option("--received", help=_RECEIVED_HELP)
@click.option("--target", help=_TARGET_HELP + " Sin él, muestra todos los compromisos.")
def explain(
    pack_argument: str | None, pack: str | None, received: str | None, target: str | None
) -> None:
    """Explica día por día por qué un plazo vence cuando vence."""
    name = pack or pack_argument
    if name is None or (pack and pack_argument and pack != pack_argument):
        raise BadInput("Diga una política: «explain PACK» o «--pack PACK».")
    term = Term.parse(target) if target else None
    chosen = _load(name)
    moment = read_moment(received, chosen.calendar) if received else None
    if term is None:
        _explain_pack(chosen, [moment] if moment else list(_samples(chosen)))
    elif moment is None:
        raise BadInput("Con --target hace falta --received: el momento en que se recibió.")
    else:
        _explain_term(chosen, moment, term)


def read_moment(words: str, calendar: BusinessCalendar) -> datetime:
    """A moment from ISO 8601; without an offset it is read in the zone of the calendar."""
    try:
        moment = datetime.fromisoformat(words.strip())
    except ValueError:
        raise BadInput(
            f"El momento «{words}» no existe o no es ISO 8601: escriba 2026-12-04T15:00 o, con "
            "zona, 2026-12-04T15:00-05:00."
        ) from None
    return moment if moment.tzinfo else moment.replace(tzinfo=calendar.zone)


_SEVERITY = {"error": "ERROR", "warning": "AVISO", "note": "DECISIÓN"}


def _load(name: str) -> Pack:
    from ventanilla.policy.packs import load

    return load(name)


def _console() -> Console:
    from rich.console import Console

    return Console(highlight=False, soft_wrap=False)


def _today(pack: Pack) -> date:
    return datetime.now(pack.calendar.zone).date()


def _samples(pack: Pack) -> Iterator[datetime]:
    """Arrivals that show the clocks at work: midweek, Friday afternoon, Saturday, holiday eve."""
    zone, monday = pack.calendar.zone, _today(pack)
    monday += timedelta(days=-monday.weekday() % 7)
    for days, hour in ((1, 10), (4, 15), (5, 10)):
        yield datetime.combine(monday + timedelta(days=days), time(hour), tzinfo=zone)
    for days in range(1, 366):
        day = monday + timedelta(days=days)
        opens_before = pack.calendar.day(day - timedelta(days=1)).hours
        if opens_before and pack.calendar.schedule.holiday_name(day) is not None:
            yield datetime.combine(day - timedelta(days=1), time(15), tzinfo=zone)
            return


def _explain_pack(pack: Pack, arrivals: list[datetime]) -> None:
    from rich.table import Table

    console = _console()
    for arrival in arrivals:
        table = Table(
            "Compromiso", "Plazo", "Vence",
            title=f"Si llega el {pack.format_moment(arrival)}",
        )  # fmt: skip
        table.columns[2].no_wrap = True
        for category, commitments in _by_category(pack):
            table.add_row(f"[bold]{category}[/]")
            for commitment in commitments:
                table.add_row(*_row(pack, commitment, arrival))
            table.add_section()
        console.print(table)


def _by_category(pack: Pack) -> Iterator[tuple[str, list[Commitment]]]:
    for category, pairs in groupby(pack.commitments(), key=itemgetter(0)):
        name = category.name if category else "Casos complejos"
        yield name, [commitment for _, commitment in pairs]


def _row(pack: Pack, commitment: Commitment, arrival: datetime) -> tuple[str, str, str]:
    from ventanilla.policy.wording import format_short

    term = commitment.target.term
    due = pack.calendar.due(arrival, term)
    name = f"{commitment.name} ({commitment.clause})"
    return name, pack.format_term(term), format_short(due)


def _explain_term(pack: Pack, received: datetime, term: Term) -> None:
    from rich.table import Table

    from ventanilla.policy.account_wording import (
        date_words,
        interval_words,
        quantity_words,
        reason_words,
    )

    account, console = pack.calendar.explain(received, term), _console()
    console.print(f"Recibido: {pack.format_moment(account.received)}")
    console.print(f"Plazo:    {pack.format_term(term)}")
    console.print(f"Empieza:  {pack.format_moment(account.starts_at)}")
    table = Table("Fecha", "Qué pasa", "Tramos contados", "Cuenta", "Acumulado")
    table.columns[0].no_wrap = True
    for day in account.days:
        table.add_row(
            date_words(day),
            reason_words(day),
            interval_words(day.counted),
            quantity_words(day.amount, term) if day.amount else "",
            quantity_words(day.running, term),
        )
    console.print(table)
    console.print(f"Vence:    {pack.format_moment(account.due_at)}")
    console.print(f"          {account.due_at.isoformat()}")
