"""Articles and their published versions."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector, SearchVectorField
from django.db import models
from django.utils.translation import gettext_lazy as _

SEARCH_CONFIG = "ventanilla_es"
"""Spanish stemming without accents: the one of the official record, also made by our migration."""
TITLE_LENGTH = 160
BODY_LENGTH = 60_000
PUBLISHED_FIELDS = ("title", "body", "kind", "audience", "categories")
"""What a version takes over from the working text."""


class Audience(models.TextChoices):
    """Who may read an article."""

    PUBLIC = "public", _("Clientes y equipo")
    STAFF = "staff", _("Solo el equipo")


class Article(models.Model):
    """A subject the company writes about, with the text that is being worked on.

    What people read is ``current``, the version published last. Title, kind, audience and
    categories here belong to the working text: changing them shows nothing to anybody until they
    are published. ``revision`` counts the changes, so that nobody writes over a colleague's.
    ``form_digest`` is that of the form it was begun with, so that a second click makes no second one.
    """

    class State(models.TextChoices):
        """How far it is."""

        DRAFT = "draft", "Borrador"
        PUBLISHED = "published", "Publicado"
        RETIRED = "retired", "Retirado"

    slug = models.SlugField(max_length=80, unique=True)
    title = models.CharField(max_length=TITLE_LENGTH)
    body = models.TextField(blank=True)
    kind = models.CharField(max_length=40)
    audience = models.CharField(max_length=8, choices=Audience.choices)
    categories = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT)
    current = models.OneToOneField(
        "ArticleVersion", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    revision = models.PositiveIntegerField(default=1)
    form_digest = models.CharField(max_length=64, null=True, unique=True, editable=False)
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=models.Q(state__in=["draft", "published", "retired"]),
                name="article_state_known",
            ),
            # What is published has something to read.
            models.CheckConstraint(
                condition=models.Q(state="draft") | models.Q(current__isnull=False),
                name="article_published_has_version",
            ),
            models.CheckConstraint(
                condition=models.Q(audience__in=Audience.values), name="article_audience_known"
            ),
        )
        indexes = (models.Index(fields=["state", "-changed_at", "-id"], name="article_list"),)

    def __str__(self) -> str:
        return self.title

    @property
    def opening(self) -> str:
        """The first characters of the text, as a list of ``queries`` read them."""
        return str(vars(self)["read_opening"])

    @property
    def is_changed(self) -> bool:
        """Whether there is a text that is not published yet, as ``queries`` found out."""
        return bool(vars(self)["read_is_changed"])


class ArticleVersion(models.Model):
    """What an article said from a moment on. Append-only: the database refuses to change it.

    ``digest`` is the SHA-256 of title and body, which an answer that used it carries into the
    official record.
    """

    article = models.ForeignKey(Article, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    title = models.CharField(max_length=TITLE_LENGTH)
    body = models.TextField()
    kind = models.CharField(max_length=40)
    audience = models.CharField(max_length=8, choices=Audience.choices)
    categories = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    digest = models.CharField(max_length=64)
    published_at = models.DateTimeField()
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    search = models.GeneratedField(
        expression=SearchVector("title", weight="A", config=SEARCH_CONFIG)
        + SearchVector("body", weight="C", config=SEARCH_CONFIG),
        output_field=SearchVectorField(),
        db_persist=True,
    )

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["article", "number"], name="article_version_once"),
        )
        indexes = (GinIndex("search", name="article_search"),)

    def __str__(self) -> str:
        return f"{self.title} ({self.number})"

    @property
    def opening(self) -> str:
        """The first characters of the text, as a list of ``queries`` read them."""
        return str(vars(self)["read_opening"])
