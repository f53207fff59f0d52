"""Makes the demonstration’s sources and citations, and the copies that it keeps: without a network.

Nothing is ever asked for: every address ends in .example, which `archive.eligible` leaves alone.
The copies are written here, as the guarded client would hand them over.
"""

import json
from collections.abc import Mapping
from datetime import UTC, datetime, time, timedelta
from html import escape
from typing import Final

from diurna.accounts.models import User
from diurna.common.http_answer import Exchange, Recorded
from diurna.newsroom.archive.capture import keep
from diurna.newsroom.citation_marks import marker
from diurna.newsroom.citing import approve_source
from diurna.newsroom.models import Article, Citation, Contributor, LinkCheck, Outlet, Source
from diurna.web.seed.edition import Edition, History, texts_of
from diurna.web.seed.inline import CITE
from diurna.web.seed.library import Library
from diurna.web.seed.sources import Cite, SourceText, cite_uuid, places_in

# A copy is kept some minutes after the first story that cites it; a link is looked at days later.
_KEPT_AFTER: Final = timedelta(minutes=7)
_LOOKED_AFTER: Final = timedelta(days=6)
_NOBODY: Final = "192.0.2.1"  # RFC 5737


class Sources:
    """All sources by key; makes the citations of each story before it is first published."""

    def __init__(
        self,
        edition: Edition,
        *,
        people: Mapping[str, Contributor],
        articles: Mapping[str, Article],
        accounts: Mapping[str, User],
        library: Library,
    ) -> None:
        self._edition = edition
        self._accounts = accounts
        first = {history.slug: history.versions[0].at for history in edition.articles}
        book = edition.sources
        # When each source is first cited.
        self._since: dict[str, datetime] = {}
        for story, cites in book.cites.items():
            for cite in cites:
                at = self._since.setdefault(cite.source, first[story])
                self._since[cite.source] = min(at, first[story])
        self._outlets = {
            one.slug: Outlet.objects.create(
                slug=one.slug,
                name=one.name,
                host=one.host,
                home=f"https://{one.host}/" if one.host else "",
                description=one.description,
            )
            for one in book.outlets
        }
        self._rows = {
            text.key: self._make(text, people, articles, library) for text in book.sources
        }

    def cite(self, article: Article, history: History) -> None:
        """Make the citations of a story that is not published yet."""
        text = history.versions[0].article
        places = {place.key: place for place in places_in(texts_of(text))}
        for cite in self._edition.sources.cites.get(history.slug, ()):
            prefix, suffix = places[cite.key].context(cite.words)
            self._cite(article, history, cite, prefix=prefix, suffix=suffix)

    def finish(self) -> None:
        """Keep copies of what is cited by now, and note what looks at links have found."""
        for text in self._edition.sources.sources:
            row = self._rows[text.key]
            at = self._since[text.key]
            if text.page:
                keep(row, recorded(text, at + _KEPT_AFTER), at=at + _KEPT_AFTER)
            if text.address:
                self._look_at(row, text, at + _LOOKED_AFTER)

    def _make(
        self,
        text: SourceText,
        people: Mapping[str, Contributor],
        articles: Mapping[str, Article],
        library: Library,
    ) -> Source:
        since = self._since[text.key]
        source = Source(
            kind=text.kind,
            title=text.title,
            outlet=self._outlets.get(text.outlet),
            authors=text.authors,
            publisher=text.publisher,
            address=text.address,
            published=text.published_on(self._edition.today),
            accessed_on=since.date() if text.address else None,
            place=text.place,
            paywalled=text.paywalled,
            person=people.get(text.person),
            article=articles.get(text.article),
            document=library.files.get(text.document),
            anonymity=text.anonymity,
            anonymity_reason=text.reason,
            created_at=since,
            created_by=self._accounts.get(text.created_by),
        )
        source.full_clean()
        source.save()
        if text.approved_by:
            approve_source(source=source, actor=self._accounts[text.approved_by], at=since)
        return source

    def _cite(
        self, article: Article, history: History, cite: Cite, *, prefix: str, suffix: str
    ) -> None:
        first = history.versions[0]
        citation = Citation(
            uuid=cite_uuid(history.slug, cite.key),
            article=article,
            source=self._rows[cite.source],
            exact=cite.words,
            prefix=prefix,
            suffix=suffix,
            claim=cite.claim,
            bearing=cite.bearing,
            passage=cite.passage,
            locator=cite.locator,
            checked_by=self._accounts[first.article.posted_by],
            checked_on=first.at.date(),
            created_at=first.at,
            created_by=self._accounts[first.article.posted_by],
        )
        citation.full_clean()
        citation.save()

    def _look_at(self, row: Source, text: SourceText, at: datetime) -> None:
        now = datetime.combine(self._edition.today, time(4), UTC)
        if at > now:
            return
        state = text.state or "live"
        moved = text.moved_to if state == "moved" else ""
        LinkCheck.objects.create(
            source=row,
            at=at,
            state=state,
            status=404 if state == "dead" else 200,
            final_address=moved or text.address,
        )
        # No look is due any more: nobody answers at these addresses.
        Source.objects.filter(pk=row.pk).update(
            state=state, state_since=at, moved_to=moved, checked_at=at
        )


def with_markers(body: str, story: str) -> str:
    """The JSON of a body, each `[^key]` in it turned into the marker of its citation."""
    return CITE.sub(
        lambda match: json.dumps(marker(cite_uuid(story, match[1])), ensure_ascii=False)[1:-1],
        body,
    )


def recorded(text: SourceText, at: datetime) -> Recorded:
    """What a server would have sent for this source, if there were one."""
    title, words = escape(text.title), escape(text.page)
    page = (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{title}</title></head>'
        f"<body><h1>{title}</h1><p>{words}</p></body></html>\n"
    ).encode()
    host, _slash, path = text.address.removeprefix("https://").partition("/")
    headers = {"content-type": "text/html; charset=utf-8", "content-length": str(len(page))}
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    head = f"HTTP/1.1 200 OK\r\n{lines}\r\n".encode()
    exchange = Exchange(
        url=text.address,
        address=_NOBODY,
        at=at,
        status=200,
        headers=headers,
        request=f"GET /{path} HTTP/1.1\r\nHost: {host}\r\n\r\n".encode(),
        answer=head + page,
        head_size=len(head),
    )
    return Recorded(exchanges=(exchange,), body=page)
