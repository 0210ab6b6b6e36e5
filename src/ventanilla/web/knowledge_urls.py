"""Every address of the knowledge base for the team."""

from __future__ import annotations

from django.urls import path

from ventanilla.web.views import articles, knowledge

urlpatterns = [
    path("conocimiento/", knowledge.index, name="knowledge"),
    path("conocimiento/nuevo/", knowledge.new, name="knowledge-new"),
    path("conocimiento/vista/", knowledge.preview, name="knowledge-preview"),
    path("conocimiento/<slug:slug>/", knowledge.article, name="knowledge-article"),
    path("conocimiento/<slug:slug>/edicion/", knowledge.edit, name="knowledge-edit"),
    path("conocimiento/<slug:slug>/publicacion/", knowledge.publish, name="knowledge-publish"),
    path("conocimiento/<slug:slug>/retiro/", knowledge.retire, name="knowledge-retire"),
    path("conocimiento/<slug:slug>/comparacion/", knowledge.compare, name="knowledge-compare"),
    path(
        "conocimiento/<slug:slug>/versiones/<int:number>/",
        knowledge.version,
        name="knowledge-version",
    ),
    path("casos/<str:folio>/articulos/", articles.region, name="case-articles"),
]
