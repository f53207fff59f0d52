"""Shortcodes as blocks: WordPress's own, those of other sites' things, and of page builders.

Each text is read once. What becomes a block leaves a marker in the text, which `HtmlBlocks` puts
the block in place of; what only arranged vanishes; what nobody explains stays as words.
"""

import base64
import binascii
import json
import re
from html import escape, unescape
from typing import Final
from urllib.parse import unquote

from diurna.importers.wordpress import page_builders as builders
from diurna.importers.wordpress.attachments import Attachments, media_kind
from diurna.importers.wordpress.core_shortcodes import NUMBERS, CoreShortcodes
from diurna.importers.wordpress.dom import tame_text
from diurna.importers.wordpress.embed_shortcodes import embed_from, is_embed
from diurna.importers.wordpress.embeds import embed_at, provider_of
from diurna.importers.wordpress.footnotes import NAMES as FOOTNOTES
from diurna.importers.wordpress.footnotes import Footnotes
from diurna.importers.wordpress.html_blocks import HtmlBlocks
from diurna.importers.wordpress.neutral import (
    Code,
    Gallery,
    MappedBlock,
    Picture,
    Recording,
)
from diurna.importers.wordpress.pictures import picture_of
from diurna.importers.wordpress.shortcodes import CORE, Shortcode, Token, tokens

_OWN_TABLES: Final = frozenset(
    "nggallery ngg ngg_images nggalbum nggtags nggtag album imagebrowser singlepic foogallery "
    "envira-gallery modula soliloquy metaslider ml-slider rev_slider layerslider table tablepress "
    "wpdatatable ninja_tables".split()
)
_ENCODED: Final = frozenset({"vc_raw_html", "fusion_code", "fusion_syntax_highlighter"})
_CODES: Final = frozenset({"code", "sourcecode", "crayon"})
_FRAMED: Final = frozenset({"fusion_imageframe", "imageframe"})
_PROGRAMS: Final = frozenset({"vc_raw_js"})
_BUTTON: Final = re.compile(r"(?:^|_)(?:buttons?|btn|cta|call_to_action)(?:\d)?$")
_QUOTE: Final = re.compile(r"(?:^|_)(?:block|pull)?quote$")
_SPEAKERS: Final = ("author", "author_name", "cite", "name")
_TITLE: Final = re.compile(r"(?:^|_)(?:heading|headline|title|text_title)$")
_FILM: Final = re.compile(r"video|audio|youtube|vimeo|film|player|media")
_INPUT: Final = re.compile(r'<input\b[^>]{0,200}?\bvalue="([^"]*)"[^>]{0,200}>')
# As much of what a builder encloses is looked at to see whether it says anything.
_LOOKED_AT: Final = 20_000
# Nobody nests captions; a text that does is no reason to go on for ever.
MAX_NESTING: Final = 3


class ShortcodeBlocks:
    """Expands the shortcodes of one text. `owner` is its post, for galleries without numbers."""

    def __init__(
        self, attachments: Attachments, owner: str, notes: list[str], footnotes: Footnotes
    ) -> None:
        self._attachments = attachments
        self._notes = notes
        self._footnotes = footnotes
        self._depth = 0
        self._core = CoreShortcodes(attachments, owner, self._note, self._build_inner)
        self._markers: list[list[MappedBlock]] = []

    def build(self, html: str, *, paragraphs: bool) -> list[MappedBlock]:
        """The blocks of a piece of HTML in which there may be shortcodes."""
        outer, self._markers = self._markers, []
        try:
            text = self._expand(html) if "[" in html else html
            return HtmlBlocks(self._attachments, self._notes, self._markers).build(
                text, paragraphs=paragraphs
            )
        finally:
            self._markers = outer

    def _note(self, sentence: str) -> None:
        if sentence not in self._notes:
            self._notes.append(sentence)

    def _mark(self, blocks: list[MappedBlock]) -> str:
        if not blocks:
            return "\n\n"
        self._markers.append(blocks)
        return f'\n\n<figure data-marker="{len(self._markers) - 1}"></figure>\n\n'

    def _expand(self, text: str) -> str:
        found = tokens(text)
        endings: dict[int, str] = {}
        pieces: list[str] = []
        position = index = 0
        while index < len(found):
            token, place = found[index], index
            index += 1
            if token.start < position:
                continue
            if token.is_literal:
                pieces += [text[position : token.start], text[token.start + 1 : token.end - 1]]
                position = token.end
                continue
            inner_end = found[token.end_at].start if token.end_at >= 0 else token.end
            if self._takes_inner(token):
                pieces.append(text[position : token.start])
                position = token.end
                if token.end_at >= 0:
                    position, index = found[token.end_at].end, token.end_at + 1
                pieces.append(self._content(token.shortcode(text[token.end : inner_end])))
                continue
            inner = text[token.end : min(inner_end, token.end + _LOOKED_AT)]
            replacement = self._ending(token, place, endings)
            if replacement is None and not token.is_closer:
                replacement, ending = self._opening(token, inner)
                if ending is not None and token.end_at >= 0:
                    endings[token.end_at] = ending
            if replacement is not None:
                pieces += [text[position : token.start], replacement]
                position = token.end
        pieces.append(text[position:])
        return "".join(pieces)

    def _takes_inner(self, token: Token) -> bool:
        if token.is_closer:
            return False
        if token.name in CORE or token.name in _ENCODED | _PROGRAMS | _FRAMED:
            return True
        if token.name in FOOTNOTES or token.name in _CODES:
            return token.end_at >= 0
        return is_embed(token.name) and (token.end_at >= 0 or bool(token.attributes.strip(" /")))

    def _ending(self, token: Token, place: int, endings: dict[int, str]) -> str | None:
        """What stands for an end; None when it is words. `endings` are those that were promised."""
        if not token.is_closer:
            return None
        if place in endings:
            return endings[place]
        name = token.name
        known = builders.is_family(name) or builders.is_site_part(name) or name in CORE
        return _gap(name) if known else None

    def _opening(self, token: Token, inner: str) -> tuple[str | None, str | None]:
        """What stands for an opening and for its end; None and None when they are words."""
        name = token.name
        if builders.is_family(name) or (builders.is_shared(name) and token.is_meant):
            return self._wrapper(token, inner)
        if builders.is_bare_rule(name) and not token.is_meant:
            return "\n\n<hr>\n\n" if builders.is_rule(name) else "\n\n", ""
        if builders.is_site_part(name) and (token.is_meant or not builders.is_word(name)):
            self._left_out(name)
            return _gap(name), _gap(name)
        if token.is_meant:
            self._note(f"Left as words, since it belongs to a plug-in: the shortcode [{name}].")
        return None, None

    def _left_out(self, name: str) -> None:
        if name in _OWN_TABLES:
            why = "what it shows lies in tables of a plug-in, which no export carries"
        else:
            why = "it shows a part of the old site and no words of its own"
        self._note(f"Left out, since {why}: the shortcode [{name}].")

    def _wrapper(self, token: Token, inner: str) -> tuple[str, str]:
        name = token.name
        gap = _gap(name)
        if name == "siteorigin_widget" and (stored := _INPUT.search(inner)):
            return f"{gap}{_widget_words(stored[1])}{gap}", gap
        if builders.is_site_part(name):
            if not inner.strip():
                self._left_out(name)
            return gap, gap
        shortcode = token.shortcode(inner)
        said = self._attributes(shortcode)
        if builders.is_rule(name):
            return f"{gap}{said}<hr>{gap}" if not inner.strip() else f"{gap}{said}", gap
        if not said and not inner.strip() and not builders.only_arranges(name):
            self._left_out(name)
        start, end = _around(shortcode) if inner.strip() else ("", "")
        return f"{gap}{said}{start}", f"{end}{gap}"

    def _attributes(self, shortcode: Shortcode) -> str:
        """What a reader saw of a builder's attributes, as HTML and markers."""
        given = {key: _plain_value(value) for key, value in shortcode.attributes.items()}
        pieces: list[str] = []
        if pictures := self._pictures(given):
            one = len(pictures) == 1
            pieces.append(self._mark([pictures[0]] if one else [Gallery(tuple(pictures))]))
        if _FILM.search(shortcode.name):
            pieces += [self._mark([film]) for film in self._films(given)][:1]
        is_button = _BUTTON.search(shortcode.name) is not None
        if is_button:
            link = _link_in(given)
            label = next(
                (given[k] for k in ("text", "title", *builders.BUTTON_TEXTS) if k in given), ""
            )
            return "".join(pieces) + (_anchor(link, label) if label else "")
        is_title = _TITLE.search(shortcode.name) is not None
        for key in (*builders.HEADINGS, *(("text",) if is_title else ())):
            if value := given.get(key):
                pieces.append(f"<h3>{value}</h3>")
        for key in builders.TEXTS:
            if key in _SPEAKERS and _QUOTE.search(shortcode.name):
                continue  # It stands below the words, see `_around`.
            if (value := given.get(key)) and not (is_title and key == "text"):
                pieces.append(f"<p>{value}</p>")
        label = next((given[key] for key in builders.BUTTON_TEXTS if given.get(key)), "")
        if label:
            pieces.append(_anchor(_link_in(given), label))
        return "".join(pieces)

    def _framed(self, shortcode: Shortcode) -> str:
        """A picture whose address is what the shortcode encloses."""
        inner = re.sub(r"<[^<>]*>", "", shortcode.inner).strip()
        pictures = self._pictures({**shortcode.attributes, "src": inner})
        return self._mark([pictures[0]]) if pictures else self._rest(shortcode)

    def _pictures(self, given: dict[str, str]) -> list[Picture]:
        for key in builders.IMAGES:
            # Avada writes the size behind the number: `7|full`.
            value = given.get(key, "").strip().partition("|")[0]
            if re.fullmatch(r"\d+(?:\s*,\s*\d+)*", value):
                found = [self._attachments.get(number) for number in NUMBERS.findall(value)]
                pictures = [a for a in found if a is not None and a.media_kind == "picture"]
                if pictures:
                    return [picture_of(attachment) for attachment in pictures]
            elif value.startswith(("https://", "http://", "/")) and _kind(value) == "picture":
                known = self._attachments.at(value)
                alt = given.get("alt", "") or given.get("image_alt", "")
                return [picture_of(known)] if known else [Picture(value, "", unescape(alt))]
        return []

    def _films(self, given: dict[str, str]) -> list[MappedBlock]:
        films: list[MappedBlock] = []
        for key in builders.FILMS:
            url = given.get(key, "").strip()
            if provider_of(url) and (embed := embed_at(url)):
                films.append(embed)
            elif url.startswith(("https://", "http://", "/")) and _kind(url) in {"audio", "video"}:
                known = self._attachments.at(url)
                films.append(Recording(_kind(url), url, known.source_id if known else ""))
        return films

    def _content(self, shortcode: Shortcode) -> str:
        """What stands for a shortcode that is known together with what it encloses."""
        name = shortcode.name
        if name in FOOTNOTES:
            return self._footnotes.reference(shortcode.inner)
        if name in _CODES:
            given = shortcode.attributes
            language = given.get("lang") or given.get("language", "")
            code = unescape(shortcode.inner).strip("\r\n").rstrip()
            return self._mark([Code(code, language[:40])] if code else [])
        if name in _ENCODED:
            return f"\n\n{_decoded(shortcode.inner)}\n\n"
        if name in _FRAMED:
            return self._framed(shortcode)
        if name in _PROGRAMS:
            self._note(f"Left out, since it is a program: the shortcode [{name}].")
            return "\n\n"
        if name in {"caption", "wp_caption"}:
            return self._mark(self._core.caption(shortcode))
        if name == "gallery":
            return self._mark(self._core.gallery(shortcode)) + self._rest(shortcode)
        if name == "playlist":
            return self._mark(self._core.playlist(shortcode)) + self._rest(shortcode)
        if name in {"audio", "video"}:
            return self._mark(self._core.recording(shortcode))
        return self._embed(shortcode)

    def _rest(self, shortcode: Shortcode) -> str:
        """What an end encloses that belongs to a shortcode which encloses nothing."""
        return self._expand_inner(shortcode.inner) if shortcode.inner.strip() else ""

    def _expand_inner(self, text: str) -> str:
        if self._depth >= MAX_NESTING:
            return text
        self._depth += 1
        try:
            return self._expand(text)
        finally:
            self._depth -= 1

    def _build_inner(self, html: str) -> list[MappedBlock]:
        if self._depth >= MAX_NESTING:
            return HtmlBlocks(self._attachments, self._notes).build(html, paragraphs=True)
        self._depth += 1
        try:
            return self.build(html, paragraphs=True)
        finally:
            self._depth -= 1

    def _embed(self, shortcode: Shortcode) -> str:
        if shortcode.name == "embed":
            url = unescape(shortcode.inner.strip() or shortcode.attributes.get("src", ""))
            found = embed_at(url)
            return self._mark([found]) if found else self._rest(shortcode)
        if (embed := embed_from(shortcode)) is not None:
            return self._mark([embed])
        self._note(f"Left out, since it names no address: the shortcode [{shortcode.name}].")
        return self._rest(shortcode)


def _gap(name: str) -> str:
    return "" if builders.stands_in_line(name) else "\n\n"


def _kind(url: str) -> str:
    try:
        return media_kind(url)
    except ValueError:
        return "document"


def _plain_value(value: str) -> str:
    """An attribute's value without the escapes of WPBakery and Divi for brackets and quotes."""
    for written, meant in (
        ("`{`", "["), ("`}`", "]"), ("``", '"'), ("%91", "["), ("%93", "]"), ("%22", '"'),
    ):  # fmt: skip
        value = value.replace(written, meant)
    return value


def _link_in(given: dict[str, str]) -> str:
    """The address of a button; WPBakery writes `url:https%3A%2F%2F…|title:…|target:…`."""
    for key in builders.BUTTON_LINKS:
        value = given.get(key, "").strip()
        if match := re.match(r"url:([^|]*)", value):
            value = unquote(match[1])
        if value.startswith(("https://", "http://", "/", "mailto:")):
            return value
    return ""


def _anchor(link: str, label: str) -> str:
    return f'<p><a href="{escape(link)}">{label}</a></p>' if link else f"<p>{label}</p>"


def _around(shortcode: Shortcode) -> tuple[str, str]:
    """The element that a shortcode put around its words, where they need one."""
    has_block = re.search(r"<(?:p|div|h\d|ul|ol|table|blockquote|figure)\b|\[", shortcode.inner)
    if _QUOTE.search(shortcode.name):
        given = shortcode.attributes
        speaker = next((given[key] for key in _SPEAKERS if given.get(key)), "")
        cite = f"<cite>{speaker}</cite>" if speaker else ""
        return "<blockquote>", f"{cite}</blockquote>"
    if has_block:
        return "", ""
    if _BUTTON.search(shortcode.name) and (link := _link_in(shortcode.attributes)):
        return f'<a href="{escape(link)}">', "</a>"
    return ("<h3>", "</h3>") if _TITLE.search(shortcode.name) else ("", "")


def _decoded(inner: str) -> str:
    """HTML that a builder keeps as base64 of percent-encoded text; as it is when it is not."""
    bare = re.sub(r"<[^>]{0,100}>|\s", "", inner)
    try:
        raw = base64.b64decode(bare, validate=True).decode("utf-8")
    except (binascii.Error, UnicodeDecodeError, ValueError):
        return inner
    return tame_text(unquote(raw))


def _widget_words(stored: str) -> str:
    """The title and text of a SiteOrigin widget, which keeps them as JSON in a hidden field."""
    try:
        value = json.loads(unescape(stored))
    except (ValueError, RecursionError):
        return ""
    instance = value.get("instance") if isinstance(value, dict) else None
    if not isinstance(instance, dict):
        return ""
    title, text = (str(instance.get(key) or "") for key in ("title", "text"))
    text = text or str(instance.get("content") or "")
    return tame_text((f"<h3>{escape(title, quote=False)}</h3>" if title else "") + text)
