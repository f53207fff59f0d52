"""Articles."""

import uuid
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Q
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey, ParentalManyToManyField
from wagtail.fields import RichTextField, StreamField
from wagtail.models import Orderable, Page, PageManager
from wagtail.search import index
from wagtail.url_routing import RouteResult

from diurna.common.fields import AddressField
from diurna.newsroom import canonical, citation_lines, correction_lines
from diurna.newsroom.blocks import BodyBlock
from diurna.newsroom.models.article_language import InALanguage
from diurna.newsroom.models.article_panels import ArticlePanels
from diurna.newsroom.models.article_queries import ArticleQuerySet
from diurna.newsroom.models.contributor import Byline, BylineRole
from diurna.newsroom.models.correction import Correction, CorrectionKind
from diurna.newsroom.models.public_page import PublicPage
from diurna.newsroom.models.revision import PublicRevision
from diurna.newsroom.models.topic import Series, Topic
from diurna.newsroom.models.work_type import Participation, WorkType, WorkTypeRule
from diurna.newsroom.rich_text import public_html
from diurna.newsroom.search import text as search_text
from diurna.newsroom.search.fields import HeadlineField

ArticleManager = PageManager.from_queryset(ArticleQuerySet)


class Article(ArticlePanels, InALanguage, Participation, PublicPage):
    """One story. `title` is the headline; `uuid` is its name in the API and in the ledger."""

    SUB_PAGES = (("changes",), ("points",))
    # What stays with the row when an old revision is brought back, or when a page is copied.
    OWN_FIELDS = ("uuid", "last_updated_at", "published_by_id", "retracted_at", "written_in")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    short_headline = models.CharField(_("short headline"), max_length=120, blank=True)
    standfirst = models.TextField(_("standfirst"), blank=True, max_length=1000)
    work_type = models.CharField(
        _("type of work"), max_length=16, choices=WorkType.choices, default=WorkType.REPORT
    )
    lead_image = models.ForeignKey(
        settings.WAGTAILIMAGES_IMAGE_MODEL,
        verbose_name=_("lead picture"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    lead_image_alt = models.CharField(_("what it shows"), max_length=500, blank=True)
    lead_image_decorative = models.BooleanField(_("only decoration"), default=False)
    lead_image_caption = models.CharField(_("caption"), max_length=1000, blank=True)
    body = StreamField(BodyBlock(required=False), blank=True, verbose_name=_("text"))
    methods = RichTextField(
        _("how we reported this"), blank=True, features=["bold", "italic", "link", "ul", "ol"]
    )
    disclosure = models.TextField(_("disclosure"), blank=True)
    topics = ParentalManyToManyField(
        Topic, blank=True, related_name="articles", verbose_name=_("topics")
    )
    series = models.ForeignKey(
        Series,
        verbose_name=_("series"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="articles",
    )
    series_position = models.PositiveSmallIntegerField(
        _("place in the series"), null=True, blank=True
    )
    canonical_address = AddressField(
        _("first published at"),
        max_length=1000,
        blank=True,
        help_text=_("Only for a story that appeared somewhere else first."),
    )
    last_updated_at = models.DateTimeField(
        _("last substantial update"), null=True, blank=True, editable=False
    )
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("published by"),
        null=True,
        blank=True,
        editable=False,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    retracted_at = models.DateTimeField(_("retracted"), null=True, blank=True, editable=False)
    change_note = models.CharField(_("what changed"), max_length=500, blank=True)
    minor_change = models.BooleanField(_("minor edit"), default=False)

    # Its notices while a publication is recorded, so that they are read once.
    known_notices: list[Correction] | None = None

    objects = ArticleManager()

    parent_page_types = ["newsroom.Section"]
    subpage_types: list[str] = []
    exclude_fields_in_copy = [
        "uuid",
        "last_updated_at",
        "published_by",
        "retracted_at",
        "change_note",
        "minor_change",
    ]
    # Readers' search reads `search_headline` and `search_text`, the desk's the rest.
    search_fields = [
        *Page.search_fields,
        HeadlineField(),
        index.SearchField("search_text"),
        index.FilterField("work_type"),
        index.FilterField("first_published_at"),
    ]

    class Meta:
        verbose_name = _("article")
        verbose_name_plural = _("articles")
        constraints = [
            models.CheckConstraint(
                condition=Q(work_type__in=WorkType.values), name="article_work_type_known"
            ),
            models.CheckConstraint(
                condition=Q(series__isnull=False) | Q(series_position__isnull=True),
                name="article_place_only_in_series",
            ),
        ]

    def clean(self) -> None:
        """Refuse a lead picture that is neither described nor marked as decoration."""
        super().clean()
        if self.lead_image and not self.lead_image_alt.strip() and not self.lead_image_decorative:
            sentence = _("Please describe the picture, or mark it as only decoration.")
            raise ValidationError({"lead_image_alt": sentence})
        if self.series_position and not self.series:
            raise ValidationError({"series": _("Please choose the series this place belongs to.")})

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Store the article; one that comes back under its old name finds its history again."""
        is_new = self._state.adding
        first = PublicRevision.objects.first_of(self.uuid) if is_new else None
        if first is not None and first.removed:
            raise ValidationError(
                _("This story was removed for legal reasons; it can't come back.")
            )
        if first is not None:
            # It was published then, and a list that sorts by date must not show it as new.
            self.first_published_at = first.at
        with transaction.atomic():
            if not is_new and kwargs.get("update_fields") is None:
                self._read_own_again()
            super().save(*args, **kwargs)
            if first is not None:
                PublicRevision.objects.adopt(self)
                Correction.objects.adopt(self)

    def _read_own_again(self) -> None:
        """Set what belongs to the row as it is stored, and keep others from changing it meanwhile.

        Wagtail publishes a story by saving all of it, as it was when the request read it; a
        retraction may have come in between.
        """
        rows = Article.objects.select_for_update(of=("self",)).order_by().filter(pk=self.pk)
        stored = rows.values(*self.OWN_FIELDS).first()
        for name, value in (stored or {}).items():
            setattr(self, name, value)

    def with_content_json(self, content: dict[str, Any]) -> "Article":
        """The article as an old revision had it, but with the facts that belong to the row."""
        restored: Article = super().with_content_json(content)
        for name in self.OWN_FIELDS:
            setattr(restored, name, getattr(self, name))
        return restored

    def route(self, request: HttpRequest, path_components: list[str]) -> RouteResult:
        """The article or its sub-pages; a withdrawn article still answers, to say so."""
        if self.live or self.is_withdrawn():
            if not path_components:
                return RouteResult(self, kwargs={"view": "page" if self.live else "withdrawn"})
            if tuple(path_components) in self.SUB_PAGES:
                return RouteResult(self, kwargs={"view": path_components[0]})
        return super().route(request, path_components)

    def is_withdrawn(self) -> bool:
        """Whether readers could once read this article and no longer can."""
        if self.live:
            return False
        return bool(self.public_revisions.exists())

    def section(self) -> Page:
        """The section in which the article lives."""
        return self.get_parent().specific

    def display_headline(self) -> str:
        """The headline for tight places: the short one where there is one."""
        return self.short_headline or self.title

    def ordered_bylines(self) -> list[Byline]:
        """By-lines in the order of the roles, then as the editor put them."""
        roles = list(BylineRole.values)
        return sorted(
            self.bylines.all(), key=lambda line: (roles.index(line.role), line.sort_order or 0)
        )

    def points_rule(
        self,
        *,
        sections: Iterable[Page] | None = None,
        by_type: Mapping[str, str] | None = None,
    ) -> str:
        """Which votes this article takes: its own rule, else its sections', else its type's.

        Who has read the live sections, or `WorkTypeRule.points_by_type`, saves a query each.
        """
        rule = self._nearest("points_mode", sections)
        if rule:
            return rule
        return by_type[self.work_type] if by_type else WorkTypeRule.points_for(self.work_type)

    def comments_rule(
        self,
        *,
        sections: Iterable[Page] | None = None,
        by_type: Mapping[str, str] | None = None,
    ) -> str:
        """Who may comment here: the article's own rule, else its sections', else its type's.

        Who has read the live sections, or `WorkTypeRule.comments_by_type`, saves a query each.
        """
        rule = self._nearest("comments_mode", sections)
        if rule:
            return rule
        return by_type[self.work_type] if by_type else WorkTypeRule.comments_for(self.work_type)

    def _nearest(self, field: str, sections: Iterable[Page] | None = None) -> str:
        own = getattr(self, field)
        if own:
            return str(own)
        if sections is not None:
            above = [section for section in sections if self.path.startswith(section.path)]
            above.sort(key=lambda section: -section.depth)
            return next((str(rule) for page in above if (rule := getattr(page, field))), "")
        from diurna.newsroom.models.section import Section

        rules = Section.objects.ancestor_of(self).order_by("-depth").values_list(field, flat=True)
        return next((rule for rule in rules if rule), "")

    def correction_notices(self) -> list[Correction]:
        """Its corrections of every kind, oldest first; one query, unless they are at hand."""
        if self.known_notices is not None:
            return self.known_notices
        return list(self.corrections.order_by("number")) if self.pk else []

    def time_of_retraction(self) -> datetime | None:
        """When the story was retracted, as its notices say; None where none of them does."""
        retractions = (
            notice.at
            for notice in self.correction_notices()
            if notice.kind == CorrectionKind.RETRACTION
        )
        return min(retractions, default=None)

    def canonical_lines(self) -> list[canonical.Line]:
        """The lines of the canonical text, in the order of the page."""
        notices = self.correction_notices()
        lines = correction_lines.first_lines(notices)
        lines.append(canonical.Line("type", self.work_type))
        lines += canonical.plain_line("headline", self.title)
        lines += canonical.plain_line("standfirst", self.standfirst)
        for byline in self.ordered_bylines():
            lines += canonical.plain_line(f"byline.{byline.role}", byline.contributor.name)
        lines += _time_line("published", self.first_published_at)
        lines += _time_line("updated", self.last_updated_at)
        lines += self._lead_image_lines()
        lines += self.body.stream_block.canonical(self.body)
        lines += correction_lines.last_lines(notices)
        lines += canonical.html_lines("methods", public_html(self.methods))
        for part in self.disclosure.splitlines():
            lines += canonical.plain_line("disclosure", part)
        return citation_lines.with_sources(lines, self)

    def canonical_text(self) -> str:
        """The canonical text, as `docs/reference/canonical-text.md` defines it."""
        return canonical.render_lines(self.canonical_lines())

    def _lead_image_lines(self) -> list[canonical.Line]:
        if self.lead_image is None:
            return []
        lines = (
            [] if self.lead_image_decorative else canonical.plain_line("image", self.lead_image_alt)
        )
        lines += canonical.plain_line("caption", self.lead_image_caption)
        lines += canonical.plain_line("credit", self.lead_image.credit)
        lines += canonical.plain_line("licence", self.lead_image.licence)
        return lines + canonical.file_line(self.lead_image.sha256)

    def search_headline(self) -> str:
        """What the index has of the headline (`newsroom/search/text.py`)."""
        return search_text.headline(self)

    def search_text(self) -> str:
        """All that the index has of the story; empty while it is not public."""
        return search_text.everything(self)

    def surrogate_key(self) -> str:
        """The word under which pages that show this article are found again."""
        return f"article-{self.uuid}"


def _time_line(kind: str, moment: datetime | None) -> list[canonical.Line]:
    return [canonical.Line(kind, canonical.format_time(moment))] if moment else []


class RelatedArticle(Orderable):
    """An article that an editor put beside another one."""

    article = ParentalKey(Article, on_delete=models.CASCADE, related_name="related_articles")
    related = models.ForeignKey(
        Article, on_delete=models.CASCADE, related_name="+", verbose_name=_("article")
    )

    class Meta(Orderable.Meta):
        verbose_name = _("related article")
        verbose_name_plural = _("related articles")
        constraints = [
            models.UniqueConstraint(fields=["article", "related"], name="related_article_once"),
            models.CheckConstraint(
                condition=~Q(article=models.F("related")), name="related_article_not_itself"
            ),
        ]

    def __str__(self) -> str:
        return str(self.related)
