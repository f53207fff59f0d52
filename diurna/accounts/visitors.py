"""Who writes: the account that is signed in, else the guest whose signed cookie the browser sends.

Only writing makes a guest. A page that is read sets no cookie, and a cookie that was tampered with
is refused instead of being taken for a stranger's.
"""

import uuid
from dataclasses import dataclass, field
from functools import lru_cache
from typing import ClassVar, Final

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.http import HttpRequest, HttpResponseBase
from django.utils.translation import gettext as _

from diurna.accounts.marker import mark_guest
from diurna.accounts.models import User
from diurna.accounts.networks import Origin, origin_of
from diurna.common.errors import Refused

# What browsers keep at most (draft-ietf-httpbis-rfc6265bis, 5.5).
GUEST_COOKIE_SECONDS: Final = 400 * 24 * 60 * 60
_SALT: Final = "diurna.guest"
_LONGEST_AGENT: Final = 500


class CookieRefused(Refused):
    """The guest's cookie was not signed by this newsroom."""

    code: ClassVar[str] = "guest_cookie"


@dataclass(frozen=True, kw_only=True)
class Visitor:
    """Who writes, and from where: exactly one of `user` and `guest` is there.

    `is_new` when the guest's cookie has to be set with the answer (`remember`).
    """

    user: User | None
    guest: uuid.UUID | None
    is_new: bool
    origin: Origin
    # For a service that the newsroom asks about spam; never stored, and not in what is logged.
    address: str = field(default="", repr=False)
    agent: str = field(default="", repr=False)

    def remember(self, response: HttpResponseBase) -> None:
        """Give a new guest its cookie, once something was stored."""
        if self.guest is None or not self.is_new:
            return
        response.set_cookie(
            settings.DIURNA_GUEST_COOKIE,
            _signer().sign(self.guest.hex),
            max_age=GUEST_COOKIE_SECONDS,
            secure=settings.SESSION_COOKIE_SECURE,
            httponly=True,
            samesite="Lax",
        )
        mark_guest(response, seconds=GUEST_COOKIE_SECONDS)


def visitor_of(request: HttpRequest) -> Visitor:
    """Who makes this (unsafe) request; raises CookieRefused for a cookie that is not ours."""
    origin = origin_of(request)
    user = request.user
    if isinstance(user, User):
        return Visitor(user=user, guest=None, is_new=False, origin=origin, **_connection(request))
    known = guest_in(request)
    return Visitor(
        user=None,
        guest=known or uuid.uuid4(),
        is_new=known is None,
        origin=origin,
        **_connection(request),
    )


def _connection(request: HttpRequest) -> dict[str, str]:
    return {
        "address": str(request.META.get("REMOTE_ADDR", "")),
        "agent": str(request.META.get("HTTP_USER_AGENT", ""))[:_LONGEST_AGENT],
    }


def guest_in(request: HttpRequest) -> uuid.UUID | None:
    """The guest whom the request's cookie names; None without one, CookieRefused for a forged one.

    A guest that was merged into an account or erased is named by its cookie all the same.
    """
    signed = request.COOKIES.get(settings.DIURNA_GUEST_COOKIE)
    return None if signed is None else guest_of(signed)


def guest_of(signed: str) -> uuid.UUID:
    """The guest whom this value of the cookie names; CookieRefused for a forged one."""
    try:
        return uuid.UUID(hex=_signer().unsign(signed))
    except (BadSignature, ValueError) as error:
        raise CookieRefused(
            _(
                "Your browser sent a guest’s cookie that this newsroom did not sign. It is dropped;"
                " please try again, and you are a new guest."
            )
        ) from error


def forget(response: HttpResponseBase) -> None:
    """Drop the guest's cookie: after a merge or an erasure, and when it was tampered with."""
    response.delete_cookie(settings.DIURNA_GUEST_COOKIE, samesite="Lax")


def _signer() -> Signer:
    return _signer_of(settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)


@lru_cache(maxsize=1)
def _signer_of(key: str, *earlier_keys: str) -> Signer:
    return Signer(key=key, salt=_SALT, fallback_keys=[*earlier_keys])
