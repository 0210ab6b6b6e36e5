"""The table of addresses. ``web`` owns every page; sign-in pages are those of allauth."""

from django.urls import include, path

from ventanilla.project.health import health

urlpatterns = [
    path("salud", health, name="health"),
    path("cuenta/", include("allauth.account.urls")),
    path("", include("ventanilla.web.urls")),
]
