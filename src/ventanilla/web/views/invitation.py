"""Where the link of an invitation leads: a colleague chooses a password. No session is needed."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from ventanilla.accounts import invitations
from ventanilla.core.refusals import Refusal
from ventanilla.web.presenters.refusals import refusal_view

LONGEST_PASSWORD = 200


class PasswordForm(forms.Form):
    """A password, typed twice."""

    password = forms.CharField(
        label=gettext_lazy("Contraseña"),
        strip=False,
        max_length=LONGEST_PASSWORD,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=gettext_lazy("Al menos ocho caracteres; mejor varias palabras sin relación."),
    )
    again = forms.CharField(
        label=gettext_lazy("La misma contraseña otra vez"),
        strip=False,
        max_length=LONGEST_PASSWORD,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def clean_again(self) -> str:
        """Raises ValidationError when the two differ."""
        again: str = self.cleaned_data["again"]
        if again != self.cleaned_data.get("password", again):
            raise ValidationError(_("Las dos contraseñas no son iguales."))
        return again


@sensitive_post_parameters()
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def page(request: HttpRequest, uid: str, token: str) -> HttpResponse:
    """Choose a password; then the door opens with it, and the link no more."""
    try:
        staff = invitations.invited(uid, token)
    except invitations.InvitationVoid as refusal:
        return _show(request, {"void": refusal.message}, status=410)
    form = PasswordForm(request.POST or None, label_suffix="")
    context: dict[str, object] = {"form": form, "email": staff.email, "name": str(staff)}
    if request.method != "POST":
        return _show(request, context)
    if not form.is_valid():
        return _show(request, context, status=422)
    password = form.cleaned_data["password"]
    try:
        invitations.choose_password(uid=uid, token=token, password=password, as_of=timezone.now())
    except Refusal as refusal:
        context["refusal"] = refusal_view(refusal)
        return _show(request, context, status=422)
    messages.success(request, _("Contraseña guardada. Ya puede entrar."), extra_tags="kept")
    return redirect("account_login")


def _show(request: HttpRequest, context: dict[str, object], status: int = 200) -> HttpResponse:
    response = render(request, "web/admin/invitation.html", context, status=status)
    # Not no-referrer: the form would then come from «null», which the token check refuses.
    response["Referrer-Policy"] = "same-origin"
    response["X-Robots-Tag"] = "noindex"
    return response
