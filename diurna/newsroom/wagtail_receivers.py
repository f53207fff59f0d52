"""Where Wagtail's own publishing meets Diurna's actions: the one place with signal receivers.

Wagtail's desk and scheduler publish through `PublishPageRevisionAction` and its kin; their signals
are the only hook that all of them share. Each receiver checks what is true now, and calls an
action. `page_published` is also sent for a page that is only scheduled, with `live=False`.
"""

from typing import Any

from django.db import connection
from django.db.models import ProtectedError
from django.db.models.signals import post_delete, post_save, pre_delete, pre_save
from django.dispatch import receiver
from wagtail.contrib.redirects.models import Redirect
from wagtail.documents.models import Document
from wagtail.models import Page, Revision
from wagtail.signals import page_published, page_slug_changed, page_unpublished, post_page_move

from diurna.accounts.models import User
from diurna.delivery.surrogate import touch
from diurna.newsroom.carried_changes import articles_using, record_new_file
from diurna.newsroom.circumstances import is_being_taken_back
from diurna.newsroom.citing import lose_own_story
from diurna.newsroom.linked import keys_that_show
from diurna.newsroom.models import (
    Article,
    FileDigest,
    Front,
    InformationPage,
    Photograph,
    Section,
    Series,
    Source,
)
from diurna.newsroom.models.file_digest import sha256_of
from diurna.newsroom.publishing import LIST_KEYS, record_move, record_publication, record_withdrawal
from diurna.newsroom.source_locks import hold_for_change
from diurna.newsroom.withdrawn_addresses import lead_withdrawn_on


@receiver(page_published, dispatch_uid="newsroom.published")
def on_published(instance: Page, revision: Revision, **_kwargs: Any) -> None:
    """A revision went live, by a press of a button or by the clock."""
    if not instance.live:
        return
    if isinstance(instance, Article):
        record_publication(article=instance, actor=revision.user)
    else:
        _touch_other(instance)


@receiver(page_unpublished, dispatch_uid="newsroom.unpublished")
def on_unpublished(instance: Page, **kwargs: Any) -> None:
    """A page was taken off the site, by a press of a button or by its end time."""
    if isinstance(instance, Article):
        record_withdrawal(article=instance, actor=_actor(kwargs))
    else:
        _touch_other(instance)


@receiver(page_slug_changed, dispatch_uid="newsroom.slug_changed")
def on_slug_changed(instance: Page, instance_before: Page, **kwargs: Any) -> None:
    """A section has a new address, and so has everything below it.

    An article's own address changes only with a publication, which records both at once.
    """
    if not isinstance(instance, Article):
        _record_moves(instance, instance_before.url_path, _actor(kwargs))


@receiver(post_page_move, dispatch_uid="newsroom.moved")
def on_moved(instance: Page, url_path_before: str, url_path_after: str, **kwargs: Any) -> None:
    """A page has a new place in the tree; a changed order among its siblings is no move."""
    if url_path_before != url_path_after:
        _record_moves(instance, url_path_before, _actor(kwargs))
    elif not isinstance(instance.specific, Article):
        # Sections stand in this order on every page.
        _touch_other(instance.specific)


@receiver(pre_save, sender=Document, dispatch_uid="newsroom.document_named")
def on_document_to_be_saved(instance: Document, **_kwargs: Any) -> None:
    """A new file is read while it is still here; its store may be far away.

    Publications that show the document wait, if it is saved together with what is to be recorded.
    """
    if instance.file and not instance.file._committed:
        instance.new_sha256 = sha256_of(instance.file)
    if instance.pk and connection.in_atomic_block:
        hold_for_change(Source.objects.filter(document=instance))


@receiver(post_save, sender=Photograph, dispatch_uid="newsroom.photograph_saved")
@receiver(post_save, sender=Document, dispatch_uid="newsroom.document_saved")
def on_file_saved(instance: Photograph | Document, created: bool, **_kwargs: Any) -> None:
    """A picture's credit or licence, or a document, was changed in the library."""
    if sha256 := getattr(instance, "new_sha256", ""):
        FileDigest.objects.update_or_create(document=instance, defaults={"sha256": sha256})
        del instance.new_sha256
    if not created:
        record_new_file(file=instance)
        touch(*keys_that_show(instance))


@receiver(pre_delete, sender=Photograph, dispatch_uid="newsroom.photograph_deleted")
@receiver(pre_delete, sender=Document, dispatch_uid="newsroom.document_deleted")
def on_file_deleted(instance: Photograph | Document, **_kwargs: Any) -> None:
    """A file that a public article shows stays in the library."""
    users = articles_using(instance)
    if users:
        raise ProtectedError(f"“{instance.title}” is shown by a published article.", set(users))
    touch(*keys_that_show(instance))


@receiver(post_save, sender=Redirect, dispatch_uid="newsroom.redirect_saved")
@receiver(post_delete, sender=Redirect, dispatch_uid="newsroom.redirect_deleted")
def on_redirect_changed(**_kwargs: Any) -> None:
    """What was not to be found may lead on from now on."""
    touch("missing")


@receiver(pre_delete, sender=Series, dispatch_uid="newsroom.series_deleted")
def on_series_deleted(instance: Series, **_kwargs: Any) -> None:
    """Its stories stay, and have no place in what is gone; the database would refuse it else."""
    Article.objects.filter(series=instance).update(series_position=None)


@receiver(pre_delete, sender=Article, dispatch_uid="newsroom.article_deleted")
def on_article_deleted(instance: Article, **_kwargs: Any) -> None:
    """An article that was public is withdrawn, not deleted; an undo of an import may.

    What cites it, as a story of our own, no longer says where it is.
    """
    if not is_being_taken_back(instance) and instance.public_revisions.exists():
        raise ProtectedError(f"“{instance.title}” was public, so it stays.", {instance})
    lose_own_story(article=instance)


def _record_moves(page: Page, url_path_before: str, actor: User | None) -> None:
    page = page.specific
    page.refresh_from_db()
    lead_withdrawn_on(page, url_path_before=url_path_before)
    for article in Article.objects.descendant_of(page, inclusive=True).live():
        record_move(article=article, actor=actor)
    if not isinstance(page, Article):
        _touch_other(page)


def _touch_other(page: Page) -> None:
    keys = [*LIST_KEYS, "navigation"]
    if isinstance(page, Section):
        keys.append(page.surrogate_key())
    if isinstance(page, InformationPage | Front):
        keys.append(f"page-{page.pk}")
    touch(*keys)


def _actor(kwargs: dict[str, Any]) -> User | None:
    user = kwargs.get("user")
    return user if isinstance(user, User) else None
