"""How exports are broken in real life, each way by name, and what may be expected of a reader.

A wound in an item takes that item's text and gives what is written in its place. Wounds of the
whole file (encoding, entities, prefixes) are named here and made in `writing`.
"""

import base64
import random
import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from tests.factories.wxr import comment

LARGE_ITEM: Final = 10 * 1024 * 1024
BOMB_BYTES: Final = 128 * 1024 * 1024


class Fate(StrEnum):
    """What may be expected of the wounded item, or of the file."""

    WHOLE = "whole"
    """It comes in, and nothing needs to be said."""
    MENDED = "mended"
    """It is accounted for, created or failed, and the report names its line."""
    SKIPPED = "skipped"
    """Not imported, and the report says why."""
    REFUSED = "refused"
    """The whole file is refused before anything is written."""


@dataclass(frozen=True, slots=True)
class Wound:
    """Where a file was broken. `line` is that of the item's `<item>`; 0 for the whole file."""

    kind: str
    fate: Fate
    file: str
    line: int
    ordinal: int
    source_id: str


@dataclass(frozen=True, slots=True)
class Breakage:
    """One way of being broken. `wound` gives the items that stand in the place of one."""

    name: str
    fate: Fate
    wound: Callable[[str], list[str]] | None = None
    needs_comments: bool = False
    on_attachment: bool = False
    ends_file: bool = False


def _stray_ampersand(text: str) -> list[str]:
    return [_title(text, "Salt & vinegar &nbsp; fish &chips")]


def _stray_angle(text: str) -> list[str]:
    return [_title(text, "Fewer than < 5 boats")]


def _cut(text: str) -> list[str]:
    start = text.index("<content:encoded>")
    end = text.index("</content:encoded>")
    return [text[: start + (end - start) // 2]]


def _unclosed_tag(text: str) -> list[str]:
    return [text.replace("</wp:postmeta>", "", 1)]


def _unclosed_cdata(text: str) -> list[str]:
    return [text.replace("]]></content:encoded>", "</content:encoded>", 1)]


def _unclosed_item(text: str) -> list[str]:
    return [text.replace("</item>\n", "", 1)]


def _control(text: str) -> list[str]:
    serialized = 'O:8:"stdClass":1:{s:4:"\x00*\x00a";i:1;}'
    meta = f"<wp:postmeta><wp:meta_key>object</wp:meta_key><wp:meta_value>{serialized}"
    wounded = _in_content(text, "A bell \x07, a backspace \x08 and an escape \x1b.")
    return [wounded.replace("</item>", f"{meta}</wp:meta_value></wp:postmeta></item>", 1)]


def _surrogates(text: str) -> list[str]:
    # Half of a pair, a whole pair as CESU-8 writes it, and half of one as a reference.
    return [_in_content(_title(text, "Half &#xD83D; a smile"), "One \ud83d, two \ud83d\ude00.")]


def _split_cdata(text: str) -> list[str]:
    return [_in_content(text, "In XML, ]]]]><![CDATA[> ends a section.")]


def _nested_cdata(text: str) -> list[str]:
    return [_in_content(text, "Write <![CDATA[ before it ]]> and <em>that</em> is it.")]


def _serialized(text: str) -> list[str]:
    values = (
        'a:2:{s:5:"title";s:19:"He said "no" & left";s:4:"rows";a:1:{i:0;b:1;}}',
        'a:1:{s:4:"text";s:999:"too short";}',
        'O:8:"stdClass":1:{s:4:"name";s:6:"café";}',
        'a:1:{i:0;s:9:"line\nbreak',
    )
    rows = "".join(
        f"<wp:postmeta><wp:meta_key>serialized_{place}</wp:meta_key>"
        f"<wp:meta_value><![CDATA[{value}]]></wp:meta_value></wp:postmeta>"
        for place, value in enumerate(values)
    )
    return [text.replace("</item>", f"{rows}</item>", 1)]


def _large(text: str) -> list[str]:
    """Ten megabytes as they come about: a pasted picture, a builder's copy, a famous thread."""
    third = LARGE_ITEM // 3
    pasted = base64.b64encode(random.Random("large").randbytes(third * 3 // 4)).decode()
    picture = f'<img src="data:image/jpeg;base64,{pasted}" alt="pasted" />'
    words = "<p>All of this was said at the meeting, and then again.</p>"
    meta = (
        "<wp:postmeta><wp:meta_key>_builder_copy</wp:meta_key><wp:meta_value><![CDATA["
        f"{words * (third // len(words))}]]></wp:meta_value></wp:postmeta>"
    )
    one = comment(3_000_000_000, "I have been there as well. " * 20)
    crowd = "".join(
        comment(3_000_000_000 + place, "I have been there as well. " * 20)
        for place in range(third // len(one) + 1)
    )
    return [_in_content(text, picture).replace("</item>", f"{meta}{crowd}</item>", 1)]


def _twice(text: str) -> list[str]:
    return [text, text, _slug(_title(text, "Another story with the same number"), "same-number")]


def _same_slug(text: str) -> list[str]:
    number = int(_tag(text, "wp:post_id")) + 50
    other = re.sub(r"<wp:comment>.*</wp:comment>\s*", "", text, flags=re.S)
    other = re.sub(r"<wp:post_id>\d+<", f"<wp:post_id>{number}<", other, count=1)
    return [text, _title(other, "Another story at the same address")]


def _comments_backwards(text: str) -> list[str]:
    rows = re.findall(r"<wp:comment>.*?</wp:comment>", text, flags=re.S)
    return [text.replace("".join(rows), "".join(reversed(rows)))]


def _orphans(text: str) -> list[str]:
    return [re.sub(r"<wp:comment_parent>\d+<", "<wp:comment_parent>987654321<", text)]


def _no_address(text: str) -> list[str]:
    text = re.sub(r"<wp:attachment_url>.*?</wp:attachment_url>", "", text)
    text = re.sub(
        r"<wp:meta_value><!\[CDATA\[\d{4}/\d\d/.*?\]\]>", "<wp:meta_value><![CDATA[]]>", text
    )
    return [re.sub(r"(<guid[^>]*>).*?</guid>", r"\1</guid>", text)]


def _zero_dates(text: str) -> list[str]:
    zero = "0000-00-00 00:00:00"
    for name in ("wp:post_date", "wp:post_date_gmt", "wp:post_modified_gmt", "wp:comment_date"):
        text = re.sub(f"<{name}>[^<]*<", f"<{name}>{zero}<", text)
    return [text]


def _zones(text: str) -> list[str]:
    text = re.sub("<wp:post_date>[^<]*<", "<wp:post_date>2019-03-31 02:30:00<", text)
    return [re.sub("<wp:post_date_gmt>[^<]*<", "<wp:post_date_gmt>2019-04-01 19:30:00<", text)]


def _warning(text: str) -> list[str]:
    return [
        "<br />\n<b>Warning</b>:  Undefined variable $post in <b>/srv/wp/export.php</b> on line "
        f"<b>12</b><br />\n{text}"
    ]


BREAKAGES: Final = {
    each.name: each
    for each in (
        Breakage("stray-ampersand", Fate.MENDED, _stray_ampersand),
        Breakage("stray-angle-bracket", Fate.MENDED, _stray_angle),
        Breakage("cut-in-the-middle", Fate.MENDED, _cut, ends_file=True),
        Breakage("unclosed-tag", Fate.MENDED, _unclosed_tag),
        Breakage("unclosed-cdata", Fate.MENDED, _unclosed_cdata),
        Breakage("unclosed-item", Fate.MENDED, _unclosed_item),
        Breakage("php-warning", Fate.WHOLE, _warning),
        Breakage("blank-line-first", Fate.WHOLE),
        Breakage("wrong-encoding", Fate.WHOLE),
        Breakage("called-latin-1", Fate.WHOLE),
        Breakage("missing-encoding", Fate.WHOLE),
        Breakage("control-characters", Fate.MENDED, _control),
        Breakage("lone-surrogates", Fate.MENDED, _surrogates),
        Breakage("cdata-split", Fate.WHOLE, _split_cdata),
        Breakage("cdata-nested", Fate.MENDED, _nested_cdata),
        Breakage("other-prefixes", Fate.WHOLE),
        Breakage("missing-version", Fate.WHOLE),
        Breakage("serialized-meta", Fate.WHOLE, _serialized),
        Breakage("large-item", Fate.WHOLE, _large),
        Breakage("duplicate-ids", Fate.WHOLE, _twice),
        Breakage("duplicate-slugs", Fate.WHOLE, _same_slug),
        Breakage("comments-before-parents", Fate.WHOLE, _comments_backwards, needs_comments=True),
        Breakage("orphan-comments", Fate.WHOLE, _orphans, needs_comments=True),
        Breakage("attachment-without-address", Fate.SKIPPED, _no_address, on_attachment=True),
        Breakage("zero-dates", Fate.WHOLE, _zero_dates, needs_comments=True),
        Breakage("contradicting-zones", Fate.WHOLE, _zones),
        Breakage("entity-bomb", Fate.REFUSED),
        Breakage("external-entity", Fate.REFUSED),
        Breakage("zip-bomb", Fate.REFUSED),
    )
}


def _tag(text: str, name: str) -> str:
    start = text.index(f"<{name}>") + len(name) + 2
    return text[start : text.index("<", start)]


def _title(text: str, words: str) -> str:
    return re.sub(r"<title>.*?</title>", f"<title>{words}</title>", text, count=1, flags=re.S)


def _slug(text: str, words: str) -> str:
    text = re.sub(r"<link>(.*/)[^/]+/</link>", rf"<link>\g<1>{words}/</link>", text, count=1)
    return re.sub(
        r"<wp:post_name>.*?</wp:post_name>", f"<wp:post_name>{words}</wp:post_name>", text, count=1
    )


def _in_content(text: str, words: str) -> str:
    """These words as a paragraph of their own at the start of the text."""
    start = text.index("<content:encoded><![CDATA[") + len("<content:encoded><![CDATA[")
    return f"{text[:start]}<p>{words}</p>\n\n{text[start:]}"
