"""Templates and macros: chosen while answering, written by who may."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from ventanilla.accounts.permissions import Permission
from ventanilla.core.numbers import number_in
from ventanilla.core.refusals import Refusal
from ventanilla.desk import macros, templating
from ventanilla.desk.shown import mark_of
from ventanilla.policy.clock import PolicyError
from ventanilla.policy.schema import Pack
from ventanilla.register.models import Case
from ventanilla.web.addresses import address
from ventanilla.web.cases import visible_case
from ventanilla.web.forms.case import Reply
from ventanilla.web.forms.templates import TemplateForm
from ventanilla.web.packs import pack_for
from ventanilla.web.parameters import revision_in
from ventanilla.web.presenters.drafts import excerpt
from ventanilla.web.presenters.refusals import TYPED_KEPT, refusal_view
from ventanilla.web.visit import Visit, show, staff_page
from ventanilla.workspace import templates
from ventanilla.workspace.models import ReplyTemplate

AFTERWARDS = dict(Reply.AFTERWARDS)


@dataclass(frozen=True, slots=True)
class TemplateLine:
    """One template as a list shows it."""

    url: str
    name: str
    excerpt: str
    where: str
    does: tuple[str, ...]
    is_active: bool


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page
def for_case(request: HttpRequest, visit: Visit, folio: str) -> HttpResponseBase:
    """The templates for one case, filled; POST puts the chosen one into the draft."""
    case = visible_case(visit, folio)
    if not visit.may(Permission.REPLY_TO_PERSON, case.desk):
        raise Http404
    if request.method == "POST":
        return _use(request, visit, case)
    found = [
        {"filled": each, "then": str(AFTERWARDS.get(each.then, "")) if each.then else ""}
        for each in templating.offered(case=case, staff=visit.staff)
    ]
    context = {
        "found": found,
        "case_url": address("case", folio),
        "url": request.path,
        "may_manage": visit.may(Permission.MANAGE_TEMPLATES),
    }
    by_script = request.headers.get("X-Requested-With") == "fetch"
    return show(
        request, visit, f"web/templates/{'picker' if by_script else 'picker_page'}.html", context
    )


@require_safe
@staff_page
def listed(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Every template."""
    visit.demand(Permission.MANAGE_TEMPLATES)
    lines = [_line(each, visit.pack) for each in templates.all_of()]
    return show(request, visit, "web/templates/list.html", {"lines": lines})


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page
def edit(request: HttpRequest, visit: Visit, template_id: int | None = None) -> HttpResponse:
    """A new template, or a kept one."""
    visit.demand(Permission.MANAGE_TEMPLATES)
    row = templates.by_id(template_id) if template_id else None
    if template_id and row is None:
        raise Http404
    if request.method != "POST":
        return _form(request, visit, TemplateForm(visit.pack, row=row), row)
    form = TemplateForm(visit.pack, request.POST, row)
    if not form.is_valid():
        return _form(request, visit, form, row, status=422)
    try:
        templates.write(
            template_id=template_id,
            wording=form.wording(),
            expected_revision=revision_in(request.POST),
            acting_user=visit.actor,
            as_of=visit.as_of,
        )
    except Refusal as refusal:
        now = templates.by_id(template_id) if template_id else None
        return _form(request, visit, form, now, refusal=refusal, status=409)
    messages.success(request, _("Plantilla guardada."), extra_tags="kept")
    return redirect("templates")


def _use(request: HttpRequest, visit: Visit, case: Case) -> HttpResponseBase:
    given, by_script = request.POST.get("plantilla"), _by_script(request)
    refused = ""
    try:
        if given:
            templating.use(
                case=case,
                template_id=number_in(given),
                put_text=not by_script,
                acting_user=visit.actor,
                as_of=visit.as_of,
            )
        else:
            templating.drop_deeds(case=case, acting_user=visit.actor, as_of=visit.as_of)
    except Refusal as refusal:
        refused = refusal.message
    if by_script:
        return HttpResponse(_deeds(request, visit, case, refused))
    if refused:
        messages.error(request, refused, extra_tags="refused")
    return redirect(f"{address('case', case.folio)}#responder")


def _deeds(request: HttpRequest, visit: Visit, case: Case, refused: str) -> str:
    deeds = templating.deeds_on_draft(case=case, staff_id=visit.staff.pk)
    context = {
        "draft": {"deeds": macros.shown(deeds, pack_for(case)), "deeds_mark": mark_of(deeds)},
        "refused": refused,
        "composer": {"urls": {"templates": address("case-templates", case.folio)}},
    }
    return render_to_string("web/case/draft_deeds.html", context, request)


def _line(row: ReplyTemplate, pack: Pack) -> TemplateLine:
    try:
        where = [pack.desk(row.desk).name] if row.desk else []
        where += [pack.category(row.category).name] if row.category else []
        does = macros.in_words(row.deeds, pack)
    except (PolicyError, macros.DeedUnknown):
        where, does = [_("No encaja en la política en vigor: revísela")], []
    if row.then:
        does.append(str(AFTERWARDS.get(row.then, row.then)))
    return TemplateLine(
        url=address("template", row.pk),
        name=row.name,
        excerpt=excerpt(row.text),
        where=" · ".join(where) or _("Todas las mesas"),
        does=tuple(does),
        is_active=row.is_active,
    )


def _form(
    request: HttpRequest,
    visit: Visit,
    form: TemplateForm,
    row: ReplyTemplate | None,
    *,
    refusal: Refusal | None = None,
    status: int = 200,
) -> HttpResponse:
    # Saving over a colleague's text is a decision: only a page that shows it carries its revision.
    moved = isinstance(refusal, templates.TemplateMoved)
    seen = revision_in(request.POST) if form.is_bound and not moved else row.revision if row else ""
    context = {
        "form": form,
        "row": row,
        "refusal": refusal_view(refusal, kept=TYPED_KEPT) if refusal else None,
        "other": row if moved else None,
        "revision": seen,
        "url": request.path,
        "placeholders": templates.PLACEHOLDERS.items(),
    }
    return show(request, visit, "web/templates/form.html", context, status=status)


def _by_script(request: HttpRequest) -> bool:
    return request.headers.get("X-Requested-With") == "fetch"
