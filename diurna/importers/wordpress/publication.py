"""Publishes what was written, dated as on the old site, with its links turned."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from wagtail.models import COMMENTS_RELATION_NAME, Page

from diurna.importers.models import ImportRecord, RecordState
from diurna.importers.wordpress.batch import Batch
from diurna.importers.wordpress.body_values import RawBlock
from diurna.importers.wordpress.correction_rows import bring_corrections
from diurna.importers.wordpress.linking import LinkResolver
from diurna.importers.wordpress.links import rewrite_body
from diurna.importers.wordpress.neutral import State
from diurna.importers.wordpress.records_kept import RecordsKept
from diurna.newsroom.importing import TouchedMeanwhile, finish_imported
from diurna.newsroom.models import (
    Article,
    Correction,
    InformationPage,
    PublicRevision,
    RevisionKind,
)
from diurna.newsroom.pages_together import PagesTogether, TextPage
from diurna.newsroom.publishing import publish_article

# Pages that are read at once, whatever a circle has.
_CHUNK: Final = 50


def publish_written(
    page: TextPage,
    payload: dict[str, Any],
    links: LinkResolver,
    together: PagesTogether,
    *,
    is_new: bool = False,
) -> None:
    """Bring a written page into the state it is meant for: public, scheduled or draft.

    `payload` is that of its import record. The links of its body are turned first. A page that has
    no revision yet takes the short way (`newsroom.importing`), any other that of the desk. `is_new`
    says that it has no public revision.
    """
    state, at = state_of(payload)
    page.body = turned(page.body.raw_data, links)
    if page.latest_revision_id is None and state is not State.SCHEDULED:
        live = state is State.PUBLISHED
        finish_imported(page=page, at=at, live=live, together=together, is_new=is_new)
        return
    if state is State.PUBLISHED:
        _publish(page, at)
    elif state is State.SCHEDULED:
        page.go_live_at = at
        page.save_revision(log_action=False).publish(log_action=False)
    else:
        if page.live:
            page.unpublish(log_action=False)
        page.save()
        page.save_revision(log_action=False)
    page.refresh_from_db()


def turned(body: Iterable[Any], links: LinkResolver) -> list[RawBlock]:
    """A raw body with its links as they lead now."""
    return rewrite_body([dict(block) for block in body], links.target)


def state_of(payload: dict[str, Any]) -> tuple[State, datetime | None]:
    """What an item's page is meant to be, and the moment of its publication."""
    at = datetime.fromisoformat(payload["at"]) if payload.get("at") else None
    return State(payload["state"]), at


def _publish(page: TextPage, at: datetime | None) -> None:
    if isinstance(page, Article):
        is_first = not page.public_revisions.exists()
        publish_article(
            article=page,
            actor=None,
            at=at if is_first else None,
            kind=RevisionKind.IMPORT if is_first else None,
        )
        return
    if at is not None and page.first_published_at is None:
        page.first_published_at = at
        Page.objects.filter(pk=page.pk).update(first_published_at=at)
    page.save_revision(log_action=False).publish(log_action=False)


def publish_waiting(
    records: RecordsKept,
    links: LinkResolver,
    batch: Batch,
    progress: Callable[[int, int], None] = lambda *_: None,
) -> None:
    """Publish what waited for pages it links to: those first that wait for nothing any more.

    Pages that link to each other in a circle become public together, in one transaction: each
    must be public when the text of the other is taken down. Only numbers are kept in memory.
    """
    keys: dict[str, int] = {}
    named: dict[int, list[str]] = {}
    for pk, source_id, waits in records.waiting():
        keys[source_id] = pk
        named[pk] = waits
    graph = {pk: tuple(keys[key] for key in waits if key in keys) for pk, waits in named.items()}
    del keys, named
    done = 0
    for together in _chunks(groups_in_order(graph)):
        is_large = len(together[0]) > _CHUNK
        pages = {} if is_large else _pages(records, [pk for group in together for pk in group])
        if is_large:
            batch.commit()
        for group in together:
            try:
                with batch.item():
                    if is_large:
                        _publish_circle(group, records, links, batch.together)
                    else:
                        _publish_group([pages[pk] for pk in group], records, links, batch.together)
            except TouchedMeanwhile:
                # They go on waiting: the next import finds what the desk has done, and asks.
                records.forget_all()
            batch.commit_if_due()
            done += len(group)
            progress(done, len(graph))
    batch.commit()


def _publish_circle(
    group: list[int], records: RecordsKept, links: LinkResolver, together: PagesTogether
) -> None:
    """A circle of more pages than are held in memory, read in parts; nothing else waits then."""
    parts = [group[start : start + _CHUNK] for start in range(0, len(group), _CHUNK)]
    for part in parts:
        public = ImportRecord.objects.filter(pk__in=part, payload__state=State.PUBLISHED)
        Page.objects.filter(pk__in=public.values("page_id")).update(live=True)
    # Which pages are public is read anew.
    records.forget_all()
    for part in parts:
        for one in _pages(records, part).values():
            if one.page is not None and one.is_new:
                # As the smaller groups have it, whose pages are read before: its first revision
                # is that of a page which is not public yet.
                one.page.live = False
            _publish_one(one, records, links, together)
        together.flush()


@dataclass(frozen=True, slots=True)
class _Waiting:
    """A record, its page if that is there, and whether the page was never public."""

    record: ImportRecord
    page: TextPage | None
    is_new: bool


def _publish_group(
    group: list[_Waiting], records: RecordsKept, links: LinkResolver, together: PagesTogether
) -> None:
    if len(group) > 1:
        public = [
            one.page.pk
            for one in group
            if one.page is not None and one.record.payload["state"] == State.PUBLISHED
        ]
        Page.objects.filter(pk__in=public).update(live=True)
        for one in group:
            records.mark_live(one.record.source_id)
    for one in group:
        _publish_one(one, records, links, together)


def _publish_one(
    one: _Waiting, records: RecordsKept, links: LinkResolver, together: PagesTogether
) -> None:
    if one.page is not None:
        publish_written(one.page, one.record.payload, links, together, is_new=one.is_new)
        bring_corrections(one.page, one.record.payload)
    _finish(records, one.record, one.page)


def _pages(records: RecordsKept, keys: list[int]) -> dict[int, _Waiting]:
    """Records by their ids, with their pages as their own classes; each thing is read at once."""
    waiting = records.by_id(keys)
    names = {record.source_id for record in waiting}
    records.fetch(names.union(*(record.payload.get("waits_for", ()) for record in waiting)))
    numbers = [record.page_id for record in waiting if record.page_id]
    # With all that a revision holds.
    articles = Article.objects.with_page().prefetch_related(
        "related_articles", COMMENTS_RELATION_NAME
    )
    found: dict[int, TextPage] = dict(articles.in_bulk(numbers))
    missing = [number for number in numbers if number not in found]
    found.update(InformationPage.objects.in_bulk(missing) if missing else {})
    rows = PublicRevision.objects.filter(article__in=numbers)
    old = set(rows.order_by().values_list("article_id", flat=True))
    # Those whose notices wait for their first version are not new in what matters here.
    notices = Correction.objects.filter(article__in=numbers)
    old |= set(notices.order_by().values_list("article_id", flat=True))
    return {
        record.pk: _Waiting(record, found.get(record.page_id or 0), record.page_id not in old)
        for record in waiting
    }


def _chunks(groups: Iterable[list[int]]) -> Iterator[list[list[int]]]:
    """Groups, as many at a time as have `_CHUNK` pages together; one of more pages is alone."""
    chunk: list[list[int]] = []
    for group in groups:
        if len(group) > _CHUNK:
            if chunk:
                yield chunk
                chunk = []
            yield [group]
            continue
        chunk.append(group)
        if sum(map(len, chunk)) >= _CHUNK:
            yield chunk
            chunk = []
    if chunk:
        yield chunk


def _finish(records: RecordsKept, record: ImportRecord, page: TextPage | None) -> None:
    payload = {key: value for key, value in record.payload.items() if key != "waits_for"}
    target = {"page": page} if page is not None else {}
    records.save(
        record.source_id,
        record.kind,
        state=RecordState.DONE,
        revision_id=page.latest_revision_id if page is not None else None,
        payload=payload,
        **target,
    )


def groups_in_order(waits: Mapping[int, Iterable[int]]) -> Iterator[list[int]]:
    """Keys grouped so that each waits only for groups before it; circles are one group.

    Tarjan's strongly connected components, without recursion (SIAM J. Comput. 1(2), 1972).
    """
    index: dict[int, int] = {}
    low: dict[int, int] = {}
    path: list[int] = []
    on_path: set[int] = set()
    for root in sorted(waits):
        if root in index:
            continue
        work: list[tuple[int, list[int]]] = [(root, sorted(waits[root]))]
        while work:
            key, left = work[-1]
            if key not in index:
                index[key] = low[key] = len(index)
                path.append(key)
                on_path.add(key)
            if left:
                other = left.pop()
                if other not in index:
                    work.append((other, sorted(waits[other])))
                elif other in on_path:
                    low[key] = min(low[key], index[other])
                continue
            work.pop()
            if work:
                parent = work[-1][0]
                low[parent] = min(low[parent], low[key])
            if low[key] == index[key]:
                yield _leave(path, on_path, key)


def _leave(path: list[int], on_path: set[int], key: int) -> list[int]:
    """Take the circle that begins with this key off the path."""
    group: list[int] = []
    while not group or group[-1] != key:
        group.append(path.pop())
    on_path.difference_update(group)
    return group[::-1]
