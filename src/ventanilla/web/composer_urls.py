"""The addresses of writing: drafts, answers on their way, templates."""

from __future__ import annotations

from django.urls import path

from ventanilla.web.views import drafts, leaving, reply_templates

urlpatterns = [
    path("casos/<str:folio>/borrador/", drafts.save, name="draft"),
    path("casos/<str:folio>/borrador/archivos/", drafts.add_file, name="draft-files"),
    path(
        "casos/<str:folio>/borrador/archivos/<int:file_id>/", drafts.remove_file, name="draft-file"
    ),
    path("casos/<str:folio>/borrador/vista/", drafts.preview, name="draft-preview"),
    path("casos/<str:folio>/envio/", leaving.region, name="leaving-list"),
    path("casos/<str:folio>/envio/<int:draft_id>/", leaving.one, name="leaving"),
    path("casos/<str:folio>/colegas/", drafts.colleagues, name="colleagues"),
    path("casos/<str:folio>/plantillas/", reply_templates.for_case, name="case-templates"),
    path("plantillas/", reply_templates.listed, name="templates"),
    path("plantillas/nueva/", reply_templates.edit, name="new-template"),
    path("plantillas/<int:template_id>/", reply_templates.edit, name="template"),
    path("borradores/", drafts.mine, name="drafts"),
]
