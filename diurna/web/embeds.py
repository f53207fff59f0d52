"""Players of other sites: from the address that a reader would open to the one that is framed.

Pure. The hosts are the only ones that the content security policy lets into a frame; what is not
listed stays a plain link.
"""

import re
from typing import Final
from urllib.parse import parse_qs, urlencode, urlsplit

# What a page of these players may be framed from (`frame-src`).
PLAYER_HOSTS: Final = (
    "www.youtube-nocookie.com",
    "player.vimeo.com",
    "www.openstreetmap.org",
)

_YOUTUBE_ID: Final = re.compile(r"[A-Za-z0-9_-]{11}")
_VIMEO_ID: Final = re.compile(r"[0-9]{1,12}")


def player_address(address: str) -> str:
    """The address to frame for what stands at `address`; empty where no player is known."""
    parts = urlsplit(address)
    host = (parts.hostname or "").removeprefix("www.").removeprefix("m.")
    if host in {"youtube.com", "youtu.be", "youtube-nocookie.com"}:
        return _youtube(host, parts.path, parts.query)
    if host in {"vimeo.com", "player.vimeo.com"}:
        return _vimeo(parts.path)
    if host == "openstreetmap.org" and parts.path == "/export/embed.html":
        return f"https://www.openstreetmap.org/export/embed.html?{parts.query}"
    return ""


def host_of(address: str) -> str:
    """The host of an address, as people call it: without `www.`."""
    return (urlsplit(address).hostname or "").removeprefix("www.")


def _youtube(host: str, path: str, query: str) -> str:
    named = parse_qs(query)
    if host == "youtu.be":
        candidate = path.strip("/")
    elif path == "/watch":
        candidate = named.get("v", [""])[0]
    else:
        candidate = path.rstrip("/").rpartition("/")[2]
    if not _YOUTUBE_ID.fullmatch(candidate):
        return ""
    start = named.get("start", named.get("t", [""]))[0].removesuffix("s")
    options = f"?{urlencode({'start': start})}" if start.isdigit() else ""
    return f"https://www.youtube-nocookie.com/embed/{candidate}{options}"


def _vimeo(path: str) -> str:
    candidate = path.rstrip("/").rpartition("/")[2]
    if not _VIMEO_ID.fullmatch(candidate):
        return ""
    return f"https://player.vimeo.com/video/{candidate}?dnt=1"
