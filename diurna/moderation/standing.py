"""Who may not write here at the moment, and what they are told: never anything less than that.

A measure is about an account, a guest's browser, an e-mail domain or a network. What it bars is
writing comments, editing them and (for accounts) voting; own comments can be deleted, taken out
and appealed for all the same.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import IPv4Network, IPv6Network, ip_network
from typing import Final
from uuid import UUID

from django.conf import settings
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from diurna.accounts.guests import Guest
from diurna.accounts.models import User
from diurna.accounts.networks import Origin, names_of_network
from diurna.comments import policy
from diurna.comments.draft import is_confirmed
from diurna.comments.models import Comment, Contact
from diurna.comments.policy import Facts, Verdict, gettext_noop
from diurna.comments.rules import rule_words
from diurna.comments.signals import Sent
from diurna.moderation.domains import domains_of
from diurna.moderation.models import Measure, MeasureKind, MeasureOn
from diurna.moderation.models.measure import MeasureQuerySet
from diurna.moderation.moments import in_newsrooms_words, moment_words

# The name of the signal and of the policy's step.
STANDING: Final = "standing"
PLACE: Final = 5
# Long enough to be read, short enough not to be held against somebody for good.
WARNING_SHOWN: Final = timedelta(days=30)


@dataclass(frozen=True, kw_only=True)
class Bar:
    """Why somebody may not write: the measure, and `words`, which say what, until when and why.

    `sentence` has the address where to appeal besides. `until` is None for what lasts until it is
    lifted. Who has one may appeal against the measure.
    """

    measure: Measure
    until: datetime | None
    words: str

    @property
    def sentence(self) -> str:
        """All that somebody is told who can't press a link."""
        with in_newsrooms_words():
            where = _("You can read about it, and appeal, here: %(address)s")
            return f"{self.words} {where % {'address': address()}}"


def bar_of(
    *,
    user: User | None,
    guest: Guest | None,
    origin: Origin | None,
    email: str = "",
    at: datetime,
) -> Bar | None:
    """What keeps this reader from writing; None for nearly everybody.

    Of several measures the one that lasts longest. Staff are never barred. A measure about a
    network does not bar members of whom a comment stands already: they are known by more than
    where they come from.
    """
    if user is not None and user.is_staff:
        return None
    found = [
        measure
        for measure in _about(user, guest, origin, email).in_force(at)
        if _is_met(measure, user, origin, at)
    ]
    if not found:
        return None
    longest = max(found, key=lambda each: (each.ends_at is None, each.ends_at or at))
    return Bar(measure=longest, until=longest.ends_at, words=words_of(longest))


def find(sent: Sent) -> Bar | None:
    """The signal: what keeps the writer of this comment, or of this edit, from writing."""
    origin, email = sent.origin, sent.email
    if sent.edited is not None:
        origin = _origin_of(sent.edited)
        email = email or _typed_with(sent.edited)
    return bar_of(user=sent.user, guest=sent.guest, origin=origin, email=email, at=sent.at)


def words_of(measure: Measure) -> str:
    """What who is barred, or warned, reads: what, until when, by which rule and why."""
    with in_newsrooms_words():
        said = [what_of(measure), _("The rule: %(rule)s.") % {"rule": rule_words(measure.rule)}]
        if measure.reason:
            said.append(_("The reason: “%(reason)s”") % {"reason": measure.reason})
    return " ".join(said)


def told_above_form(*, user: User | None, guest: UUID | None, at: datetime) -> list[str]:
    """What stands above the reader's own form: what bars the reader, and warnings of 30 days.

    One query, for it is asked with every story; so nothing is said of networks here.
    """
    if user is not None:
        about = Q(user=user) | Q(on=MeasureOn.DOMAIN, domain__in=domains_of(user.email))
    elif guest is not None:
        about = Q(guest__uuid=guest)
    else:
        return []
    rows = Measure.objects.filter(about, lifted_at__isnull=True, began_at__lte=at)
    warned = Q(kind=MeasureKind.WARNING, began_at__gt=at - WARNING_SHOWN)
    bars = ~Q(kind=MeasureKind.WARNING) & (Q(ends_at__isnull=True) | Q(ends_at__gt=at))
    if user is not None and user.is_staff:
        bars = Q(pk__in=())
    return [words_of(each) for each in rows.filter(warned | bars)]


def address() -> str:
    """The whole address of the page of all that was decided about a reader."""
    return f"{settings.DIURNA_SITE_URL}{reverse('account_decisions')}"


def vote_refusal(user: User, at: datetime) -> str:
    """What an account that may not write is told when it votes; empty for those who may."""
    bar = bar_of(user=user, guest=None, origin=None, email=user.email, at=at)
    return bar.sentence if bar is not None else ""


def _verdict(facts: Facts) -> Verdict | None:
    bar = facts.signals.get(STANDING)
    if not isinstance(bar, Bar):
        return None
    return Verdict(STANDING, refusal=policy.Refusal.BARRED, sentence=bar.sentence)


STEP: Final = policy.Step(
    PLACE,
    STANDING,
    gettext_noop("Whoever is suspended or banned does not comment, and is told so."),
    _verdict,
)


def _about(
    user: User | None, guest: Guest | None, origin: Origin | None, email: str
) -> MeasureQuerySet:
    """Measures that may be about this reader; the networks that were typed are compared later."""
    wanted = Q(pk__in=())
    if user is not None:
        wanted |= Q(on=MeasureOn.ACCOUNT, user=user)
    elif guest is not None:
        wanted |= Q(on=MeasureOn.GUEST, guest=guest)
    if domains := domains_of(email):
        wanted |= Q(on=MeasureOn.DOMAIN, domain__in=domains)
    if names := _names(origin):
        wanted |= Q(on=MeasureOn.NETWORK) & (Q(network_name__in=names) | ~Q(network=""))
    return Measure.objects.filter(wanted)


def _names(origin: Origin | None) -> list[int]:
    if origin is None or origin.rules_rest:
        return []
    return [name for name in (origin.network, origin.earlier_network) if name is not None]


def _is_met(measure: Measure, user: User | None, origin: Origin | None, at: datetime) -> bool:
    if measure.on != MeasureOn.NETWORK:
        return True
    if measure.network:
        network: IPv4Network | IPv6Network = ip_network(measure.network)
        if names_of_network(network, at).isdisjoint(_names(origin)):
            return False
    return user is None or not _is_known(user)


def _is_known(user: User) -> bool:
    return is_confirmed(user) and Comment.objects.of(user).published().exists()


def _origin_of(edited: Comment) -> Origin | None:
    """Where the comment came from, as long as that is known."""
    if edited.network is None:
        return None
    return Origin(network=edited.network, address=edited.address, referrer=None, rules_rest=False)


def _typed_with(edited: Comment) -> str:
    contact = Contact.objects.filter(comment=edited).first()
    return contact.email if contact is not None else ""


def what_of(measure: Measure) -> str:
    """What the measure is, in a sentence for whom it is about."""
    if measure.kind == MeasureKind.WARNING:
        return _("You were warned. You can go on writing; please mind the rule.")
    until = moment_words(measure.ends_at) if measure.ends_at is not None else ""
    if measure.on == MeasureOn.NETWORK:
        return _(
            "Nobody may comment from your network until %(until)s, unless as a member of whom a"
            " comment stands here already."
        ) % {"until": until}
    if measure.on == MeasureOn.DOMAIN:
        if not until:
            return _("Nobody may comment here with an e-mail address of this domain.")
        return _(
            "Nobody may comment here with an e-mail address of this domain until %(until)s."
        ) % {"until": until}
    if measure.kind == MeasureKind.SUSPENSION or until:
        return _("You are suspended: until %(until)s you can’t write comments here.") % {
            "until": until
        }
    return _("You are banned: you can’t write comments here until this is lifted.")
