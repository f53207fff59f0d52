"""What readers of a post saw beside its text: recordings, live blogs, a film on top, fields.

- Podcasts (PowerPress, Seriously Simple Podcasting, WordPress itself): meta `enclosure`, of which
  the first line is the address, the third the type; also with a feed's name, `_feed:enclosure`, or
  `audio_file`. WordPress makes one of every recording that the text links to as well.
- Themes with post formats: `_format_audio_embed`, `_format_video_embed`, each an address or the
  HTML of a frame; Newspaper keeps an address in `td_post_video` and `td_post_audio`, serialized.
- Automattic's Liveblog: entries are comments of the type `liveblog`; one that takes the place of
  another names it in `liveblog_replaces`, and is empty where that one was deleted.
- Advanced Custom Fields: a field `name` has its number in `_name` (`field_...`).
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from html import escape
from typing import Final

from diurna.common.sanitise import plain_text
from diurna.importers.wordpress.attachments import Attachments, media_kind
from diurna.importers.wordpress.block_fields import says_something
from diurna.importers.wordpress.neutral import Recording
from diurna.importers.wordpress.newspack import SUBTITLES
from diurna.importers.wordpress.pictures import web_address
from diurna.importers.wordpress.records import Comment, Item
from diurna.importers.wordpress.serialized import read_php_table

_ENCLOSURE: Final = re.compile(r"(?:_[\w-]{1,80}:)?enclosure|audio_file")
_ON_TOP: Final = ("_format_video_embed", "_format_audio_embed")
_NEWSPAPER: Final = {"td_post_video": "td_video", "td_post_audio": "td_audio"}
_LIVEBLOG: Final = "liveblog"
_REPLACES: Final = "liveblog_replaces"
# Of a post's fields so many are named; its text has seldom more.
_NAMED: Final = 6
# A field with fewer letters holds a setting, not what somebody wrote.
_MIN_WRITTEN: Final = 100


def recordings(item: Item, attachments: Attachments) -> list[Recording]:
    """The sound and films that hang on a post, without those that its text shows."""
    found: dict[str, Recording] = {}
    for key, value in item.meta:
        if not _ENCLOSURE.fullmatch(key):
            continue
        lines = [line.strip() for line in value.strip().splitlines()]
        url = web_address(lines[0]) if lines else ""
        bare = url.partition("://")[2]
        if not bare or bare in item.content or escape(bare) in item.content or bare in found:
            continue
        kind = lines[2].partition("/")[0].lower() if len(lines) > 2 else ""
        kind = kind if kind in {"audio", "video"} else media_kind(url)
        if kind in {"audio", "video"}:
            known = attachments.at(url)
            found[bare] = Recording(kind, url, known.source_id if known else "")
    return list(found.values())


def on_top(item: Item) -> str:
    """The film or sound that a theme showed above the text, as HTML; empty for none."""
    meta = item.meta_by_key
    for key in _ON_TOP:
        shown = meta.get(key, "").strip()
        if shown and shown not in item.content:
            return shown
    for key, field in _NEWSPAPER.items():
        url = read_php_table(meta.get(key, "")).get(field)
        if isinstance(url, str) and url.strip() and url.strip() not in item.content:
            return url.strip()
    return ""


def live_entries(item: Item) -> list[Comment]:
    """The entries of a live blog as they stood in the end, the newest first."""
    entries: dict[str, Comment] = {}
    for comment in item.comments:
        if comment.kind != _LIVEBLOG:
            continue
        replaced = dict(comment.meta).get(_REPLACES, "")
        if replaced not in entries:
            entries[comment.source_id] = comment
        elif comment.content.strip():
            # What was written first says when it was written.
            entries[replaced] = replace(entries[replaced], content=comment.content)
        else:
            del entries[replaced]
    # Of the same minute, too, the later one comes first.
    return sorted(entries.values(), key=lambda entry: entry.date)[::-1]


def live_heading(entry: Comment) -> str:
    """When an entry was written, and by whom, as the old site said it."""
    return ", ".join(filter(None, (entry.date[:16], plain_text(entry.author))))


def fields_text(item: Item) -> tuple[str, str]:
    """The words in the fields of a post that has no text, as HTML, and a note on where from."""
    written = list(_written_fields(item))
    if not written:
        return "", ""
    names = ", ".join(key for key, _ in written[:_NAMED])
    note = f"Its own text is empty; it has the words of its fields: {names}."
    return "\n\n".join(value for _, value in written), note


def empty_note(item: Item) -> str:
    """What is said of a post that has nothing to show; where the old site may have kept it."""
    longest = max(item.meta, key=lambda pair: len(pair[1]), default=("", ""))
    if len(longest[1]) < _MIN_WRITTEN:
        return "It has no text in the export."
    return (
        f"It has no text in the export; if the old site showed one, “{longest[0]}” may hold it, "
        "which is kept with the import record."
    )


def _written_fields(item: Item) -> Iterator[tuple[str, str]]:
    # Both orders are there: older versions wrote the number behind the field, newer in front.
    numbers = {key[1:] for key, value in item.meta if key[:1] == "_" and value[:6] == "field_"}
    for key, value in item.meta:
        is_text = says_something(value, key, any_key=True) and not read_php_table(value)
        if key in numbers and key not in SUBTITLES and is_text:
            yield key, value
