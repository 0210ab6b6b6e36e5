"""«Mi cuenta», and what stands where other systems let strangers in."""

from __future__ import annotations

from allauth.socialaccount.providers.openid_connect import views as oidc
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from requests import RequestException

from ventanilla.accounts import access
from ventanilla.accounts.profile import LANGUAGES, change_own_profile
from ventanilla.core.refusals import Refusal
from ventanilla.web.addresses import address
from ventanilla.web.language import remember_language
from ventanilla.web.sign_in.forms import ProfileForm
from ventanilla.web.sign_in.showing import passkey_view, session_view
from ventanilla.web.visit import Visit, show, staff_page


@require_safe
def closed(request: HttpRequest) -> HttpResponse:
    """Accounts are made by a colleague: a stranger can open none."""
    return render(request, "account/signup_closed.html", status=403)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page
def own_account(request: HttpRequest, visit: Visit) -> HttpResponse:
    """One's name and language, and what protects one's account."""
    form = ProfileForm(request.POST or None, staff=visit.staff)
    if request.method == "POST" and form.is_valid():
        return _keep_profile(request, visit, form)
    zone, as_of = visit.pack.calendar.zone, visit.as_of
    factors = access.factors_of(visit.staff)
    sessions = access.sessions_of(visit.staff, as_of=as_of)
    here = request.session.session_key
    must_have = visit.staff.role in settings.VENTANILLA.second_factor_roles
    context = {
        "form": form,
        "factors": factors,
        "lacks_factor": must_have and not factors.any,
        "passkeys": [passkey_view(each, zone, as_of) for each in factors.passkeys],
        "sessions": [session_view(each, zone, as_of, here=here) for each in sessions],
        "others": sum(each.session_key != here for each in sessions),
        "has_password": visit.staff.has_usable_password(),
        "address": visit.staff.email,
    }
    return show(request, visit, "account/own.html", context, 422 if form.errors else 200)


def _keep_profile(request: HttpRequest, visit: Visit, form: ProfileForm) -> HttpResponse:
    change_own_profile(**form.cleaned_data, acting_user=visit.actor, as_of=visit.as_of)
    messages.success(request, _("Guardado."), extra_tags="kept")
    response = redirect("account")
    remember_language(response, form.cleaned_data["language"])
    return response


@require_POST
def choose_language(request: HttpRequest) -> HttpResponse:
    """Keep the language of the screens in this browser, and go back to where one was."""
    wanted = request.POST.get("language", "")
    back = request.POST.get("next", "/")
    hosts = {request.get_host()}
    is_ours = url_has_allowed_host_and_scheme(back, hosts, require_https=request.is_secure())
    # Anything else that is «ours» would be taken for the name of a page, which there is not.
    response = redirect(back if is_ours and back.startswith("/") else "/")
    if wanted in LANGUAGES:
        remember_language(response, wanted)
    return response


@require_POST
@staff_page
def end_one(request: HttpRequest, visit: Visit, session_id: int) -> HttpResponse:
    """End one session; one's own means going out."""
    try:
        access.end_session(staff=visit.staff, session_id=session_id)
    except Refusal as refusal:
        messages.error(request, refusal.message, extra_tags="refused")
    else:
        messages.success(request, _("Sesión cerrada."), extra_tags="kept")
    return redirect(f"{address('account')}#sesiones")


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page
def end_others(request: HttpRequest, visit: Visit) -> HttpResponse:
    """End every session but this one."""
    if request.method == "POST":
        key = request.session.session_key
        ended = access.end_other_sessions(staff=visit.staff, kept_key=key)
        said = ngettext("%(n)s sesión cerrada.", "%(n)s sesiones cerradas.", ended) % {"n": ended}
        messages.success(request, said, extra_tags="kept")
    return redirect(f"{address('account')}#sesiones")


@require_safe
@staff_page
def to_factors(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Where allauth would list the second factors."""
    return redirect(f"{address('account')}#factor")


@require_safe
@staff_page
def to_passkeys(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Where allauth would list the passkeys."""
    return redirect(f"{address('account')}#llaves")


@require_safe
@staff_page
def no_password(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Who signs in elsewhere gets no password by themselves."""
    return redirect("account")


@require_safe
def to_provider(request: HttpRequest, provider_id: str) -> HttpResponseBase:
    """Off to the identity provider; when it does not answer, back to the door with the reason."""
    try:
        response: HttpResponseBase = oidc.login(request, provider_id)
    except RequestException:
        return render(request, "socialaccount/authentication_error.html", status=502)
    return response
