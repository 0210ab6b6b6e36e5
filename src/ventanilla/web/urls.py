"""Every address of the pages. What a person does to a case is a noun under its folio."""

from __future__ import annotations

from django.urls import include, path
from django.views.generic import RedirectView

from ventanilla.web.live import views as live
from ventanilla.web.views import (
    case,
    case_news,
    channels,
    choosing,
    evidence,
    health,
    policy,
    search,
)

urlpatterns = [
    path("", RedirectView.as_view(pattern_name="home-queue"), name="home"),
    path("salud/", health.health, name="health"),
    path("vivo/", live.stream, name="live"),
    path("", include("ventanilla.web.queue_urls")),
    path("buscar/", search.page, name="search"),
    path("casos/<str:folio>/", case.page, name="case"),
    path("casos/<str:folio>/novedades/", case_news.news, name="case-news"),
    path("casos/<str:folio>/presencia/", live.presence, name="case-presence"),
    path("casos/<str:folio>/registro/", case.ledger, name="case-ledger"),
    path("casos/<str:folio>/otros/", choosing.others, name="case-others"),
    path("casos/<str:folio>/union/previa/", choosing.merge_foreseen, name="merge-foreseen"),
    path("casos/<str:folio>/persona/", case.person, name="case-person"),
    path("casos/<str:folio>/compromisos/<str:key>/", case.why, name="case-why"),
    path("casos/<str:folio>/mensajes/<int:message_id>/", case.message_html, name="message-html"),
    path("casos/<str:folio>/evidencias/<int:item_id>/", evidence.file, name="evidence"),
    path("", include("ventanilla.web.composer_urls")),
    path("", include("ventanilla.web.knowledge_urls")),
    path("casos/<str:folio>/<slug:noun>/", case.act, name="case-action"),
    path("salida/", channels.outbox, name="outbox"),
    path("salida/<int:item_id>/", channels.outbound, name="outbound"),
    path("entrada/", channels.inbound_list, name="inbound"),
    path("entrada/<int:item_id>/", channels.inbound_item, name="inbound-item"),
    path("entrada/<int:item_id>/original/", channels.raw, name="inbound-raw"),
    path("entrada/<int:item_id>/repeticion/", channels.replay, name="inbound-replay"),
    path("politica/", policy.page, name="policy"),
    path("", include("ventanilla.web.portal_urls")),
    path("", include("ventanilla.web.admin_urls")),
]
