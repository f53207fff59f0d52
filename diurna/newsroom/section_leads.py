"""Which story leads a section's page: pinned there by an editor of the section, else the newest."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from diurna.accounts.models import User
from diurna.common.errors import Conflicting, Invalid, Refused
from diurna.delivery.surrogate import touch
from diurna.newsroom.models import Article, Section, SectionLead

# What the section's history at the desk says; `web.wagtail_hooks` registers the words.
LOG_PIN: Final = "diurna.section.pin"
LOG_UNPIN: Final = "diurna.section.unpin"


@dataclass(frozen=True)
class Pinned:
    """The number of a story that leads a section, and until when (aware; None: for good)."""

    article: int
    until: datetime | None = None


def may_pin(user: User, section: Section) -> bool:
    """Whether this person says what leads the section: who may publish in it."""
    return bool(section.permissions_for_user(user).can_publish())


def pinned_lead(section: Section, at: datetime) -> Pinned | None:
    """What leads the section's page by somebody's hand at that time (aware); one query.

    None where nothing is pinned, its time is over, it is not public, or it has left the section.
    """
    found = (
        SectionLead.objects.filter(section=section, article__live=True)
        .filter(article__path__startswith=section.path)
        .exclude(until__lte=at)
        .values_list("article", "until")
        .first()
    )
    return Pinned(*found) if found is not None else None


def pin_lead(
    *, section: Section, article: Article, until: datetime | None, actor: User, base: int
) -> SectionLead:
    """Have this story lead the section until then (aware; None: until somebody says otherwise).

    `base` is the number of the pin that the editor began with (0: none). Raises Refused, Invalid
    for a story that can't lead the section or a time that is over, Conflicting where a colleague
    has pinned another since.
    """
    if until is not None and until <= timezone.now():
        raise Invalid(_("That time is over. Please choose one that is still to come."))
    with transaction.atomic():
        before = _locked(section, actor, base)
        if not Article.objects.live().in_section(section).filter(pk=article.pk).exists():
            raise Invalid(_("Please choose a public story of this section."))
        if before is not None:
            before.delete()
        pin = SectionLead.objects.create(
            section=section, article=article, until=until, pinned_by=actor
        )
        said = {"story": article.title, "until": until.isoformat() if until else ""}
        log(instance=section, action=LOG_PIN, user=actor, data=said)
        touch(section.surrogate_key())
    return pin


def unpin_lead(*, section: Section, actor: User, base: int) -> None:
    """Have the newest story lead the section again; errors as of `pin_lead`."""
    with transaction.atomic():
        before = _locked(section, actor, base)
        if before is None:
            return
        before.delete()
        log(
            instance=section,
            action=LOG_UNPIN,
            user=actor,
            data={"story": before.article.title},
        )
        touch(section.surrogate_key())


def touch_ended(at: datetime, *, within: timedelta) -> None:
    """Have the sections drawn again whose lead's time was over in the time `within`."""
    ended = SectionLead.objects.filter(until__gt=at - within, until__lte=at)
    keys = [pin.section.surrogate_key() for pin in ended.select_related("section")]
    if keys:
        touch(*keys)


def _locked(section: Section, actor: User, base: int) -> SectionLead | None:
    """What is pinned there, kept from others meanwhile."""
    if not may_pin(actor, section):
        raise Refused(_("Only who may publish in this section says what leads it."))
    Section.objects.select_for_update(of=("self",)).get(pk=section.pk)
    pin = SectionLead.objects.select_related("article", "pinned_by").filter(section=section).first()
    if (pin.pk if pin is not None else 0) != base:
        raise Conflicting(_said_by_whom(pin))
    return pin


def _said_by_whom(pin: SectionLead | None) -> str:
    if pin is None:
        return _(
            "A colleague has taken the pin off since you began. Yours is still here and not "
            "stored: press again to pin it."
        )
    name = pin.pinned_by.get_full_name() if pin.pinned_by is not None else _("Somebody")
    return _(
        "%(name)s has pinned “%(headline)s” since you began. Yours is still here and not stored: "
        "press again to put it in its place."
    ) % {"name": name, "headline": pin.article.display_headline()}
