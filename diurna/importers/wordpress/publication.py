"""Publishes what was written, dated as on the old site, with its links turned."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction
from wagtail.models import Page

from diurna.importers.models import ImportRecord, RecordState
from diurna.importers.wordpress.linking import LinkResolver, page_of
from diurna.importers.wordpress.links import rewrite_body
from diurna.importers.wordpress.neutral import State
from diurna.importers.wordpress.records_kept import RecordsKept
from diurna.newsroom.models import Article, InformationPage, RevisionKind
from diurna.newsroom.publishing import publish_article


def publish_written(
    record: ImportRecord, page: Article | InformationPage, links: LinkResolver
) -> None:
    """Bring a written page into the state it is meant for: public, scheduled or draft.

    The links of its body are turned first. Afterwards the page is read again from the database.
    """
    payload: dict[str, Any] = record.payload
    state = State(payload["state"])
    at = datetime.fromisoformat(payload["at"]) if payload.get("at") else None
    page.body = rewrite_body([dict(block) for block in page.body.raw_data], links.target)
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


def _publish(page: Article | InformationPage, at: datetime | None) -> None:
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


def publish_waiting(records: RecordsKept, links: LinkResolver) -> None:
    """Publish what waited for pages it links to: those first that wait for nothing any more.

    Pages that link to each other in a circle become public together, in one transaction: each
    must be public when the text of the other is taken down.
    """
    waiting = {record.source_id: record for record in records.waiting()}
    for record in waiting.values():
        record.refresh_from_db()
    waits = {
        key: {other for other in record.payload.get("waits_for", ()) if other in waiting}
        for key, record in waiting.items()
    }
    for group in groups_in_order(waits):
        with transaction.atomic():
            pages = [(waiting[key], page_of(waiting[key])) for key in group]
            if len(group) > 1:
                public = [
                    page.pk
                    for record, page in pages
                    if page is not None and record.payload["state"] == State.PUBLISHED
                ]
                Page.objects.filter(pk__in=public).update(live=True)
                for key in group:
                    records.mark_live(key)
            for record, page in pages:
                if isinstance(page, Article | InformationPage):
                    page.refresh_from_db()
                    publish_written(record, page, links)
                _finish(records, record, page)


def _finish(records: RecordsKept, record: ImportRecord, page: Page | None) -> None:
    payload = {key: value for key, value in record.payload.items() if key != "waits_for"}
    records.save(
        record.source_id,
        record.kind,
        state=RecordState.DONE,
        revision_id=page.latest_revision_id if page is not None else None,
        payload=payload,
    )
    if page is not None and page.live:
        records.mark_live(record.source_id)


def groups_in_order(waits: dict[str, set[str]]) -> Iterable[list[str]]:
    """Keys grouped so that each waits only for groups before it; circles are one group.

    Tarjan's strongly connected components, without recursion (SIAM J. Comput. 1(2), 1972).
    """
    index: dict[str, int] = {}
    low: dict[str, int] = {}
    path: list[str] = []
    on_path: set[str] = set()
    groups: list[list[str]] = []
    for root in sorted(waits):
        if root in index:
            continue
        work: list[tuple[str, list[str]]] = [(root, sorted(waits[root]))]
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
                group = path[path.index(key) :]
                del path[len(path) - len(group) :]
                on_path.difference_update(group)
                groups.append(group)
    return groups
