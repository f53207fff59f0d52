"""Notices of corrections on a story's page: what each says, where it stands, what machines read."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from django.db.models import Exists, OuterRef, QuerySet
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from diurna.comments.models import Comment
from diurna.newsroom.models import Article, Correction, CorrectionKind
from diurna.newsroom.notice_display import Notice, notice_of
from diurna.web.addresses import page_address
from diurna.web.metadata_schema import Thing, moment

# What an article says that was read `saying_whether_corrected`.
HAS_NOTICES: Final = "has_notices"


@dataclass(frozen=True)
class Notices:
    """The notices of a story: `first` before the headline, `last` after the text; oldest first."""

    first: list[Notice] = field(default_factory=list)
    last: list[Notice] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.first or self.last)

    @property
    def all(self) -> list[Notice]:
        """All of them, oldest first."""
        return sorted([*self.first, *self.last], key=lambda notice: notice.row.number)

    @property
    def latest(self) -> Notice | None:
        """What the line under the headline tells of: a retraction, else a correction, else any."""
        corrections = [n for n in self.last if n.row.kind == CorrectionKind.CORRECTION]
        found = self.first or corrections or self.last
        return found[-1] if found else None

    def pointers(self) -> dict[str, SafeString]:
        """What stands at the places in the text that notices name, by the id of the block."""
        places: dict[str, list[Notice]] = {}
        for notice in self.last:
            if notice.row.block:
                places.setdefault(notice.row.block, []).append(notice)
        return {
            block: render_to_string("components/correction_pointer.html", {"notices": notices})
            for block, notices in places.items()
        }


def notices_of(article: Article) -> Notices:
    """The notices of a story, with one query; none where its own row says that there are none."""
    if article.known_notices is None and article.pk:
        has_some = getattr(article, HAS_NOTICES, True)
        rows = with_comments(article.corrections.order_by("number")) if has_some else ()
        article.known_notices = list(rows)
    return notices_from(article, article.correction_notices())


def saying_whether_corrected(articles: Any) -> Any:
    """The articles, each with whether it has a notice: most have none, and cost no query for it."""
    notices = Correction.objects.filter(article=OuterRef("pk"))
    return articles.annotate(**{HAS_NOTICES: Exists(notices)})


def with_comments(rows: QuerySet[Correction]) -> QuerySet[Correction]:
    """The same, each with `shows_comment`: whether readers see the comment that led to it."""
    seen = Comment.objects.published().filter(uuid=OuterRef("comment_uuid"))
    return rows.annotate(shows_comment=Exists(seen))


def notices_from(article: Article, rows: Sequence[Correction]) -> Notices:
    """The notices of a story whose rows have been read, oldest first."""
    found = [
        notice_of(
            row, address=article.address_path(), shows_comment=getattr(row, "shows_comment", False)
        )
        for row in rows
    ]
    return Notices(
        first=[notice for notice in found if notice.is_retraction],
        last=[notice for notice in found if not notice.is_retraction],
    )


def correction_things(article: Article, notices: Notices) -> list[Thing]:
    """The notices as CorrectionComment (https://schema.org/CorrectionComment), oldest first."""
    address = page_address(article)
    return [
        {
            "@type": "CorrectionComment",
            "@id": f"{address}#{notice.anchor}",
            "url": f"{address}#{notice.anchor}",
            "name": notice.label,
            "text": "\n\n".join(notice.text),
            "datePublished": moment(notice.at),
        }
        for notice in notices.all
        if notice.text
    ]
