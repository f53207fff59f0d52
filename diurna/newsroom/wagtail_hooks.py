"""What the newsroom adds to Wagtail's desk."""

from collections.abc import Iterable

from django.contrib import messages
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from wagtail import hooks
from wagtail.log_actions import LogActionRegistry
from wagtail.models import Page
from wagtail.rich_text.feature_registry import FeatureRegistry
from wagtail.snippets.models import register_snippet

from diurna.accounts.models import User
from diurna.delivery.surrogate import touch
from diurna.newsroom import desk  # noqa: F401  (imported for the hooks it registers)
from diurna.newsroom.link_handlers import CanonicalDocumentLinkHandler, CanonicalPageLinkHandler
from diurna.newsroom.models import Article, Contributor, PublicRevision, Series, Topic
from diurna.newsroom.publishing import rename_contributor
from diurna.newsroom.removal import LOG_ACTION
from diurna.newsroom.viewsets import NewsroomViewSetGroup

register_snippet(NewsroomViewSetGroup)

# Wagtail registers its own handlers for the same link types at order 0; the last one stands.
AFTER_WAGTAIL = 100


@hooks.register("register_rich_text_features", order=AFTER_WAGTAIL)
def register_canonical_links(features: FeatureRegistry) -> None:
    """Links to our own pages and documents carry the name that the canonical text needs."""
    features.register_link_type(CanonicalPageLinkHandler)
    features.register_link_type(CanonicalDocumentLinkHandler)


@hooks.register("register_log_actions")
def register_removal(actions: LogActionRegistry) -> None:
    """The desk's history of a section says which story was removed for legal reasons, and why."""
    actions.register_action(
        LOG_ACTION, _("Remove for legal reasons"), _("A story was removed for legal reasons")
    )


@hooks.register("before_delete_page")
def keep_what_was_public(request: HttpRequest, page: Page) -> HttpResponse | None:
    """An article that was public, or a section that holds one, is withdrawn and never deleted."""
    if not _was_public(page):
        return None
    return _refuse_to_delete(request, page)


@hooks.register("before_bulk_action")
def keep_all_that_was_public(
    request: HttpRequest, action_type: str, objects: Iterable[models.Model], action: object
) -> HttpResponse | None:
    """The same for several pages at once."""
    pages = [page for page in objects if isinstance(page, Page)]
    if action_type != "delete":
        return None
    kept = next(filter(_was_public, pages), None)
    return _refuse_to_delete(request, kept) if kept else None


def _was_public(page: Page) -> bool:
    below = page.get_descendants(inclusive=True).values("pk")
    return PublicRevision.objects.filter(article__in=below).exists()


def _refuse_to_delete(request: HttpRequest, page: Page) -> HttpResponse:
    messages.error(
        request,
        _(
            "“%(title)s” was public, so its history is kept: unpublish it instead. "
            "Readers will see that it was withdrawn."
        )
        % {"title": page.get_admin_display_title()},
    )
    return redirect("wagtailadmin_explore", page.get_parent().pk)


@hooks.register("after_edit_snippet")
def record_new_name(request: HttpRequest, instance: models.Model) -> None:
    """A contributor's new name changes the by-line of every article they worked on."""
    if isinstance(instance, Contributor):
        actor = request.user if isinstance(request.user, User) else None
        rename_contributor(contributor=instance, actor=actor)
    else:
        touch(*_shown_under(instance))


@hooks.register("after_delete_snippet")
def say_what_is_gone(request: HttpRequest, instances: Iterable[models.Model]) -> None:
    """Pages that showed a topic or a series are drawn again without it."""
    touch(*(key for instance in instances for key in _shown_under(instance)))


def _shown_under(instance: models.Model) -> list[str]:
    if isinstance(instance, Topic):
        return [f"topic-{instance.uuid}"]
    if isinstance(instance, Series) and instance.pk is not None:
        return [
            article.surrogate_key() for article in Article.objects.live().filter(series=instance)
        ]
    return []
