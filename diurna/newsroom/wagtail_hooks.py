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
from diurna.delivery.touches import EVERYTHING
from diurna.newsroom import (
    cite_feature,
    corrections,
    corrections_desk,  # noqa: F401  (imported for the hooks it registers)
    desk,  # noqa: F401  (imported for the hooks it registers)
    errors_hooks,  # noqa: F401  (likewise)
    sources_hooks,  # noqa: F401  (the same)
)
from diurna.newsroom.archive import hooks as archive_hooks  # noqa: F401  (for what it registers)
from diurna.newsroom.carried_changes import rename_contributor
from diurna.newsroom.link_handlers import (
    CanonicalDocumentLinkHandler,
    CanonicalPageLinkHandler,
    CitationLinkHandler,
)
from diurna.newsroom.models import (
    Article,
    Contributor,
    Outlet,
    PublicRevision,
    Series,
    Topic,
    WorkTypeRule,
)
from diurna.newsroom.prepublish import hooks as prepublish_hooks  # noqa: F401  (likewise)
from diurna.newsroom.publishing import LIST_KEYS
from diurna.newsroom.removal import LOG_ACTION
from diurna.newsroom.settling import adopt, settle_copies
from diurna.newsroom.standards import menu  # noqa: F401  (likewise)
from diurna.newsroom.viewsets import NewsroomViewSetGroup

register_snippet(NewsroomViewSetGroup)

# Wagtail registers its own handlers for the same link types at order 0; the last one stands.
AFTER_WAGTAIL = 100


@hooks.register("register_rich_text_features", order=AFTER_WAGTAIL)
def register_canonical_links(features: FeatureRegistry) -> None:
    """Links to our own pages and documents carry the name that the canonical text needs."""
    features.register_link_type(CanonicalPageLinkHandler)
    features.register_link_type(CanonicalDocumentLinkHandler)
    features.register_link_type(CitationLinkHandler)


@hooks.register("register_rich_text_features")
def register_citations(features: FeatureRegistry) -> None:
    """Words can be cited where the editor offers it."""
    cite_feature.register(features)


@hooks.register("after_create_page")
@hooks.register("after_edit_page")
def adopt_citations(request: HttpRequest, page: Page) -> None:
    """Citations that were made in the form belong to the story once it is saved."""
    if isinstance(page, Article):
        adopt(page)


@hooks.register("after_copy_page")
def copy_citations(request: HttpRequest, page: Page, new_page: Page) -> None:
    """A copied story has citations of its own."""
    settle_copies(new_page)


@hooks.register("register_log_actions")
def register_removal(actions: LogActionRegistry) -> None:
    """The desk's history of a section says which story was removed for legal reasons, and why."""
    actions.register_action(
        LOG_ACTION, _("Remove for legal reasons"), _("A story was removed for legal reasons")
    )


@hooks.register("register_log_actions")
def register_corrections(actions: LogActionRegistry) -> None:
    """The desk's history of a story says who corrected or retracted it."""
    actions.register_action(
        corrections.LOG_ACTION, _("Correct"), _("A notice was added: corrected or retracted")
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
    """A new name changes what is told of it; of an outlet, `OutletEditView` sees to that."""
    actor = request.user if isinstance(request.user, User) else None
    touch(*_shown_under(instance))
    if isinstance(instance, Contributor):
        rename_contributor(contributor=instance, actor=actor)


@hooks.register("after_create_snippet")
def say_what_is_new(request: HttpRequest, instance: models.Model) -> None:
    """There may be a page now where there was none."""
    touch(*_shown_under(instance))


@hooks.register("after_delete_snippet")
def say_what_is_gone(request: HttpRequest, instances: Iterable[models.Model]) -> None:
    """Pages that showed a topic or a series are drawn again without it."""
    touch(*(key for instance in instances for key in _shown_under(instance)))


def _shown_under(instance: models.Model) -> list[str]:
    if isinstance(instance, Topic):
        # Feeds and the API name the topics of a story, sitemaps have its address.
        return [f"topic-{instance.uuid}", *LIST_KEYS]
    if isinstance(instance, Series):
        # One that is deleted has lost its number.
        return [f"series-{instance.pk}", "missing"] if instance.pk else [EVERYTHING]
    if isinstance(instance, Contributor):
        # The masthead leads to people.
        return [f"person-{instance.uuid}", "standards", *LIST_KEYS]
    if isinstance(instance, Outlet):
        return [f"outlet-{instance.uuid}", *LIST_KEYS]
    if isinstance(instance, WorkTypeRule):
        return ["navigation"]
    return []
