"""Two contributors made one, and two sections made one: their addresses go on answering."""

import unicodedata
from collections.abc import Iterable
from typing import Any, Final

from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.contrib.redirects.models import Redirect
from wagtail.log_actions import log
from wagtail.models import Page, Revision

from diurna.accounts.models import User
from diurna.common.errors import Refused
from diurna.delivery.surrogate import touch
from diurna.newsroom.carried_changes import record_new_names, record_new_notes
from diurna.newsroom.models import (
    Article,
    Byline,
    Citation,
    Contributor,
    PublicRevision,
    Section,
    Source,
)
from diurna.newsroom.models.settings import NavigationItem
from diurna.newsroom.slugs import free_slug
from diurna.newsroom.source_locks import hold_for_change

# What a kept person takes over from the other one where it says nothing itself.
_TAKEN_OVER: Final = (
    "job_title", "photo", "biography", "expertise", "places", "languages", "contact",
    "disclosures",
)  # fmt: skip


def merge_contributors(
    *, keep: Contributor, merge: Contributor, actor: User
) -> list[PublicRevision]:
    """Give all by-lines of `merge` to `keep`, and remove `merge`; the new public revisions.

    The old person's page leads to the kept one. Raises Refused for one and the same person, or when
    both have accounts. One transaction.
    """
    if keep.pk == merge.pk:
        raise Refused(_("Please choose two different people."))
    if keep.user_id and merge.user_id:
        raise Refused(_("Both have accounts; take one account from its person first."))
    old_path = merge.get_absolute_url()
    with transaction.atomic():
        hold_for_change(Source.objects.filter(person__in=[keep, merge]))
        articles = _articles_of(merge)
        _give_bylines(merge, keep)
        for article in articles:
            _rewrite_revisions(article, merge.pk, keep.pk)
        _take_over(keep, merge)
        cited = list(Article.objects.live().filter(pk__in=_shown_of(merge)))
        Source.objects.filter(person=merge).update(person=keep)
        merge.delete()
        lead_on(old_path, None, keep.get_absolute_url())
        touch(f"person-{merge.uuid}", f"person-{keep.uuid}")
        log(keep, "wagtail.edit", user=actor)
        live = Article.objects.live().filter(pk__in=[article.pk for article in articles])
        rows = record_new_names(articles=live, actor=actor)
        return rows + record_new_notes(articles=cited, actor=actor)


def merge_sections(*, source: Section, target: Section, actor: User, limit: int) -> int:
    """Move what is in `source` into `target`, at most `limit` pages; how many are left.

    Each page is moved in a transaction of its own, with the public revision and the redirect that
    any move leaves, so that it can be stopped and called again. When nothing is left the source is
    removed, and its address leads to the target. Raises Refused when the actor may not, or when one
    section is inside the other.
    """
    _check_sections(source, target, actor)
    children = list(source.get_children().order_by("path")[:limit])
    for child in children:
        with transaction.atomic():
            before = _free_word(child, target)
            child.specific.move(target, pos="last-child", user=actor)
            for number, path in before:
                # A move leaves redirects of its own, but for the word the page has by then.
                lead_on(path, Page.objects.get(pk=number), "")
        target.refresh_from_db()
        source.refresh_from_db()
    left = int(source.get_children().count())
    if not left:
        _close_section(source, target, actor)
    return left


def lead_on(old_path: str, page: Page | None, link: str) -> None:
    """A permanent redirect from a path that is given up; those that led there lead on, too."""
    path = Redirect.normalise_path(old_path)
    Redirect.objects.filter(redirect_link=old_path).update(redirect_page=page, redirect_link=link)
    Redirect.objects.update_or_create(
        old_path=path,
        site=None,
        defaults={"redirect_page": page, "redirect_link": link, "is_permanent": True},
    )


def similar_contributors(people: Iterable[Contributor]) -> list[tuple[Contributor, Contributor]]:
    """Pairs that may be one person, each once: the same letters, or initial and last name alike."""
    groups: dict[tuple[str, ...], list[Contributor]] = {}
    for person in people:
        for key in _name_keys(person.name):
            groups.setdefault(key, []).append(person)
    pairs: dict[tuple[int, int], tuple[Contributor, Contributor]] = {}
    for group in groups.values():
        first = min(group, key=lambda one: one.pk)
        for other in group:
            if other.pk != first.pk and _may_be_one(first.name, other.name):
                pairs[first.pk, other.pk] = (first, other)
    return [pairs[key] for key in sorted(pairs)]


def _words(name: str) -> list[str]:
    letters = unicodedata.normalize("NFKD", name.casefold())
    plain = "".join(sign if sign.isalpha() else " " for sign in letters if not _is_mark(sign))
    return plain.split()


def _is_mark(sign: str) -> bool:
    return unicodedata.category(sign) == "Mn"


def _name_keys(name: str) -> set[tuple[str, ...]]:
    words = _words(name)
    if not words:
        return set()
    keys: set[tuple[str, ...]] = {("letters", "".join(sorted("".join(words))))}
    if len(words) > 1:
        keys.add(("initial", words[0][0], words[-1]))
    return keys


def _may_be_one(one: str, other: str) -> bool:
    """Same letters in the same words; or one first name is the initial of the other."""
    first, second = _words(one), _words(other)
    if sorted(first) == sorted(second) or "".join(first) == "".join(second):
        return True
    if len(first) < 2 or len(second) < 2 or first[-1] != second[-1]:
        return False
    short, long = sorted((first[0], second[0]), key=len)
    return long.startswith(short) and (len(short) == 1 or short == long)


def _articles_of(person: Contributor) -> list[Article]:
    """All articles, drafts too, on which the person has a by-line now or in the latest draft."""
    found = {article.pk: article for article in Article.objects.by(person)}
    drafts = Article.objects.filter(has_unpublished_changes=True).select_related("latest_revision")
    for article in drafts.exclude(pk__in=found).iterator():
        lines = (
            article.latest_revision.content.get("bylines", []) if article.latest_revision else []
        )
        if any(line.get("contributor") == person.pk for line in lines):
            found[article.pk] = article
    return list(found.values())


def _shown_of(person: Contributor) -> list[int]:
    """The numbers of the articles in whose notes the person is named."""
    shown = Citation.objects.public().filter(source__person=person)
    return [pk for pk in shown.values_list("article_id", flat=True) if pk is not None]


def _give_bylines(merge: Contributor, keep: Contributor) -> None:
    for line in Byline.objects.filter(contributor=merge):
        # Nobody is named twice for the same part in the same story.
        same = Byline.objects.filter(article=line.article_id, contributor=keep, role=line.role)
        if same.exists():
            line.delete()
        else:
            Byline.objects.filter(pk=line.pk).update(contributor=keep)


def _rewrite_revisions(article: Article, old: int, new: int) -> None:
    """In drafts and earlier versions too: bringing one back must not lose the by-line."""
    revisions = Revision.objects.for_instance(article)
    for revision in revisions.iterator():
        content: dict[str, Any] = revision.content
        lines = content.get("bylines", [])
        if not any(line.get("contributor") == old for line in lines):
            continue
        kept: dict[tuple[Any, Any], Any] = {}
        for line in lines:
            person = new if line.get("contributor") == old else line.get("contributor")
            kept.setdefault((person, line.get("role")), {**line, "contributor": person})
        content["bylines"] = list(kept.values())
        Revision.objects.filter(pk=revision.pk).update(content=content)


def _take_over(keep: Contributor, merge: Contributor) -> None:
    for name in _TAKEN_OVER:
        if not getattr(keep, name):
            setattr(keep, name, getattr(merge, name))
    account = merge.user
    if account is not None:
        merge.user = None
        merge.save(update_fields=["user"])
        keep.user = account
    keep.save()


def _check_sections(source: Section, target: Section, actor: User) -> None:
    if source.pk == target.pk or target.is_descendant_of(source) or source.is_descendant_of(target):
        raise Refused(_("Please choose two sections of which none is inside the other."))
    if not all(page.permissions_for_user(actor).can_publish() for page in (source, target)):
        raise Refused(_("Merging sections is for people who may publish in both."))


def _free_word(child: Page, target: Section) -> list[tuple[int, str]]:
    """Give a page another word for its address where its own is taken in the target.

    The public pages that had an address with the old word, and those addresses.
    """
    taken = set(target.get_children().values_list("slug", flat=True))
    if child.slug not in taken:
        return []
    public = child.get_descendants(inclusive=True).live().specific()
    before = [(page.pk, page.address_path()) for page in public]
    slug = free_slug(child.slug, at_root=False, taken=taken)
    page = child.specific
    page.slug = slug
    page.save()
    if page.latest_revision is not None:
        # Else the next publication would bring the old word back.
        content = {**page.latest_revision.content, "slug": slug}
        Revision.objects.filter(pk=page.latest_revision_id).update(content=content)
    child.slug = slug
    return before


def _close_section(source: Section, target: Section, actor: User) -> None:
    old_path = source.address_path()
    with transaction.atomic():
        Redirect.objects.filter(redirect_page=source).update(redirect_page=target)
        for item in NavigationItem.objects.filter(page=source):
            if NavigationItem.objects.filter(page=target, place=item.place).exists():
                item.delete()
            else:
                NavigationItem.objects.filter(pk=item.pk).update(page=target)
        gone = Section.objects.get(pk=source.pk)
        gone.delete(user=actor)  # type: ignore[call-arg]  # Wagtail logs who it was
        lead_on(old_path, target, "")
        touch(source.surrogate_key(), target.surrogate_key(), "navigation")
