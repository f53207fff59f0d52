"""Addresses of uploaded files: one file has many, and here is what they have in common.

WordPress writes smaller copies beside each picture (`bell-300x200.jpg`), shrinks large ones
(`bell-scaled.jpg`), and names an edited one `bell-e1234567890123.jpg`; themes add `bell@2x.jpg`;
Jetpack's servers hand out `https://i0.wp.com/old.example/wp-content/uploads/bell.jpg?w=300`.
Sources: `wp_get_attachment_image_src`, `wp_save_image` and Photon's documentation.
"""

import re
from typing import Final
from urllib.parse import unquote, urlsplit

_SIZE: Final = re.compile(r"-(\d{1,5})x(\d{1,5})(?=(?:@\dx)?\.\w{2,5}$)")
_END: Final = r"(?=(?:@[234]x)?\.\w{2,5}$)"
_COPY: Final = re.compile(r"(?:-\d{1,5}x\d{1,5}|-scaled|-rotated|@[234]x)" + _END)
_VARIANT: Final = re.compile(r"(?:-\d{1,5}x\d{1,5}|-scaled|-rotated|-e\d{10,13}|@[234]x)" + _END)
_PHOTON: Final = re.compile(r"i\d\.wp\.com$")
_MAX_SUFFIXES: Final = 4
# A blog of a network keeps its files below `sites/3/`; old networks served them from `/files/`.
_UPLOADS: Final = re.compile(
    r"^(?P<base>.*?)/(?:wp-content/uploads|wp-content/blogs\.dir/\d+/files|app/uploads|files)/"
    r"(?:sites/\d+/)?(?P<below>.+)$",
    re.DOTALL,
)
_METADATA_SIZE: Final = re.compile(r'"file";s:\d+:"[^"/\\]*-(\d{1,5})x(\d{1,5})\.\w{2,5}"')
# The rest are thumbnails; a post's picture is not replaced by one.
MAX_SIZES: Final = 3


def own_address(url: str) -> str:
    """The address without what another server or a plug-in put around or behind it.

    Photon's servers carry host and path of the original in their own path; size and cut are in the
    query, which a file does not need. Anything else is handed back as it is.
    """
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
    except ValueError:
        return url
    if _PHOTON.match(host):
        inner = parts.path.lstrip("/")
        if "." not in inner.partition("/")[0] or "/" not in inner:
            return url
        return f"{'https' if 'ssl=1' in parts.query.split('&') else 'http'}://{inner}"
    if parts.query and (upload_below(parts.path) or host.endswith(".files.wordpress.com")):
        return parts._replace(query="", fragment="").geturl()
    return url


def without_size(path: str) -> str:
    """The path or address of the picture of which this is a smaller copy; the same for others."""
    return _stripped(_COPY, path)


def original_name(path: str) -> str:
    """The path or address of the file as it was uploaded, before it was shrunk or edited."""
    return _stripped(_VARIANT, path)


def size_in(path: str) -> tuple[int, int] | None:
    """Width and height in the name of a smaller copy; None for others."""
    found = _SIZE.search(path)
    return (int(found[1]), int(found[2])) if found else None


def sizes_in(metadata: str) -> str:
    """The largest smaller copies of a picture, by `_wp_attachment_metadata`: `1024x768 768x576`."""
    pairs = {(int(found[1]), int(found[2])) for found in _METADATA_SIZE.finditer(metadata)}
    largest = sorted(pairs, key=lambda pair: (-pair[0] * pair[1], pair))[:MAX_SIZES]
    return " ".join(f"{width}x{height}" for width, height in largest)


def candidates(url: str, sizes: str = "", *, listed: bool = False) -> list[str]:
    """Under which addresses the file may be, best first, its smaller copies last.

    An address that the export lists is the file itself, whatever it is called (`listed`). What an
    editor cut out later (`-e1234567890123`) was shown, so it goes before what was uploaded.
    """
    own = own_address(url)
    whole = own if listed else without_size(own)
    stem, dot, ending = whole.rpartition(".")
    found = [whole]
    if dot and "/" not in ending:
        found += [f"{stem}-scaled.{ending}"] if own != whole else []
        found += [original_name(whole)]
        found += [f"{stem}-{size}.{ending}" for size in sizes.split()]
    return list(dict.fromkeys([*found, own, url]))


def upload_below(path: str) -> str:
    """The decoded path below an uploads folder: `2008/06/bell.jpg`; empty outside of one."""
    found = _UPLOADS.match(path)
    return unquote(found["below"]) if found else ""


def upload_base(path: str) -> str:
    """The path of the site whose uploads folder this is in; `` for one at the root."""
    found = _UPLOADS.match(path)
    return found["base"] if found else ""


def _stripped(suffix: re.Pattern[str], path: str) -> str:
    for _ in range(_MAX_SUFFIXES):
        shorter = suffix.sub("", path)
        if shorter == path:
            break
        path = shorter
    return path
