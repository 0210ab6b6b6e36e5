"""Every address of the portal, where customers ask, follow and find help without an account."""

from __future__ import annotations

from django.urls import path

from ventanilla.web.views import (
    asking,
    asking_parts,
    following,
    help_pages,
    portal,
    receipt,
    writing,
)

urlpatterns = [
    path("ayuda/", help_pages.front, name="help"),
    path("ayuda/buscar/", help_pages.search, name="help-search"),
    path("ayuda/<slug:slug>/", help_pages.article, name="help-article"),
    path("preguntar/", asking.choose, name="ask-choose"),
    path("preguntar/archivos/", asking_parts.upload, name="ask-upload"),
    path("preguntar/recibida/", receipt.received, name="ask-received"),
    path("preguntar/<slug:slug>/", asking.ask, name="ask"),
    path("preguntar/<slug:slug>/promesa/", asking_parts.promise, name="ask-promise"),
    path("preguntar/<slug:slug>/articulos/", asking_parts.offers, name="ask-offers"),
    path("seguimiento/", portal.front, name="portal"),
    path("seguimiento/enlace/", portal.lost, name="portal-lost"),
    path("seguimiento/<str:folio>/", writing.page, name="portal-case"),
    path("seguimiento/<str:folio>/mensajes/", writing.add_message, name="portal-message"),
    path("seguimiento/<str:folio>/retiro/", following.withdraw, name="portal-withdraw"),
    path("seguimiento/<str:folio>/reapertura/", following.reopen, name="portal-reopen"),
    path("seguimiento/<str:folio>/archivos/<int:item_id>/", following.file, name="portal-file"),
    path("seguimiento/<str:folio>/salida/", portal.leave, name="portal-exit"),
    path("seguimiento/<str:folio>/<str:secret>/", portal.enter, name="portal-enter"),
]
