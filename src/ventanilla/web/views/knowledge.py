"""What the company knows, for the team: read, write, publish, compare, retire."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ventanilla.accounts.permissions import Permission
from ventanilla.core.markdown import to_html
from ventanilla.core.numbers import number_in
from ventanilla.core.refusals import Refusal
from ventanilla.intranet import operations, queries
from ventanilla.intranet.models import Article
from ventanilla.intranet.operations import ArticleMoved
from ventanilla.intranet.rules import compare as compared
from ventanilla.web.forms.fields import MOST_REVISIONS
from ventanilla.web.forms.knowledge import ArticleForm
from ventanilla.web.parameters import revision_in
from ventanilla.web.presenters.help import article_view
from ventanilla.web.presenters.knowledge import (
    article_rows,
    audience_sign,
    read_rows,
    state_sign,
    version_rows,
)
from ventanilla.web.presenters.refusals import TYPED_KEPT, refusal_view
from ventanilla.web.visit import Visit, show, staff_page

LONGEST_PREVIEW = 60_000
LONGEST_KEY = 40


@require_safe
@staff_page
def index(request: HttpRequest, visit: Visit) -> HttpResponse:
    """What is read now, searchable; for those who write, also drafts and what was retired."""
    visit.demand(Permission.VIEW_CASES)
    words, state = request.GET.get("q", "").strip(), request.GET.get("estado", "")
    manages = visit.may(Permission.MANAGE_ARTICLES)
    if manages and not words and state != Article.State.PUBLISHED:
        known = state if state in Article.State.values else ""
        rows = list(article_rows(queries.articles(state=known), visit.pack, visit.as_of))
    else:
        rows = list(read_rows(queries.search(words, public=False), visit.pack, visit.as_of))
    context = {"rows": rows, "q": words, "state": state, "manages": manages, "name": _name(visit)}
    return show(request, visit, "web/knowledge/index.html", context)


@require_safe
@staff_page
def article(request: HttpRequest, visit: Visit, slug: str) -> HttpResponse:
    """One article as it is read now; its versions, and the working text's state."""
    visit.demand(Permission.VIEW_CASES)
    row = _article(slug)
    manages = visit.may(Permission.MANAGE_ARTICLES)
    if row.current is None and not manages:
        raise Http404
    zone = visit.pack.calendar.zone
    context = {
        "row": row,
        "name": _name(visit),
        "article": article_view(row.current, visit.pack, visit.as_of) if row.current else None,
        "sign": state_sign(row.state),
        "audience": audience_sign(row.current.audience if row.current else row.audience),
        "categories": [
            each.name
            for each in visit.pack.categories
            if each.key in (row.current.categories if row.current else row.categories)
        ],
        "versions": list(version_rows(queries.versions_of(row), row, zone, visit.as_of)),
        "changed": row.is_changed,
        "manages": manages,
    }
    return show(request, visit, "web/knowledge/article.html", context)


@require_safe
@staff_page
def version(request: HttpRequest, visit: Visit, slug: str, number: int) -> HttpResponse:
    """What an article said in one version: what an answer refers to."""
    visit.demand(Permission.VIEW_CASES)
    found = queries.version_of(slug, number)
    if found is None:
        raise Http404
    context = {
        "row": found.article,
        "version": found,
        "article": article_view(found, visit.pack, visit.as_of),
        "is_current": found.article.current_id == found.pk,
    }
    return show(request, visit, "web/knowledge/version.html", context)


@require_safe
@staff_page
def compare(request: HttpRequest, visit: Visit, slug: str) -> HttpResponse:
    """Two versions line by line."""
    visit.demand(Permission.VIEW_CASES)
    before, after = (
        queries.version_of(slug, number_in(request.GET.get(name), most=MOST_REVISIONS))
        for name in ("de", "a")
    )
    if before is None or after is None:
        raise Http404
    lines = compared(f"{before.title}\n\n{before.body}", f"{after.title}\n\n{after.body}")
    context = {"row": after.article, "before": before, "after": after, "lines": list(lines)}
    return show(request, visit, "web/knowledge/compare.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page
def new(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Begin an article."""
    visit.demand(Permission.MANAGE_ARTICLES)
    if request.method != "POST":
        form = ArticleForm(visit.pack, initial={"audience": "public"})
        return _edit(request, visit, form, None)
    form = ArticleForm(visit.pack, request.POST)
    if not form.is_valid():
        return _edit(request, visit, form, None, status=422)
    try:
        row = operations.create_article(
            content=form.content(),
            pack=visit.pack,
            request_key=_request_key(request),
            acting_user=visit.actor,
            as_of=visit.as_of,
        )
    except Refusal as refusal:
        return _edit(request, visit, form, None, refusal=refusal, status=409)
    return _saved(request, visit, row)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page
def edit(request: HttpRequest, visit: Visit, slug: str) -> HttpResponse:
    """Change the working text; «guardar y publicar» does both."""
    visit.demand(Permission.MANAGE_ARTICLES)
    row = _article(slug)
    if request.method != "POST":
        return _edit(request, visit, ArticleForm(visit.pack, initial=_initial(row)), row)
    form = ArticleForm(visit.pack, request.POST)
    if not form.is_valid():
        return _edit(request, visit, form, row, status=422)
    try:
        row = operations.edit_article(
            article=row,
            content=form.content(),
            pack=visit.pack,
            expected_revision=revision_in(request.POST),
            acting_user=visit.actor,
            as_of=visit.as_of,
        )
    except Refusal as refusal:
        return _edit(request, visit, form, _article(slug), refusal=refusal, status=409)
    return _saved(request, visit, row)


@require_POST
@staff_page
def publish(request: HttpRequest, visit: Visit, slug: str) -> HttpResponse:
    """Publish the working text as the next version."""
    visit.demand(Permission.MANAGE_ARTICLES)
    return _publish(request, visit, _article(slug), revision_in(request.POST))


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page
def retire(request: HttpRequest, visit: Visit, slug: str) -> HttpResponse:
    """A page of its own words, then out of lists and searches."""
    visit.demand(Permission.MANAGE_ARTICLES)
    row = _article(slug)
    if request.method != "POST":
        return show(request, visit, "web/knowledge/retire.html", {"row": row})
    try:
        operations.retire_article(
            article=row,
            expected_revision=revision_in(request.POST),
            acting_user=visit.actor,
            as_of=visit.as_of,
        )
    except Refusal as refusal:
        messages.error(request, refusal.message, extra_tags="refused")
    else:
        messages.success(
            request, _("Artículo retirado; sus versiones se conservan."), extra_tags="kept"
        )
    return redirect("knowledge-article", slug=slug)


@require_POST
@staff_page
def preview(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Region: how the text will look."""
    visit.demand(Permission.MANAGE_ARTICLES)
    text = request.POST.get("body", "")[:LONGEST_PREVIEW]
    return render(request, "web/knowledge/preview.html", {"html": to_html(text), "empty": not text})


def _saved(request: HttpRequest, visit: Visit, row: Article) -> HttpResponse:
    if "publicar" in request.POST:
        return _publish(request, visit, row, row.revision)
    messages.success(request, _("Borrador guardado; todavía no se publica."), extra_tags="kept")
    return redirect("knowledge-article", slug=row.slug)


def _publish(request: HttpRequest, visit: Visit, row: Article, revision: int) -> HttpResponse:
    try:
        version = operations.publish_article(
            article=row,
            pack=visit.pack,
            expected_revision=revision,
            acting_user=visit.actor,
            as_of=visit.as_of,
        )
    except Refusal as refusal:
        messages.error(request, refusal.message, extra_tags="refused")
    else:
        told = _("Publicado como versión %(number)s.") % {"number": version.number}
        messages.success(request, told, extra_tags="kept")
    return redirect("knowledge-article", slug=row.slug)


def _edit(
    request: HttpRequest,
    visit: Visit,
    form: ArticleForm,
    row: Article | None,
    *,
    refusal: Refusal | None = None,
    status: int = 200,
) -> HttpResponse:
    # Saving over a colleague's text is a decision: only a page that shows it carries its revision,
    # every other one the revision of what its writer saw.
    moved = isinstance(refusal, ArticleMoved)
    seen = revision_in(request.POST) if form.is_bound and not moved else row.revision if row else ""
    context: dict[str, Any] = {
        "form": form,
        "row": row,
        "name": _name(visit),
        "refusal": refusal_view(refusal, kept=TYPED_KEPT) if refusal else None,
        "other": row if moved else None,
        "revision": seen,
        "request_key": _request_key(request),
    }
    return show(request, visit, "web/knowledge/edit.html", context, status=status)


def _article(slug: str) -> Article:
    row = queries.article_by_slug(slug)
    if row is None:
        raise Http404
    return row


def _initial(row: Article) -> dict[str, Any]:
    return {
        "title": row.title,
        "body": row.body,
        "kind": row.kind,
        "audience": row.audience,
        "categories": row.categories,
    }


def _request_key(request: HttpRequest) -> str:
    """What names the form on the page: its own when it comes back."""
    return request.POST.get("request_key", "")[:LONGEST_KEY] or str(uuid4())


def _name(visit: Visit) -> str:
    return visit.pack.modules.intranet
