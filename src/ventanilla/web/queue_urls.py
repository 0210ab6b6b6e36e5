"""The addresses of the queue: views, filters, many cases at once, the palette."""

from __future__ import annotations

from django.urls import path

from ventanilla.web.views import commands, queue, queue_bulk, queue_views, watching

urlpatterns = [
    path("cola/", queue.home, name="home-queue"),
    path("cola/<slug:view>/", queue.page, name="queue"),
    path("cola/<slug:view>/filtros/", queue_views.filters, name="queue-filters"),
    path("mesas/<slug:desk>/", queue.desk_page, name="desk-queue"),
    path("mesas/<slug:desk>/filtros/", queue_views.desk_filters, name="desk-filters"),
    path("vistas/", queue_views.views, name="views"),
    path("vistas/menu/", queue_views.views_menu, name="views-menu"),
    path("vistas/nueva/", queue_views.new_view, name="new-view"),
    path("vistas/<int:view_id>/", queue.saved_page, name="saved-view"),
    path("vistas/<int:view_id>/cambio/", queue_views.change_view, name="change-view"),
    path("vistas/<int:view_id>/retiro/", queue_views.drop_view, name="drop-view"),
    path("lote/", queue_bulk.act, name="bulk"),
    path("lotes/", queue_bulk.outcomes, name="bulk-deeds"),
    path("lotes/<int:deed_id>/", queue_bulk.outcome, name="bulk-deed"),
    path("lotes/<int:deed_id>/deshacer/", queue_bulk.undo, name="bulk-undo"),
    path("comandos/", commands.offers, name="commands"),
    path("casos/<str:folio>/vigilancia/", watching.watch, name="case-watch"),
]
