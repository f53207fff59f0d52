"""What a file is by its first bytes: servers and names say something else often enough.

Signatures after the formats' own specifications; pictures by those that `newsroom.photo_upload`
decodes, and those that cameras and programs write but browsers do not show.
"""

import re
from typing import Final

HEAD_BYTES: Final = 1_024
_BRANDS_AVIF: Final = frozenset({b"avif", b"avis"})
_BRANDS_HEIC: Final = frozenset({b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1"})
_STARTS: Final = (
    (b"\xff\xd8\xff", "JPEG"),
    (b"\x89PNG\r\n\x1a\n", "PNG"),
    (b"GIF87a", "GIF"),
    (b"GIF89a", "GIF"),
    (b"BM", "BMP"),
    (b"II*\x00", "TIFF"),
    (b"MM\x00*", "TIFF"),
    (b"8BPS", "Photoshop"),
    (b"\x00\x00\x01\x00", "icon"),
    (b"%PDF-", "PDF"),
    (b"<?php", "PHP"),
)
_PAGE: Final = re.compile(
    rb"\s*(?:<!--.{0,400}?-->\s*)*<(?:!doctype\s+html|html|head|body|script|title|meta|div|h1)\b",
    re.IGNORECASE | re.DOTALL,
)
_DRAWING: Final = re.compile(rb"<svg\b|<!doctype\s+svg", re.IGNORECASE)
SHOWN: Final = frozenset({"JPEG", "PNG", "GIF", "WebP", "AVIF"})
OTHER_PICTURES: Final = frozenset({"HEIC", "BMP", "TIFF", "Photoshop", "icon"})
# What a browser would run if it came from the newsroom's own address.
RUN: Final = frozenset({"web page", "SVG", "PHP"})


def kind_of(head: bytes) -> str:
    """The name of the format that these first bytes begin; empty for one that is not known here."""
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "WebP"
    if head[4:8] == b"ftyp":
        if head[8:12] in _BRANDS_AVIF or b"avif" in head[16:40]:
            return "AVIF"
        return "HEIC" if head[8:12] in _BRANDS_HEIC else ""
    for start, name in _STARTS:
        if head.startswith(start):
            return name
    text = head.removeprefix(b"\xef\xbb\xbf")
    if text.lstrip()[:1] == b"<":
        if _PAGE.match(text):
            return "web page"
        if _DRAWING.search(text):
            return "SVG"
    return ""


def reason_against(name: str, kind: str, size: int, *, as_picture: bool) -> str:
    """Why a file can't come into the library, as a sentence; empty when it can, so far."""
    if size == 0:
        return f"{name} is empty."
    if kind == "web page":
        return f"{name} is a web page; the old site may answer so for a file that is gone."
    if kind == "SVG":
        return f"{name} is an SVG drawing, which can carry scripts; save it as PNG."
    if kind == "PHP":
        return f"{name} is a program; it is not kept."
    if not as_picture or kind in SHOWN:
        return ""
    if kind in OTHER_PICTURES:
        return f"{name} is a picture ({kind}) that browsers do not show; save it as JPEG or PNG."
    return f"{name} is no picture: it begins like none of {', '.join(sorted(SHOWN))}."
