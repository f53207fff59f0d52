"""Akismet: asked about new comments where the newsroom has a key, and told what moderators decide.

It is asked before the transaction begins, for a second and a half at most; what goes wrong there
gives no answer and stops nobody from writing. It gets the comment, its writer's name, website,
e-mail and network address and browser (none of which stay here longer than they did), so the form
says so. Nothing of that is logged. Source: Akismet's API, version 1.1 ("comment check", "submit
spam", "submit ham").
"""

import hashlib
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from diurna.comments.models import Comment
from diurna.comments.signals import Sent
from diurna.common.http_client import FetchFailed, GuardedClient, UnwantedStatus
from diurna.moderation.akismet_need import is_decided_without
from diurna.moderation.breaker import Breaker
from diurna.moderation.models import AkismetAsked, AkismetCheck, AkismetVerdict, ModerationSettings
from diurna.moderation.spam_steps import Answer

logger = logging.getLogger(__name__)

# A reader who presses "post" waits so long at most; most answers take a fifth of that.
PATIENCE_SECONDS: Final = 1.5
# After so many failures in a row it is left alone for a while: a service that hangs costs a few
# readers a second and a half, and not everybody.
FAILURES_IN_A_ROW: Final = 3
REST_SECONDS: Final = 300.0
_MOST_BYTES: Final = 10_000
_SILENT: Final = frozenset(
    {HTTPStatus.BAD_GATEWAY, HTTPStatus.SERVICE_UNAVAILABLE, HTTPStatus.GATEWAY_TIMEOUT}
)
_NO_KEY: Final = frozenset({HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN})
# What asking again with the same key would not change.
_FOR_GOOD: Final = frozenset({AkismetVerdict.BAD_KEY, AkismetVerdict.OVER_QUOTA})

breaker: Final = Breaker(most=FAILURES_IN_A_ROW, rest=REST_SECONDS)


@dataclass(frozen=True, slots=True)
class Told:
    """What came of a call: the verdict on Akismet itself, and its answer where it works."""

    verdict: AkismetVerdict
    answer: Answer | None = None


def has_key() -> bool:
    """Whether this installation has a key and may use it; a copy of a site asks nobody."""
    return bool(settings.DIURNA_AKISMET_KEY) and not settings.DIURNA_COPY


def is_on() -> bool:
    """Whether comments are sent there: with a key, unless the desk has switched it off."""
    return has_key() and ModerationSettings.current().akismet


def find(sent: Sent) -> Answer | None:
    """The signal: what Akismet says of a comment that is sent; None where it is not asked or fails.

    It is not asked about edits (the writer's address is not known then) nor about staff, nor where
    the comment would not be taken, or is refused as spam, without it (`is_decided_without`). So it
    is asked as often as comments are stored, and not as often as somebody presses "post".
    """
    is_staff = sent.user is not None and sent.user.is_staff
    if is_staff or sent.edited is not None or not sent.address or not is_on():
        return None
    # Last of all `may_ask`: whoever it lets try after a rest has to.
    if is_decided_without(sent) or not breaker.may_ask():
        return None
    told = call("comment-check", _fields_of(sent))
    note(told.verdict)
    return told.answer


def keep(comment: Comment, _answer: Answer) -> None:
    """Remember that it has answered about this comment: of no other it is told what became."""
    AkismetAsked.objects.create(comment=comment)


def call(what: str, fields: Mapping[str, str], *, client: GuardedClient | None = None) -> Told:
    """Send one request, with key and site; never raises for what another machine does."""
    client = client or _client()
    everything = {
        "api_key": settings.DIURNA_AKISMET_KEY or "",
        "blog": f"{settings.DIURNA_SITE_URL}/",
        "blog_lang": (get_language() or "en").replace("-", "_"),
        "blog_charset": "UTF-8",
        **({"is_test": "1"} if settings.DIURNA_DEMO else {}),
        **fields,
    }
    try:
        answer = client.post_form(f"{settings.DIURNA_AKISMET_API}/1.1/{what}", everything)
    except UnwantedStatus as refusal:
        return Told(_verdict_on(refusal.answered))
    except FetchFailed:
        return Told(AkismetVerdict.SILENT)
    word = answer.body.strip().lower()
    if word in (b"true", b"false"):
        is_sure = answer.headers.get("x-akismet-pro-tip", "").strip().lower() == "discard"
        is_spam = word == b"true"
        return Told(AkismetVerdict.WORKS, Answer(is_spam=is_spam, is_sure=is_spam and is_sure))
    if word == b"invalid":
        return Told(AkismetVerdict.BAD_KEY)
    is_thanks = what.startswith("submit-") and word.startswith(b"thanks")
    return Told(AkismetVerdict.WORKS if is_thanks else AkismetVerdict.WRONG)


def note(verdict: AkismetVerdict) -> None:
    """Remember whether Akismet works: for the breaker, and for the desk and `diurna doctor`."""
    works = verdict == AkismetVerdict.WORKS
    if works:
        breaker.worked()
    elif breaker.failed(for_good=verdict in _FOR_GOOD):
        logger.warning(
            "Akismet is left alone for %.0f minutes: %s.", REST_SECONDS / 60, verdict.value
        )
    last = _last_check()
    if last is None or last.verdict != verdict or not works:
        _store(verdict, last)


def trouble() -> AkismetCheck | None:
    """The last check of the key in force, if it failed; None without a key and while it works."""
    last = _last_check() if has_key() else None
    return last if last is not None and last.verdict != AkismetVerdict.WORKS else None


def works() -> bool:
    """Whether Akismet has answered with the key in force."""
    last = _last_check()
    return last is not None and last.verdict == AkismetVerdict.WORKS


def sentence_about(check: AkismetCheck) -> str:
    """What is wrong and what to do, for the desk and for `diurna doctor`."""
    remedies = {
        AkismetVerdict.BAD_KEY: _("look at the key in your account there and set AKISMET_API_KEY"),
        AkismetVerdict.OVER_QUOTA: _("wait for the next month, or ask Akismet for a larger plan"),
        AkismetVerdict.SILENT: _("see whether this machine reaches rest.akismet.com by HTTPS"),
        AkismetVerdict.WRONG: _("see whether something between this machine and Akismet answers"),
    }
    return _(
        "%(what)s since %(since)s UTC (%(failed)d times), so comments go without it: %(remedy)s."
    ) % {
        "what": AkismetVerdict(check.verdict).label,
        "since": f"{check.since:%d %b %H:%M}",
        "failed": check.failed,
        "remedy": remedies[AkismetVerdict(check.verdict)],
    }


def _fields_of(sent: Sent) -> dict[str, str]:
    return {
        "user_ip": sent.address,
        "user_agent": sent.agent,
        "permalink": f"{settings.DIURNA_SITE_URL}{sent.article.address_path()}",
        "comment_type": "comment",
        "comment_author": sent.name,
        "comment_author_email": sent.email,
        "comment_author_url": sent.website,
        "comment_content": sent.body,
        "comment_date_gmt": f"{sent.at:%Y-%m-%dT%H:%M:%SZ}",
    }


def _client() -> GuardedClient:
    return GuardedClient(max_bytes=_MOST_BYTES, total_seconds=PATIENCE_SECONDS)


def _verdict_on(status: int) -> AkismetVerdict:
    if status in _NO_KEY:
        return AkismetVerdict.BAD_KEY
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        return AkismetVerdict.OVER_QUOTA
    return AkismetVerdict.SILENT if status in _SILENT else AkismetVerdict.WRONG


def _last_check() -> AkismetCheck | None:
    return AkismetCheck.objects.filter(key_hash=_key_hash()).first()


@transaction.atomic
def _store(verdict: AkismetVerdict, last: AkismetCheck | None) -> None:
    now = timezone.now()
    failed = int(verdict != AkismetVerdict.WORKS)
    if last is not None and last.verdict == verdict:
        AkismetCheck.objects.filter(pk=last.pk).update(asked_at=now, failed=F("failed") + failed)
        return
    AkismetCheck.objects.update_or_create(
        pk=1,
        defaults={
            "key_hash": _key_hash(),
            "verdict": verdict,
            "since": now,
            "asked_at": now,
            "failed": failed,
        },
    )


def _key_hash() -> str:
    return hashlib.sha256((settings.DIURNA_AKISMET_KEY or "").encode()).hexdigest()
