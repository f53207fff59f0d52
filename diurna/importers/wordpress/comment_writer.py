"""Brings the comments of an item into the thread of its article."""

from collections.abc import Iterable
from typing import Final
from uuid import UUID

from diurna.comments.imported import (
    OldComment,
    imported_uuids,
    keep_imported_comments,
    take_back_imported_comments,
)
from diurna.comments.states import State
from diurna.importers.models import ImportedSite
from diurna.importers.wordpress.dates import when
from diurna.importers.wordpress.mapper import Circumstances
from diurna.importers.wordpress.neutral import MappedArticle
from diurna.importers.wordpress.old_comments import Said, Sorted, sort_comments, votes_of
from diurna.importers.wordpress.perhaps_known import PerhapsKnown
from diurna.importers.wordpress.records import Item
from diurna.importers.wordpress.survey import Survey
from diurna.newsroom.models import Article
from diurna.points.actions import (
    forget_imported_points_of_comments,
    keep_imported_points_of_comments,
)
from diurna.points.figures import Imported

# Of 100,000 posts, 300,000 comments; more only cost time.
COMMENTS_AN_ITEM: Final = 3


class CommentWriter:
    """Writes threads of one site."""

    def __init__(self, site: ImportedSite, survey: Survey, world: Circumstances) -> None:
        self._site = site
        self._now = world.now
        self._zone = survey.related.offsets.zone(world.zone, world.now)
        # An article that was just made has comments to look for only where a number comes twice.
        self._seen = PerhapsKnown(COMMENTS_AN_ITEM * survey.total)
        for uuid in imported_uuids():
            self._seen.add(uuid.hex)

    def bring(
        self, article: Article, item: Item, mapped: MappedArticle, *, is_new: bool = False
    ) -> bool:
        """Bring the thread to what the export says, in the open transaction; whether it changed.

        `is_new` says that the article was made in this transaction.

        Votes of the old site are shown beside those that are cast here, and never added.
        """
        found = sort_comments(item)
        if not found.thread and not found.binned:
            return False
        comments = self._old(found, item, mapped)
        names = [one.uuid.hex for one in comments]
        all_new = is_new and not any(name in self._seen for name in names)
        for name in names:
            self._seen.add(name)
        kept = keep_imported_comments(
            article=article, comments=comments, now=self._now, all_new=all_new
        )
        points = {
            kept.uuids[uuid_of(self._site, said.key)]: Imported(
                up=votes.up, down=votes.down, score=votes.score
            )
            for said in found.thread
            if (votes := votes_of(said.comment)) is not None
        }
        if points:
            keep_imported_points_of_comments(points)
        return bool(kept.added or kept.changed)

    def _old(self, found: Sorted, item: Item, mapped: MappedArticle) -> list[OldComment]:
        binned = (
            Said(comment_key, "", State.REMOVED.value, comment)
            for comment_key, comment in found.binned.items()
        )
        return [self._one(said, item, mapped) for said in (*found.thread, *binned)]

    def _one(self, said: Said, item: Item, mapped: MappedArticle) -> OldComment:
        comment = said.comment
        at = when(comment.date_gmt, comment.date, self._zone) or mapped.published_at or self._now
        return OldComment(
            uuid=uuid_of(self._site, said.key),
            or_uuid=uuid_of(self._site, f"{said.key}@{mapped.source_id}"),
            answers=uuid_of(self._site, said.answers) if said.answers else None,
            name=comment.author,
            website=comment.url,
            email=comment.email,
            text=comment.content,
            state=State(said.state),
            at=min(at, self._now),
        )


def uuid_of(site: ImportedSite, key: str) -> UUID:
    """The lasting name of a comment: uuid5 of the site's address and its id there."""
    return site.uuid_for(f"comment:{key}")


def take_back_comments(
    site: ImportedSite, article: Article, source_id: str, keys: Iterable[str]
) -> int:
    """Undo: delete these comments and forget their votes; how many stay, since they were touched.

    `source_id` is that of the article. In the caller's transaction.
    """
    uuids = frozenset(
        uuid for key in keys for uuid in (uuid_of(site, key), uuid_of(site, f"{key}@{source_id}"))
    )
    if not uuids:
        return 0
    gone, staying = take_back_imported_comments(article=article, uuids=uuids)
    if gone:
        forget_imported_points_of_comments(gone)
    return staying
