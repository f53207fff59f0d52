"""What readers may do beside an article, read together with the article.

An article's page has twelve queries at most, so the rules by type of work and the settings of
comments come as columns of the article's own row.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final

from django.db.models import Case, Exists, F, OuterRef, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce, JSONObject, NullIf
from wagtail.models import Page

from diurna.comments.models import CommentSettings, Gif, Thread
from diurna.comments.opening import Opening, opening
from diurna.newsroom.models import Article
from diurna.newsroom.models.work_type import CommentsMode, PointsMode, WorkTypeRule

_SETTINGS: Final = [
    field.name for field in CommentSettings._meta.concrete_fields if not field.primary_key
]


def with_participation(articles: Any) -> Any:
    """The articles, each with its thread and with what `points_mode` and `opening_of` ask for."""
    rules = WorkTypeRule.objects.filter(work_type=OuterRef("work_type"))
    by_default = Case(
        When(work_type__in=WorkTypeRule.NO_POINTS_BY_DEFAULT, then=Value(PointsMode.OFF.value)),
        default=Value(PointsMode.UP_DOWN.value),
    )
    return articles.select_related("thread").annotate(
        type_points=Coalesce(_own(rules, "points_mode"), by_default),
        type_comments=Coalesce(_own(rules, "comments_mode"), Value(CommentsMode.OPEN.value)),
        comment_settings=_settings(),
        gifs_offered=Exists(Gif.objects.filter(is_offered=True)),
    )


def points_mode(article: Article, sections: list[Any]) -> str:
    """Which votes it takes (a `PointsMode`); no query for one read `with_participation`."""
    return article.points_rule(sections=sections, by_type=_by_type(article, "type_points"))


def opening_of(
    article: Article, settings: CommentSettings, sections: list[Any] | list[Page], now: datetime
) -> Opening:
    """Whether the article takes comments; no query for one read `with_participation`."""
    by_type = _by_type(article, "type_comments")
    return opening(article, settings, now, sections=sections, by_type=by_type)


def comment_settings_of(article: Article) -> CommentSettings:
    """The settings of comments; no query for an article that was read `with_participation`."""
    if not is_as_stored(article):
        return CommentSettings.current()
    stored: Mapping[str, Any] | None = getattr(article, "comment_settings")  # noqa: B009  (annotated)
    if stored is None:
        return CommentSettings()
    fields = CommentSettings._meta
    # SQLite's JSON has numbers where PostgreSQL's has truth, and moments of UTC that do not say so.
    return CommentSettings(
        **{name: _aware(fields.get_field(name).to_python(value)) for name, value in stored.items()}
    )


def thread_of(article: Article) -> Thread | None:
    """The article's thread; None before its first comment."""
    return getattr(article, "thread", None)


def is_as_stored(article: Article) -> bool:
    """Whether the article was read `with_participation`: what the database has, and no preview."""
    return hasattr(article, "comment_settings")


def _by_type(article: Article, column: str) -> dict[str, str] | None:
    rule = getattr(article, column, None)
    return None if rule is None else {article.work_type: rule}


def _own(rules: QuerySet[WorkTypeRule], column: str) -> Any:
    return NullIf(Subquery(rules.values(column)[:1]), Value(""))


def _aware(value: Any) -> Any:
    is_naive = isinstance(value, datetime) and value.tzinfo is None
    return value.replace(tzinfo=UTC) if is_naive else value


def _settings() -> Any:
    as_json = JSONObject(**{name: F(name) for name in _SETTINGS})
    return Subquery(CommentSettings.objects.order_by("pk").values(json=as_json)[:1])
