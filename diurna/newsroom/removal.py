"""Legal removal: the words of a story, and the salts that could confirm a guess, are gone for good.

What stays: the rows of its public history with their commitments, without text, salt, note and
address; one more row of the kind `remove`; both in the public log, which never held any words. The
story's address answers 410.

Rooms above that keep words of stories (imports) register what they forget (`register_trace`).
"""

from collections.abc import Callable, Iterable
from pathlib import Path

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.utils import timezone
from wagtail.contrib.redirects.models import Redirect
from wagtail.log_actions import log
from wagtail.models import Page, PageLogEntry, ReferenceIndex, Revision

from diurna.accounts.models import User
from diurna.common.erasures import note_erasure
from diurna.common.errors import Refused
from diurna.common.forgetting import forget_deleted
from diurna.newsroom.carried_changes import record_new_names
from diurna.newsroom.circumstances import being_deleted
from diurna.newsroom.citing import cited_nowhere_else, forget_as_source, forget_sources
from diurna.newsroom.log import log_revision
from diurna.newsroom.models import Article, Correction, PublicRevision, RevisionKind
from diurna.newsroom.models.removed import RemovedAddress
from diurna.newsroom.publishing import touch_article
from diurna.newsroom.removal_traces import (
    forget_letters,
    forget_loose_citations,
    sources_of_itself,
)
from diurna.newsroom.search import spelling

Forget = Callable[[Article], Iterable[str]]
"""Deletes what a room keeps of a story; gives back further paths at which the story stood."""

# In the desk's history of the section: who removed which story, and why.
LOG_ACTION = "diurna.remove"
_traces: dict[str, Forget] = {}


def register_trace(name: str, forget: Forget) -> None:
    """Have a room forget a story that is removed, within the same transaction."""
    _traces[name] = forget


def remove_article(*, article: Article, actor: User | None, reason: str) -> PublicRevision | None:
    """Remove a story and every word of it; its last public row, None if it was never public.

    `reason` is kept for the desk, in the section's history: it should not repeat what was removed.
    Raises Refused without a reason. One transaction; afterwards the database's own leftovers are
    overwritten. Copies that others made, and backups until their retention ends, are beyond it.
    """
    if not reason.strip():
        raise Refused("A removal needs a reason; write which law or order demands it.")
    with transaction.atomic(), being_deleted(article):
        article = Article.objects.get(pk=article.pk)
        touch_article(article)
        linking = _articles_that_link_to(article)
        section = article.get_parent()
        paths = _forget_traces(article)
        RemovedAddress.objects.remember(paths)
        forget_letters(article)
        forget_loose_citations(article)
        # Also where it was cited by its address and nobody said whose story that is.
        sources_of_itself(article, paths).update(article=article)
        linking += [story for story in forget_as_source(article) if story not in linking]
        sources = cited_nowhere_else(article)
        row = _blank_history(article, actor)
        name = str(article.uuid)
        spelled = spelling.words_of(article)
        article.delete()
        forget_sources(sources)
        _forget_entry(article.pk)
        spelling.forget(spelled)
        log(section, LOG_ACTION, user=actor, data={"article": name, "reason": reason})
        # A link to what is gone says nothing any more, which is another text.
        record_new_names(articles=linking, actor=actor)
        # Outside the database, so that a restore of an older backup does it again. Written first:
        # a list that says too much is set right by hand, one that says too little by nobody.
        note_erasure(Path(settings.DIURNA_HOME), article.uuid, at=timezone.now())
        forget_deleted()
    return row


def _forget_traces(article: Article) -> set[str]:
    """Forget the story outside its own tables; every path at which it stood."""
    paths = set(article.public_revisions.values_list("address", flat=True))
    paths.add(article.address_path())
    redirects = Redirect.objects.filter(redirect_page_id=article.pk)
    paths |= set(redirects.values_list("old_path", flat=True))
    for forget in _traces.values():
        paths |= set(forget(article))
    redirects.delete()
    Redirect.objects.filter(redirect_link__in=[*paths]).delete()
    return paths


def _blank_history(article: Article, actor: User | None) -> PublicRevision | None:
    last = article.public_revisions.order_by("-number").first()
    if last is None:
        return None
    row = PublicRevision.objects.create(
        article=article,
        number=last.number + 1,
        at=timezone.now(),
        kind=RevisionKind.REMOVE,
        removed=True,
        salt=b"",
        # What was removed last, so that the log says which words the newsroom answers for.
        commitment=last.commitment,
        published_by=actor,
    )
    log_revision(row)
    PublicRevision.objects.blank(article.uuid)
    Correction.objects.blank(article.uuid)
    return row


def _forget_entry(pk: int) -> None:
    # The desk keeps its history of a page that is deleted: who and when may stay, titles may not.
    PageLogEntry.objects.filter(page_id=pk).update(label="", data={})
    content_types = ContentType.objects.get_for_models(Page, Article).values()
    Revision.objects.filter(base_content_type__in=content_types, object_id=str(pk)).delete()


def _articles_that_link_to(article: Article) -> list[Article]:
    found = ReferenceIndex.get_references_to(article).filter(
        base_content_type=ContentType.objects.get_for_model(Page)
    )
    numbers = {int(pk) for pk in found.values_list("object_id", flat=True)} - {article.pk}
    return list(Article.objects.live().filter(pk__in=numbers))
