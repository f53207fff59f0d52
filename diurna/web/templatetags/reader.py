"""What the reader's templates may ask for: pictures, moments and players, each ready to show."""

from datetime import date, datetime
from typing import Any

from django import template
from django.contrib.humanize.templatetags.humanize import intcomma
from django.utils.safestring import SafeString, mark_safe
from wagtail.documents.models import AbstractDocument

from diurna.common.sanitise import sanitise_html
from diurna.newsroom.canonical import format_time
from diurna.newsroom.models import Article
from diurna.newsroom.models.file_digest import digest_of
from diurna.newsroom.notice_display import headline_of
from diurna.newsroom.rich_text import public_html
from diurna.web import embeds, jinja, moments, pictures, surroundings
from diurna.web.frame import Frame, frame_of
from diurna.web.script_words import script_words_address

register = template.Library()

# From here on a number has groups.
_GROUP = 1000


@register.simple_tag(takes_context=True)
def frame_here(context: Any) -> Frame:
    """The frame that the view gave; account pages, whose views know of none, get one here."""
    given: Frame | None = context.get("frame")
    return given or frame_of(context["request"])


@register.simple_tag
def masthead(frame: Frame) -> SafeString:
    """The head of every page but the front."""
    return surroundings.masthead(frame)


@register.simple_tag
def footer(frame: Frame) -> SafeString:
    """The foot of every page."""
    return surroundings.footer(frame)


@register.simple_tag
def metadata_of(metadata: Any) -> SafeString:
    """What a page says about itself in its head; what is drawn already comes back as it is."""
    if isinstance(metadata, SafeString):
        return metadata
    return jinja.draw("components/metadata.jinja", metadata=metadata)


@register.simple_tag
def drawn(name: str, **inputs: Any) -> SafeString:
    """A piece that is drawn by Jinja, with these inputs (`web.jinja`).

    Without the end of its last line: the file that asks for it has one of its own.
    """
    return mark_safe(jinja.draw(name, **inputs).removesuffix("\n"))  # noqa: S308  (drawn safely)


@register.simple_tag
def picture_of(photograph: Any, use: str, alt: str = "", decorative: bool = False) -> Any:
    """The `Picture` of a photograph for one use; a decorative one has no description."""
    return pictures.picture(photograph, use, alt="" if decorative else alt)


@register.filter
def headline(article: Article) -> str:
    """The headline of a story away from it; that it was retracted comes first."""
    return headline_of(article)


@register.filter
def machine_time(moment: datetime) -> str:
    """A moment for `<time datetime>`, as the canonical text writes it."""
    return format_time(moment)


@register.filter(expects_localtime=True)
def day(moment: date) -> str:
    """A day as the newsroom's language writes it."""
    return moments.day_words(moment)


@register.filter(expects_localtime=True)
def minute(moment: datetime) -> str:
    """Day and time, likewise."""
    return moments.minute_words(moment)


@register.filter(expects_localtime=True)
def weekday(moment: date) -> str:
    """A day with its weekday, likewise."""
    return moments.weekday_words(moment)


@register.filter
def script_words(language: str) -> str:
    """Where scripts find their words in a language; empty where they need none."""
    return script_words_address(language)


@register.filter
def net(points: int) -> str:
    """A net figure as print sets it: in groups of three, with a minus as wide as a digit."""
    written = str(points) if abs(points) < _GROUP else str(intcomma(points))
    return written.replace("-", "\N{MINUS SIGN}")


@register.filter
def rich(value: Any) -> SafeString:
    """Stored rich text as the public page shows it."""
    source = getattr(value, "source", value)
    return mark_safe(public_html(source or ""))  # noqa: S308  (Wagtail's own allow list)


@register.filter
def sanitised(html: str) -> SafeString:
    """HTML from an import, by the allow list of `common.sanitise`."""
    return mark_safe(sanitise_html(str(html)))  # noqa: S308  (this is what makes it safe)


@register.filter
def digest(document: AbstractDocument | None) -> str:
    """SHA-256 of a document or recording, hexadecimal; empty for none."""
    return digest_of(document) if document else ""


@register.filter
def player(address: str) -> str:
    """The address to frame for an embed; empty where it stays a link."""
    return embeds.player_address(address)


@register.filter
def host(address: str) -> str:
    """The host of an address, without `www.`."""
    return embeds.host_of(address)


@register.filter
def countdown_from(items: Any) -> list[tuple[int, Any]]:
    """Entries with their numbers, from the last to the first."""
    return [(len(items) - place, item) for place, item in enumerate(items)]


@register.filter
def table_rows(table: dict[str, Any] | None) -> dict[str, Any]:
    """Wagtail's table value as `{"head": row or None, "body": rows, "row_heads": bool}`."""
    rows = [[str(cell or "") for cell in row] for row in (table or {}).get("data") or []]
    has_head = bool(table and table.get("first_row_is_table_header")) and bool(rows)
    return {
        "head": rows[0] if has_head else None,
        "body": rows[1:] if has_head else rows,
        "row_heads": bool(table and table.get("first_col_is_header")),
    }
