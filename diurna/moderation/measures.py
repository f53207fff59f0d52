"""Warning, suspending and banning: by a moderator, with a rule and a reason, never in silence."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Any, ClassVar, Final
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from diurna.accounts.addresses import PLACEHOLDER_DOMAIN
from diurna.accounts.guests import Guest
from diurna.accounts.models import User
from diurna.accounts.network_keys import KEY_KEPT, began_at
from diurna.accounts.networks import Origin, names_of_network
from diurna.comments.models import Comment
from diurna.common.errors import Conflicting, Invalid, Refused
from diurna.delivery.surrogate import touch
from diurna.moderation import measure_letters, statements
from diurna.moderation.domains import LARGE_PROVIDERS, clean_domain, domain_of
from diurna.moderation.models import (
    Appeal,
    AppealOutcome,
    HouseRule,
    Measure,
    MeasureKind,
    MeasureOn,
    ModerationSettings,
)

MAY_IMPOSE: Final = "moderation.add_measure"
MAY_LIFT: Final = "moderation.change_measure"
# A suspension that is longer than a year is a ban, and should be called so.
MOST_DAYS: Final = 365
LONGEST_REASON: Final = 1_000
LONGEST_BECAUSE: Final = 500
# What one household, office or small host has; `accounts.networks` tells no smaller ones apart.
_PREFIXES: Final = {4: 24, 6: 48}


class NeedsConfirmation(Conflicting):
    """The measure would hit many strangers; it is imposed when it is asked for again, confirmed."""

    code: ClassVar[str] = "confirm"


@dataclass(frozen=True)
class Target:
    """Whom a measure is about, as columns of `Measure`; `latest` is when it has to end, if ever."""

    on: MeasureOn
    columns: dict[str, Any]
    latest: datetime | None = None


def impose(
    *,
    kind: MeasureKind,
    on: MeasureOn,
    moderator: User,
    rule: str,
    reason: str,
    days: int | None = None,
    user: User | None = None,
    guest: Guest | None = None,
    domain: str = "",
    network: str = "",
    network_of: Comment | None = None,
    comment: Comment | None = None,
    origin: Origin | None = None,
    confirmed: bool = False,
    at: datetime | None = None,
) -> Measure:
    """Warn, suspend or ban, with a statement of reasons and a letter to a confirmed address.

    Exactly what `on` names is given: `user`, `guest`, `domain`, or a network as `network` (a /24 or
    /48, or an address in it) or as `network_of`, the one that comment came from. `days` is for what
    ends: every suspension, and everything about a network. `origin` is where the moderator is, who
    is not to shut out everybody in the own office. Raises Refused, Invalid, Conflicting where the
    same is in force, and NeedsConfirmation for domains of large mail providers.
    """
    at = at or timezone.now()
    if not moderator.has_perm(MAY_IMPOSE):
        raise Refused(_("Your role does not decide about readers; please ask a moderator."))
    if not HouseRule.objects.filter(word=rule).exists():
        # The public log shows it, so it can't be any word: not a name, for instance.
        raise Invalid(_("There is no such house rule; please choose one of the list."))
    words = _reason(reason)
    target = _target(on, user, guest, domain, network, network_of, at)
    _demand_sense(kind, target, moderator, origin, at)
    if not confirmed:
        _demand_small(target)
    ends_at = _end(kind, target, days, at)
    with transaction.atomic():
        _lock(target)
        _demand_new(kind, target, at)
        measure = Measure.objects.create(
            kind=kind,
            on=on,
            **target.columns,
            rule=rule,
            reason=words,
            comment=comment or network_of,
            moderator=moderator,
            began_at=at,
            ends_at=ends_at,
        )
        statement = statements.state_measure(measure)
        measure_letters.tell_of_statement(statement, at)
        touch("moderation-log", "moderation-numbers")
    return measure


def lift(*, measure: Measure, moderator: User, because: str, at: datetime | None = None) -> Measure:
    """End a measure before its time; who it is about is told.

    Raises Refused for who may not, also while somebody else is to answer an appeal against it,
    Invalid without a reason, Conflicting where it is lifted or over by now.
    """
    at = at or timezone.now()
    if not moderator.has_perm(MAY_LIFT):
        raise Refused(_("Your role does not decide about readers; please ask a moderator."))
    if measure.user_id == moderator.pk:
        raise Refused(_("This is about yourself; somebody else has to decide."))
    words = " ".join(because.replace("\0", "").split())
    if not words:
        raise Invalid(_("Please say in a few words why it is lifted; the reader is told."))
    with transaction.atomic():
        # An appeal that arrives meanwhile waits for this, or is found here.
        Measure.objects.select_for_update().filter(pk=measure.pk).first()
        if Appeal.objects.filter(statement__measure=measure, outcome=AppealOutcome.OPEN).exists():
            raise Refused(_("The reader has appealed against this; please answer the appeal."))
        end(measure=measure, moderator=moderator, because=words, at=at)
        measure_letters.tell_of_lifting(measure, at)
    return measure


def end(*, measure: Measure, moderator: User, because: str, at: datetime) -> None:
    """Have a measure hold no longer; inside the caller's transaction, which tells the reader.

    Raises Conflicting where somebody was quicker.
    """
    open_ones = Measure.objects.filter(
        Q(ends_at__isnull=True) | Q(ends_at__gt=at), pk=measure.pk, lifted_at__isnull=True
    )
    values = {
        "lifted_at": at,
        "lifted_by": moderator,
        "lifted_because": because[:LONGEST_BECAUSE],
    }
    if not open_ones.update(**values):
        raise Conflicting(_("This measure is lifted or over already."))
    touch("moderation-log", "moderation-numbers")
    for name, value in values.items():
        setattr(measure, name, value)


def _reason(typed: str) -> str:
    words = " ".join(typed.replace("\0", "").split())
    if not words:
        raise Invalid(_("Please write a reason; whom it is about reads it."))
    if len(words) > LONGEST_REASON:
        raise Invalid(
            _("A reason has at most %(limit)d characters; please shorten it.")
            % {"limit": LONGEST_REASON}
        )
    return words


def _target(
    on: MeasureOn,
    user: User | None,
    guest: Guest | None,
    domain: str,
    network: str,
    network_of: Comment | None,
    at: datetime,
) -> Target:
    given = [bool(each) for each in (user, guest, domain, network, network_of)]
    if sum(given) != 1:
        raise Invalid(_("A measure is about one thing; please choose whom."))
    if on == MeasureOn.ACCOUNT and user is not None:
        return Target(on, {"user": user})
    if on == MeasureOn.GUEST and guest is not None:
        return Target(on, {"guest": guest})
    if on == MeasureOn.DOMAIN and domain:
        return Target(on, {"domain": clean_domain(domain)})
    if on == MeasureOn.NETWORK and network:
        return Target(on, {"network": str(_network(network))})
    if on == MeasureOn.NETWORK and network_of is not None:
        return _target_of_comment(network_of, at)
    raise Invalid(_("A measure is about one thing; please choose whom."))


def _target_of_comment(comment: Comment, at: datetime) -> Target:
    """The network by the HMAC that the comment has, which means nothing once its key is gone."""
    latest = began_at(comment.created_at) + KEY_KEPT
    if comment.network is None or latest <= at:
        raise Refused(
            _("From where this comment came is no longer known: it is forgotten after 30 days.")
        )
    return Target(MeasureOn.NETWORK, {"network_name": comment.network}, latest)


def _unmapped(typed: str) -> str:
    """The IPv4 address that one of IPv6 stands for (RFC 4291, 2.5.5.2); others as they are."""
    try:
        address = ip_address(typed)
    except ValueError:
        return typed
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return str(mapped or address)


def _network(typed: str) -> IPv4Network | IPv6Network:
    try:
        network = ip_network(_unmapped(typed.strip()), strict=False)
    except ValueError:
        raise Invalid(
            _("This is no network; please write one like 203.0.113.0/24 or 2001:db8:1234::/48.")
        ) from None
    # Before it is widened: the /48 of “::1” is more than this computer.
    if network.is_loopback or network.is_link_local or network.is_multicast:
        raise Invalid(_("No reader comes from this network."))
    prefix = _PREFIXES[network.version]
    if network.prefixlen == network.max_prefixlen:
        network = network.supernet(new_prefix=prefix)
    if network.prefixlen < prefix:
        raise Invalid(
            _("This network is too wide; a /24 (or /48 of IPv6) is the most that can be barred.")
        )
    if network.prefixlen > prefix:
        raise Invalid(
            _("Networks are told apart by /24 (or /48 of IPv6) only; please write that one.")
        )
    return network


def _demand_sense(
    kind: MeasureKind, target: Target, moderator: User, origin: Origin | None, at: datetime
) -> None:
    """Raise Refused or Invalid for what would hit nobody, oneself, or the newsroom."""
    user = target.columns.get("user")
    if user is not None and user.pk == moderator.pk:
        raise Refused(_("This is your own account; nobody decides about themselves."))
    if user is not None and (user.is_staff or user.is_superuser):
        raise Refused(
            _("This account belongs to the newsroom; an administrator takes its role away first.")
        )
    if kind == MeasureKind.WARNING and target.on not in (MeasureOn.ACCOUNT, MeasureOn.GUEST):
        raise Invalid(_("A warning goes to a reader; please suspend or ban instead."))
    if target.on == MeasureOn.DOMAIN and target.columns["domain"] in _own_domains(moderator):
        raise Refused(_("This is the newsroom’s own domain, or yours."))
    if target.on == MeasureOn.NETWORK and _is_from(target, origin, at):
        raise Refused(_("You come from this network yourself, and so may your colleagues."))


def _own_domains(moderator: User) -> frozenset[str]:
    own = {
        PLACEHOLDER_DOMAIN,
        urlsplit(settings.DIURNA_SITE_URL).hostname or "",
        domain_of(settings.DEFAULT_FROM_EMAIL.rstrip(">")),
    }
    # A moderator with a mailbox at a large provider may still decide about it, when confirmed.
    return frozenset(own | ({domain_of(moderator.email)} - LARGE_PROVIDERS))


def _is_from(target: Target, origin: Origin | None, at: datetime) -> bool:
    if origin is None:
        return False
    own = {origin.network, origin.earlier_network} - {None}
    if "network_name" in target.columns:
        return target.columns["network_name"] in own
    return not names_of_network(ip_network(target.columns["network"]), at).isdisjoint(own)


def _end(kind: MeasureKind, target: Target, days: int | None, at: datetime) -> datetime | None:
    """When it ends; None for what does not."""
    has_end = kind == MeasureKind.SUSPENSION or target.on == MeasureOn.NETWORK
    if not has_end:
        if days is not None:
            raise Invalid(
                _("Only a suspension has an end; a warning has none, and a ban lasts until lifted.")
            )
        return None
    if days is None or not 1 <= days <= MOST_DAYS:
        raise Invalid(_("Please say for how many days, 1 to %(most)d.") % {"most": MOST_DAYS})
    ends_at = at + timedelta(days=days)
    return ends_at if target.latest is None else min(ends_at, target.latest)


def _lock(target: Target) -> None:
    """Have a second moderator who presses the same button wait, on PostgreSQL, and find this."""
    if (user := target.columns.get("user")) is not None:
        User.objects.select_for_update().filter(pk=user.pk).first()
    elif (guest := target.columns.get("guest")) is not None:
        Guest.objects.select_for_update().filter(pk=guest.pk).first()
    else:
        # A domain or a network has no row of its own; these measures are rare.
        ModerationSettings.objects.select_for_update().first()


def _demand_small(target: Target) -> None:
    """Raise NeedsConfirmation for the domain of a large mail provider."""
    if target.columns.get("domain") in LARGE_PROVIDERS:
        raise NeedsConfirmation(
            _(
                "Very many people have their mailbox at “%(domain)s”, and all of them would be shut"
                " out; please confirm that you mean it."
            )
            % {"domain": target.columns["domain"]}
        )


def _demand_new(kind: MeasureKind, target: Target, at: datetime) -> None:
    if kind == MeasureKind.WARNING:
        return
    same = Measure.objects.filter(kind=kind, on=target.on, **target.columns)
    if same.in_force(at).exists():
        raise Conflicting(_("The same is in force already; please lift that first."))
