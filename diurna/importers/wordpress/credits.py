"""Whose a picture is: said at the end of a caption, or in the fields of plug-ins.

Only what is marked as a credit is taken for one: a word such as "Photo:" with a name after it, or
the sign ©, at the end of the caption or alone. Everything else stays in the caption.
"""

import re
from collections.abc import Mapping
from typing import Final

from diurna.importers.wordpress.dom import parse, tame_text, words

MAX_CREDIT: Final = 255
_LABELS: Final = (
    "photo(?:graph)?s?(?: credits?| courtesy(?: of)?| by)?"
    "|image(?: credits?| source| courtesy(?: of)?| by)?|picture(?: credits?| by)?|credits?|pic"
    "|foto(?:grafie|graf)?s?|bild(?:nachweis|quelle)?|crédits?(?: photo)?|cr[ée]ditos?"
    "|fotograf[íi]a|imagen|imagem|quelle|צילום|תמונה|קרדיט|تصوير|الصورة|фото|zdj(?:ęcie)?\\.?|kuva"
    "|illustration(?: by)?"
)
# "Photo by" needs no colon; a label alone does, since captions begin with "Photo of the bridge".
_LABEL: Final = (
    rf"(?:(?:{_LABELS})\s*[:：]|(?:photo(?:graph)?s?|image|picture|illustration) (?:by|courtesy of)"
    r"\b|courtesy of\b|\(c\)|©)"
)
_AT_END: Final = re.compile(
    r"(?:^|(?<=[.!?…”\"’')\]|–—-])\s*|\s[|/–—-]\s+)"
    rf"(?P<credit>{_LABEL}\s*(?P<name>[^\n()\[\]]{{2,160}}?))\s*\.?$",
    re.IGNORECASE,
)
_IN_BRACKETS: Final = re.compile(
    rf"\s*[\[(]\s*(?P<credit>{_LABEL}\s*"
    r"(?P<name>[^\[\]()]{2,160}(?:\([^\[\]()]{1,60}\))?))\s*[\])]\.?$",
    re.IGNORECASE,
)
# A name is short and no sentence: "Photo: the bridge, which fell in 1990. It was new." is none.
_SENTENCE: Final = re.compile(r"[a-zà-ÿ]{3,}[.!?]\s+\S")
MAX_WORDS: Final = 12


def split_credit(caption: str) -> tuple[str, str]:
    """A caption and the credit that ended it; the credit is empty when none is marked as such.

    "The bridge. Photo: Jane Doe / AFP" gives ("The bridge.", "Jane Doe / AFP").
    """
    if len(caption) < 5 or len(caption) > 5_000:
        return caption, ""
    tail_start = max(0, len(caption) - 260)
    tail = caption[tail_start:]
    match = _IN_BRACKETS.search(tail) or _AT_END.search(tail)
    if match is None:
        return caption, ""
    name = " ".join(match["name"].split()).strip(" .,;:")
    if not name or len(name.split()) > MAX_WORDS or _SENTENCE.search(name):
        return caption, ""
    if match["credit"].startswith("©") or match["credit"].lower().startswith("(c)"):
        name = f"© {name}"
    elif match["credit"].lower().startswith("courtesy"):
        name = match["credit"].strip(" .")
    rest = caption[: tail_start + match.start()].rstrip(" \t–—|/-")
    return rest, name[:MAX_CREDIT]


def without_credit(caption: str, credit: str) -> str:
    """A caption without this credit, where it ends with it; else as it is."""
    said, found = split_credit(caption)
    return said if found and found.casefold() == credit.casefold() else caption


def caption_and_credit(caption: str, meta: Mapping[str, str]) -> tuple[str, str]:
    """The caption and the credit of an attachment: the field of a plug-in, else its caption's end.

    A caption that ends with another credit than the field's stays whole. The caption may be HTML;
    it comes back as plain text.
    """
    field = credit_in_fields(meta)
    if "<" in caption or "&" in caption:
        caption = words(parse(tame_text(caption)))
    return (without_credit(caption, field), field) if field else split_credit(caption)


# Newspack and Navis Media Credit, Media Credit, Image Source Control, FSM Custom Featured Image,
# and the field of Bimber's theme.
_FIELDS: Final = (
    "_media_credit",
    "media_credit",
    "isc_image_source",
    "_wp_attachment_image_credit",
    "_wp_attachment_credit",
    "_credit",
    "credit",
    "photo_credit",
    "_photo_credit",
    "image_credit",
    "_image_credit",
    "_bimber_image_source",
    "be_photographer_name",
    "photographer_name",
)
_ORGANISATION: Final = ("_navis_media_credit_org", "media_credit_org")


def credit_in_fields(meta: Mapping[str, str]) -> str:
    """Whose a picture is by the fields of its attachment: "Jane Doe / AFP"; empty for none."""
    name = next((value for key in _FIELDS if (value := _plain(meta.get(key, "")))), "")
    organisation = next((v for key in _ORGANISATION if (v := _plain(meta.get(key, "")))), "")
    if organisation.casefold() in name.casefold():
        organisation = ""
    return " / ".join(part for part in (name, organisation) if part)[:MAX_CREDIT]


def _plain(value: str) -> str:
    # Values of plug-ins may be serialized lists or HTML; neither is a name.
    text = " ".join(re.sub(r"<[^>]{0,500}>", "", value).split())
    return "" if re.match(r"[abOis]:\d", text) or text.isdecimal() else text
