"""Jobs, health, and the record of what was administered."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from ventanilla.accounts import administrative
from ventanilla.accounts.permissions import Permission
from ventanilla.accounts.queries import names_of
from ventanilla.core.config import config
from ventanilla.desk import health as examination
from ventanilla.desk import job_care, job_reading
from ventanilla.web.addresses import address
from ventanilla.web.live.process import finding_here
from ventanilla.web.paging import page_number
from ventanilla.web.presenters.administration import (
    Telling,
    entry_rows,
    health_sign,
    job_rows,
    people_in,
    task_words,
)
from ventanilla.web.presenters.moments import moment
from ventanilla.web.visit import Visit, staff_page

from .base import Done, FormPage, run, sent, show_admin

FORM = ("GET", "HEAD", "POST")
LISTED = 20


@require_safe
@staff_page
def jobs(request: HttpRequest, visit: Visit) -> HttpResponse:
    """What waits, what runs, what failed and why, and the timers."""
    visit.demand(Permission.VIEW_ADMINISTRATION)
    zone, as_of = visit.pack.calendar.zone, visit.as_of
    after = page_number(request.GET.get("despues"))
    failed = job_reading.failed(after=after)
    timers = [
        (task_words(name), moment(last, zone, as_of)) for name, last in job_reading.periodic()
    ]
    more = f"{address('jobs')}?despues={failed[-1].id}" if len(failed) == job_reading.PAGE else ""
    context = {
        "seen": job_reading.overview(as_of),
        "most": job_reading.MOST_COUNTED,
        "failed": job_rows(failed, zone, as_of),
        "next_url": more,
        "waiting": job_rows(job_reading.waiting(limit=LISTED), zone, as_of),
        "running": job_rows(job_reading.running(limit=LISTED), zone, as_of),
        "timers": timers,
        "may_manage": visit.may(Permission.MANAGE_JOBS),
    }
    return show_admin(request, visit, "web/admin/jobs.html", context)


@require_http_methods(FORM)
@staff_page
def retry_job(request: HttpRequest, visit: Visit, job_id: int) -> HttpResponse:
    """Try a failed job once more."""
    name = _job_name(visit, job_id)
    page = FormPage(
        title=_("Repetir: %(name)s") % {"name": name},
        verb=_("Repetir el trabajo"),
        icon="arrow-path",
        back_url=address("jobs"),
        back_name=_("Trabajos"),
        consequences=(
            _("Se hace una vez más enseguida. Lo que ya se hizo no se hace dos veces."),
            _("Si vuelve a fallar, queda otra vez aquí con su motivo."),
        ),
    )

    def deed(_asked: dict[str, Any]) -> Done:
        job_care.retry(job_id=job_id, acting_user=visit.actor, as_of=visit.as_of)
        return Done(_("El trabajo se repite enseguida."), address("jobs"))

    return run(request, visit, page, forms.Form(sent(request)), deed)


@require_http_methods(FORM)
@staff_page
def cancel_job(request: HttpRequest, visit: Visit, job_id: int) -> HttpResponse:
    """Give a job up that waits or failed."""
    name = _job_name(visit, job_id)
    page = FormPage(
        title=_("Cancelar: %(name)s") % {"name": name},
        verb=_("Cancelar el trabajo"),
        icon="x-mark",
        back_url=address("jobs"),
        back_name=_("Trabajos"),
        danger=True,
        consequences=(
            _("El trabajo se olvida. El correo, el envío o el caso del que trata no se borra."),
            _("Si eso sigue pendiente, en un par de minutos se encarga un trabajo nuevo."),
        ),
    )

    def deed(_asked: dict[str, Any]) -> Done:
        job_care.give_up(job_id=job_id, acting_user=visit.actor, as_of=visit.as_of)
        return Done(_("Trabajo cancelado."), address("jobs"))

    return run(request, visit, page, forms.Form(sent(request)), deed)


@never_cache
@require_safe
@staff_page
def health(request: HttpRequest, visit: Visit) -> HttpResponse:
    """What «ventanilla doctor» says, asked now, and how the live updates of this process are."""
    visit.demand(Permission.VIEW_ADMINISTRATION)
    findings = [*examination.examine(config(), visit.as_of), *filter(None, [finding_here()])]
    rows = [(health_sign(each), *each.said(_)) for each in findings]
    context = {"rows": rows, "versions": examination.versions()}
    return show_admin(request, visit, "web/admin/health.html", context)


@require_safe
@staff_page
def record(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Every act of administration, the latest first."""
    visit.demand(Permission.VIEW_ADMINISTRATION)
    after = page_number(request.GET.get("despues"))
    found = administrative.entries(after=after, limit=administrative.PAGE + 1)
    shown = found[: administrative.PAGE]
    telling = Telling(names_of(people_in(shown)), visit.pack.calendar.zone, visit.as_of)
    is_more = len(found) > administrative.PAGE
    more = f"{address('admin-record')}?despues={shown[-1].pk}" if is_more else ""
    context = {"rows": entry_rows(shown, telling), "next_url": more}
    return show_admin(request, visit, "web/admin/record.html", context)


def _job_name(visit: Visit, job_id: int) -> str:
    visit.demand(Permission.MANAGE_JOBS)
    found = job_reading.job(job_id)
    if found is None:
        raise Http404
    return task_words(found.task_name)
