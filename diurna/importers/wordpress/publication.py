"""Publishes what was written, dated as on the old site, with its links turned."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any, Final

from wagtail.models import Page

from diurna.importers.models import ImportRecord, RecordState
from diurna.importers.wordpress.batch import Batch
from diurna.importers.wordpress.body_values import RawBlock
from diurna.importers.wordpress.linking import LinkResolver
from diurna.importers.wordpress.links import rewrite_body
from diurna.importers.wordpress.neutral import State
from diurna.importers.wordpress.records_kept import RecordsKept
from diurna.newsroom.importing import TextPage, finish_imported
from diurna.newsroom.indexing import IndexLater
from diurna.newsroom.models import Article, InformationPage, RevisionKind
from diurna.newsroom.publishing import publish_article

# Pages that are read at once; a circle may have more.
_CHUNK: Final = 50


def publish_written(
    page: TextPage, payload: dict[str, Any], links: LinkResolver, index: IndexLater
) -> None:
    """Bring a written page into the state it is meant for: public, scheduled or draft.

    `payload` is that of its import record. The links of its body are turned first. A page that has
    no revision yet takes the short way (`newsroom.importing`), any other that of the desk.
    """
    state, at = state_of(payload)
    page.body = turned(page.body.raw_data, links)
    if page.latest_revision_id is None and state is not State.SCHEDULED:
        finish_imported(page=page, at=at, live=state is State.PUBLISHED, index=index)
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
        pages = _pages(records.by_id([pk for group in together for pk in group]))
        for group in together:
            with batch.item():
                _publish_group([pages[pk] for pk in group], records, links, batch.index)
            batch.commit_if_due()
            done += len(group)
            progress(done, len(graph))
    batch.commit()


Waiting = tuple[ImportRecord, TextPage | None]


def _publish_group(
    group: list[Waiting], records: RecordsKept, links: LinkResolver, index: IndexLater
) -> None:
    if len(group) > 1:
        public = [
            page.pk
            for record, page in group
            if page is not None and record.payload["state"] == State.PUBLISHED
        ]
        Page.objects.filter(pk__in=public).update(live=True)
        for record, _page in group:
            records.mark_live(record.source_id)
    for record, page in group:
        if page is not None:
            publish_written(page, record.payload, links, index)
        _finish(records, record, page)


def _pages(waiting: list[ImportRecord]) -> dict[int, Waiting]:
    """Records with their pages as their own classes, by the record's id."""
    numbers = [record.page_id for record in waiting if record.page_id]
    found: dict[int, TextPage] = dict(Article.objects.with_page().in_bulk(numbers))
    missing = [number for number in numbers if number not in found]
    found.update(InformationPage.objects.in_bulk(missing) if missing else {})
    return {record.pk: (record, found.get(record.page_id or 0)) for record in waiting}


def _chunks(groups: Iterable[list[int]]) -> Iterator[list[list[int]]]:
    """Groups, as many at a time as have `_CHUNK` pages together."""
    chunk: list[list[int]] = []
    for group in groups:
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
