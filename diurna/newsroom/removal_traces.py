"""What other tables hold of a story that the law has removed: letters, citations, sources of it."""

import json
import re
from collections.abc import Iterable, Iterator
from html import unescape
from typing import Any, Final
from urllib.parse import quote, unquote, urlsplit

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.html import strip_tags
from wagtail.models import Revision, Site

from diurna.accounts import leftovers
from diurna.newsroom import error_letters
from diurna.newsroom.citation_problems import plain_words
from diurna.newsroom.known_sources import host_of
from diurna.newsroom.models import Anonymity, Article, Citation, Source

# So many signs in a row stand in two texts only where one has them from the other.
_TELLING: Final = 20
_MARKER: Final = re.compile(r"\s*(?:\[cite:[0-9a-f]{8}\]|※)")


def forget_letters(article: Article) -> None:
    """Forget the letters about the story's error reports: rows, addresses, and files.

    Before the reports go with the story. Files lie where no mail is configured.
    """
    reports = article.error_reports.all()
    emails = {email for row in reports.values_list("email", "user__email") for email in row}
    error_letters.forget(reports.values_list("uuid", flat=True))
    transaction.on_commit(lambda: leftovers.delete_letters(emails - {None, ""}), robust=True)


def forget_loose_citations(article: Article) -> int:
    """Delete citations that belong to no story yet and name words of this one; how many.

    They were made in the form of a story that was not stored then, maybe of this one.
    """
    loose = list(Citation.objects.filter(article=None))
    if not loose:
        return 0
    texts = [_plain(text) for text in _texts_of(article)]
    named = [row.pk for row in loose if any(_stands_in(text, row) for text in texts)]
    return Citation.objects.filter(pk__in=named).delete()[0]


def sources_of_itself(article: Article, paths: Iterable[str]) -> QuerySet[Source]:
    """The sources that are this story: named so, or by an address at one of these paths.

    A copy that was kept of such an address counts as well, under whatever address it was asked for.
    """
    hosts = {host_of(settings.DIURNA_SITE_URL)}
    hosts |= {host.lower() for host in Site.objects.values_list("hostname", flat=True)}
    wanted = {_path(path) for path in paths} - {""}
    near = Q(pk=None)
    for path in {form for each in wanted for form in (each, quote(each))}:
        for name in _ADDRESSES:
            near |= Q(**{f"{name}__icontains": path})
    found = {
        pk
        for pk, *addresses in Source.objects.filter(near).values_list("pk", *_ADDRESSES)
        if any(_is_at(address, hosts, wanted) for address in addresses if address)
    }
    # One that is not named has no address, and may be no story.
    by_address = Q(pk__in=found, anonymity=Anonymity.NAMED)
    return Source.objects.filter(Q(article=article) | by_address)


def stories_that_quote(article: Article) -> list[Article]:
    """The stories, public once, that cite this one: their older versions will still say so."""
    paths = {*article.public_revisions.values_list("address", flat=True), article.address_path()}
    citing = Citation.objects.filter(source__in=sources_of_itself(article, paths))
    stories = Article.objects.filter(pk__in=citing.values("article_id")).exclude(pk=article.pk)
    return list(stories.filter(public_revisions__isnull=False).distinct().order_by("pk"))


_ADDRESSES: Final = (
    "address", "moved_to", "copies__requested_address", "copies__final_address",
)  # fmt: skip


def _is_at(address: str, hosts: set[str], paths: set[str]) -> bool:
    if host_of(address) not in hosts:
        return False
    path = _path(urlsplit(address).path)
    # Its history and the like lie below it.
    return any(path == each or path.startswith(f"{each}/") for each in paths)


def _path(path: str) -> str:
    return unquote(path).strip("/").lower()


def _texts_of(article: Article) -> Iterator[str]:
    """Its public versions, and what the desk keeps of its drafts."""
    yield from article.public_revisions.values_list("text", flat=True)
    drafts = Revision.objects.page_revisions().filter(object_id=str(article.pk))
    for content in drafts.values_list("content", flat=True).iterator():
        yield from _strings(json.loads(content.get("body") or "[]"))


def _strings(raw: Any) -> Iterator[str]:
    """The texts of a body, without tags."""
    if isinstance(raw, str):
        yield unescape(strip_tags(raw))
    elif isinstance(raw, dict | list):
        for value in raw.values() if isinstance(raw, dict) else raw:
            yield from _strings(value)


def _plain(text: str) -> str:
    return plain_words(_MARKER.sub("", text))


def _stands_in(text: str, row: Citation) -> bool:
    parts = [part for each in (row.prefix, row.exact, row.suffix) if (part := _plain(each))]
    if not parts:
        return False
    return all(part in text for part in parts) or any(
        len(part) >= _TELLING and part in text for part in parts
    )
