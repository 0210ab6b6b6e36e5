"""The table of addresses. ``web`` owns every page; sign-in pages are those of allauth."""

from django.urls import include, path

urlpatterns = [
    path("cuenta/", include("ventanilla.web.sign_in.urls")),
    path("", include("ventanilla.web.urls")),
]

# Django looks for these in the root table only.
handler400 = "ventanilla.web.views.errors.bad_request"
handler403 = "ventanilla.web.views.errors.forbidden"
handler404 = "ventanilla.web.views.errors.not_found"
handler500 = "ventanilla.web.views.errors.broken"
