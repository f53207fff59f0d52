"""What an address on the web says about whom to ask, and which addresses are not asked at all."""

from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from django.utils.translation import gettext

from diurna.common.fetch_errors import AddressRefused, shown

PORTS: Final = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True)
class Target:
    """Whom to ask for what: scheme, host (in ASCII, lower case), port, path with query."""

    scheme: str
    host: str
    port: int
    path: str

    @property
    def authority(self) -> str:
        """The host as the `Host` header has it: with its port where that is not the usual one."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == PORTS[self.scheme] else f"{host}:{self.port}"


def target_of(url: str, *, ports: frozenset[int] = frozenset()) -> Target:
    """The target of an address; AddressRefused for one that Diurna does not ask.

    Only http and https, only their own ports and `ports`, and neither name nor password.
    """
    try:
        parts = urlsplit(url)
        port = parts.port or PORTS.get(parts.scheme, 0)
        host = (parts.hostname or "").rstrip(".").encode("idna").decode("ascii").lower()
    except (ValueError, UnicodeError) as error:
        raise AddressRefused(
            gettext("%(address)s is not an address.") % {"address": shown(url)}
        ) from error
    if parts.scheme not in PORTS or not host:
        raise AddressRefused(
            gettext("%(address)s is not an address on the web.") % {"address": shown(url)}
        )
    if parts.username or parts.password:
        raise AddressRefused(
            gettext("%(host)s is given with a name or password, which is not sent.")
            % {"host": host}
        )
    if port not in ports | {80, 443}:
        raise AddressRefused(
            gettext("%(host)s is given with port %(port)s; only 80 and 443 are asked.")
            % {"host": host, "port": port}
        )
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Target(parts.scheme, host, port, path)
