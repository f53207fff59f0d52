"""E-mail domains: how they are compared, and which are too wide to be banned."""

import re
from typing import Final

from django.utils.translation import gettext as _

from diurna.common.errors import Invalid

_LABEL: Final = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
# RFC 1035, 2.3.1, with the digits of RFC 1123, 2.1; at least two labels, the last no number.
_DOMAIN: Final = re.compile(rf"(?:{_LABEL}\.)+(?!\d+$){_LABEL}")
_LONGEST: Final = 253
# Below these registries sell names: "co.uk" is as wide as "uk". No list of all of them, which
# would be a file of 200 KB to keep up, but the words that nearly all of them use.
_SOLD_BELOW: Final = frozenset({"ac", "co", "com", "edu", "gob", "gov", "ne", "net", "or", "org"})
_COUNTRY: Final = 2
# Where so many people have their mailbox that a ban hits strangers above all; the desk asks twice.
LARGE_PROVIDERS: Final = frozenset(
    {
        "126.com",
        "163.com",
        "aol.com",
        "fastmail.com",
        "free.fr",
        "gmail.com",
        "gmx.de",
        "gmx.net",
        "googlemail.com",
        "hotmail.com",
        "icloud.com",
        "libero.it",
        "live.com",
        "mail.com",
        "mail.ru",
        "me.com",
        "msn.com",
        "naver.com",
        "orange.fr",
        "outlook.com",
        "posteo.de",
        "proton.me",
        "protonmail.com",
        "qq.com",
        "rediffmail.com",
        "sapo.pt",
        "t-online.de",
        "uol.com.br",
        "web.de",
        "yahoo.co.jp",
        "yahoo.com",
        "yandex.ru",
        "ymail.com",
        "zoho.com",
    }
)


def domain_of(email: str) -> str:
    """The domain of an address, as it is compared; empty where there is none."""
    return normal(email.rpartition("@")[2]) if "@" in email else ""


def domains_of(email: str) -> list[str]:
    """The domain of an address and those above it: a ban on `b.example` holds for `a.b.example`."""
    labels = domain_of(email).split(".")
    return [".".join(labels[start:]) for start in range(len(labels) - 1)]


def normal(domain: str) -> str:
    """A domain in lower case, as the DNS has it (RFC 5890); empty for what can't be one."""
    words = domain.strip().rstrip(".").lower()
    try:
        return words if words.isascii() else words.encode("idna").decode("ascii")
    except UnicodeError:
        return ""


def clean_domain(typed: str) -> str:
    """What a moderator typed, with or without an "@"; raises Invalid for what can't be banned."""
    domain = normal(typed.strip().rpartition("@")[2])
    if len(domain) > _LONGEST or not _DOMAIN.fullmatch(domain):
        raise Invalid(_("This is no domain; please write one like example.org."))
    first, _dot, rest = domain.partition(".")
    if first in _SOLD_BELOW and len(rest) == _COUNTRY:
        raise Invalid(
            _("“%(domain)s” has the domains of a whole country below it; please be more precise.")
            % {"domain": domain}
        )
    return domain
