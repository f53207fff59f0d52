"""How the front changes: published at once, planned for later, put back as it was.

Each publication is a revision of Wagtail's with its log entry, so who put which front up when is
where it is for every page. What is planned has rows of its own: Wagtail keeps one planned revision
of a page, and drops it when another is published (docs/decisions/planned-fronts.md).
"""

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.log_actions import log
from wagtail.models import PageLogEntry, Revision

from diurna.accounts.models import User
from diurna.common.errors import Conflicting, Invalid, Missing, Refused
from diurna.delivery.surrogate import touch
from diurna.newsroom.front_composition import Block, ends, read, written
from diurna.newsroom.models import Front, PlannedFront
from diurna.newsroom.models.front import LONGEST_FAILURE

logger = logging.getLogger(__name__)

MAY_COMPOSE: Final = "newsroom.change_front"
# What the desk's history of the front says; `web.wagtail_hooks` registers the words.
LOG_PLAN: Final = "diurna.front.plan"
LOG_UNPLAN: Final = "diurna.front.unplan"
LOG_PUBLISH: Final = "wagtail.publish"
LOG_PUBLISH_PLANNED: Final = "wagtail.publish.scheduled"
# More than a newsroom prepares; the list is on one page.
MOST_PLANNED: Final = 50
# So many earlier fronts are offered to be put back.
EARLIER: Final = 10
# What the page's own form has beside the composition.
_TYPED: Final = ("title", "slug", "seo_title", "search_description", "show_in_menus")
# A planned front that could not be published is tried again after this long.
RETRY: Final = timedelta(minutes=1)


def composition_of(front: Any) -> list[Block]:
    """The blocks of this front, of a revision of it, or of one that is planned; no query."""
    composition = front.composition
    return read(getattr(composition, "raw_data", composition))


def save_front_draft(*, blocks: Sequence[Block], actor: User, base: int | None) -> Revision:
    """Store a front that readers do not see yet.

    `base` is the number of the revision that the editor began with (0: none; None: whichever it
    is). Raises Refused for who may not and for a front that a colleague has locked, Invalid for
    what can't be stored, Conflicting where somebody else has stored or published one since.
    """
    with transaction.atomic():
        front = _locked(actor, base)
        _checked(front, blocks)
        return _revision(_as_typed(front) or front, blocks, actor)


def publish_front(
    *, blocks: Sequence[Block], actor: User, base: int | None, log_action: str = LOG_PUBLISH
) -> Revision:
    """Have readers see this front from now on; arguments and errors as of `save_front_draft`."""
    with transaction.atomic():
        front = _locked(actor, base)
        _checked(front, blocks)
        _remember(front)
        typed = _as_typed(front)
        revision = _revision(front, blocks, actor)
        _publish(revision, actor, log_action)
        _keep_typed(typed, blocks)
    return revision


def plan_front(*, blocks: Sequence[Block], actor: User, at: datetime) -> PlannedFront:
    """Have this front replace whatever readers see then, at `at` (aware).

    Raises Refused, Invalid for a time that is over and for what can't be stored, Conflicting where
    another one is planned for that minute or too many are.
    """
    at = at.replace(second=0, microsecond=0)
    if at <= timezone.now():
        raise Invalid(_("That time is over. Please choose one that is still to come."))
    with transaction.atomic():
        front = _locked(actor, None)
        _checked(front, blocks)
        if PlannedFront.objects.filter(at=at).exists():
            raise Conflicting(
                _("A front is planned for that minute already. Please choose another time.")
            )
        if PlannedFront.objects.count() >= MOST_PLANNED:
            raise Conflicting(_("Many fronts are planned already. Please take one off first."))
        planned = PlannedFront.objects.create(
            front=front, composition=written(blocks), at=at, planned_by=actor
        )
        log(instance=front, action=LOG_PLAN, user=actor, data={"at": at.isoformat()})
    return planned


def unplan_front(*, number: int, actor: User) -> PlannedFront:
    """Take a planned front off the list; raises Refused, Missing where it is up or gone already."""
    with transaction.atomic():
        front = _locked(actor, None)
        planned = PlannedFront.objects.filter(pk=number).first()
        if planned is None:
            raise Missing(_("This front is planned no more: it is up, or was taken off the list."))
        planned.delete()
        log(instance=front, action=LOG_UNPLAN, user=actor, data={"at": planned.at.isoformat()})
    return planned


def put_back(*, revision: int, actor: User, base: int | None) -> Revision:
    """Publish the front as it was at an earlier revision, as a new one.

    Errors as of `publish_front`; Missing for a revision that is none of the front's.
    """
    with transaction.atomic():
        front = _locked(actor, base)
        earlier = front.revisions.filter(pk=revision).first()
        if earlier is None:
            raise Missing(_("This earlier front is not there any more."))
        blocks, typed = composition_of(earlier.as_object()), _as_typed(front)
        new = _revision(front, blocks, actor)
        _publish(new, actor, LOG_PUBLISH)
        _keep_typed(typed, blocks)
    return new


def publish_planned(at: datetime) -> None:
    """Publish what was planned until `at`, oldest first; the clock calls this.

    One that fails keeps none from appearing: its row says so, and it is tried again, until another
    front is published.
    """
    for due in PlannedFront.objects.filter(at__lte=at, given_up=False).only("failed_at"):
        if due.failed_at is not None and due.failed_at > at - RETRY:
            continue
        try:
            _publish_planned(due.pk)
        except Exception as error:  # whatever is wrong with one, the others appear
            logger.exception("A planned front could not be published; it is tried again.")
            PlannedFront.objects.filter(pk=due.pk).update(
                failed_at=at, failure=f"{type(error).__name__}: {error}"[:LONGEST_FAILURE]
            )


def _publish_planned(number: int) -> None:
    with transaction.atomic():
        front = Front.objects.select_for_update(of=("self",)).get()
        planned = PlannedFront.objects.select_related("planned_by").filter(pk=number).first()
        if planned is None:
            # Taken off the list a moment ago.
            return
        if planned.is_late_after(front):
            planned.given_up = True
            planned.save(update_fields=["given_up"])
            return
        _remember(front)
        typed, is_draft = _as_typed(front), front.has_unpublished_changes
        blocks = composition_of(planned)
        revision = _revision(front, blocks, planned.planned_by)
        planned.delete()
        _publish(revision, planned.planned_by, LOG_PUBLISH_PLANNED)
        # The clock has seen no draft that a colleague stored, so it puts none away.
        _keep_typed(typed, composition_of(typed) if typed and is_draft else blocks)


def touch_ended(at: datetime, *, within: timedelta) -> None:
    """Have the front drawn again if the time of a story on it was over in the time `within`.

    The page itself is kept until then at most; this is for what stands in front of it (a CDN).
    """
    front = Front.objects.live().only("composition").first()
    if front is not None and any(at - within < end <= at for end in ends(composition_of(front))):
        touch(f"page-{front.pk}")


def earlier_fronts() -> list[PageLogEntry]:
    """The publications of the front, newest first, with their revisions and who it was."""
    entries = PageLogEntry.objects.filter(
        page__in=Front.objects.values("pk"),
        action__in=[LOG_PUBLISH, LOG_PUBLISH_PLANNED],
        revision__isnull=False,
    )
    return list(entries.select_related("revision", "user").order_by("-timestamp")[:EARLIER])


def _locked(actor: User, base: int | None) -> Front:
    """The front as readers see it, kept from others meanwhile."""
    if not actor.has_perm(MAY_COMPOSE):
        raise Refused(_("Only editors and publishers compose the front."))
    front = Front.objects.select_for_update(of=("self",)).first()
    if front is None:
        raise Missing(_("There is no front yet. Please found the newsroom first."))
    lock = front.get_lock()
    if lock is not None and lock.for_user(actor):
        raise Refused(_("A colleague has locked the front. Please ask them to unlock it."))
    if base is not None and (front.latest_revision_id or 0) != base:
        raise Conflicting(_said_by_whom(front, base))
    return front


def _said_by_whom(front: Front, base: int) -> str:
    # The first since: what comes after it may be somebody's draft, taken along.
    first = front.revisions.filter(pk__gt=base).order_by("pk").first()
    name = first.user.get_full_name() if first is not None and first.user else _("Somebody")
    return _(
        "%(name)s has stored another front since you began. Yours is still here and not stored: "
        "look at the other one, then press again to put yours in its place."
    ) % {"name": name}


def _as_typed(front: Front) -> Front | None:
    """The front's page with what was typed into it and is not published; None where nothing is."""
    if not front.has_unpublished_changes:
        return None
    typed: Front = front.get_latest_revision_as_object()
    return typed


def _keep_typed(typed: Front | None, blocks: Sequence[Block]) -> None:
    """Store the draft of the page's title and the like anew, above what was just published."""
    if typed is None:
        return
    live = Front.objects.get(pk=typed.pk)
    draft_of = typed.latest_revision.user if typed.latest_revision is not None else None
    _composed(typed, blocks)
    is_other = any(getattr(typed, name) != getattr(live, name) for name in _TYPED)
    if is_other or composition_of(typed) != composition_of(live):
        typed.save_revision(user=draft_of, clean=False, log_action=False)


def _remember(front: Front) -> None:
    """Have what readers see now stand in the history, so that it can be put back.

    A front that an import or the demonstration has composed is in no log.
    """
    live = front.live_revision
    if live is None or PageLogEntry.objects.filter(page=front.pk, revision=live).exists():
        return
    at = front.last_published_at or live.created_at
    log(instance=front, action=LOG_PUBLISH, user=live.user, revision=live, timestamp=at)


def _checked(front: Front, blocks: Sequence[Block]) -> None:
    """Refuse what the page editor would; what was stored once may name a section that is gone."""
    stream = _composed(front, blocks)
    try:
        Front._meta.get_field("composition").stream_block.clean(stream)
    except ValidationError as error:
        raise Invalid(
            _("Please give each editor’s pick a heading, and remove the sections that are gone.")
        ) from error


def _composed(front: Front, blocks: Sequence[Block]) -> Any:
    front.composition = Front._meta.get_field("composition").stream_block.to_python(written(blocks))
    return front.composition


def _revision(front: Front, blocks: Sequence[Block], actor: User | None) -> Revision:
    _composed(front, blocks)
    return front.save_revision(user=actor, clean=False)


def _publish(revision: Revision, actor: User | None, log_action: str) -> None:
    # Who may compose the front need not have a right on its page, which is above all sections.
    revision.publish(user=actor, log_action=log_action, skip_permission_checks=True)
