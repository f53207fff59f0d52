"""The text of a story: in blocks, as the classic editor writes it, or as a page builder does."""

import json
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from tests.factories.export.prose import headline, paragraph, place, sentence, subject_of

EMBEDS: Final = (
    ("youtube", "video", "https://www.youtube.com/watch?v=aqz-KE-bpKQ"),
    ("vimeo", "video", "https://vimeo.com/76979871"),
    ("twitter", "rich", "https://twitter.com/example/status/1234567890"),
    ("spotify", "rich", "https://open.spotify.com/track/11dFghVXANMlKmJXsNCbNl"),
)


@dataclass(frozen=True, slots=True)
class Shot:
    """A picture that a text shows; its caption names who took it."""

    number: int
    address: str
    alt: str
    caption: str
    credit: str


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a text may point to: addresses of other stories, and its own pictures."""

    links: Sequence[str] = ()
    shots: Sequence[Shot] = ()


Body = list[tuple[str, object]]


def compose(chance: random.Random, around: Surroundings) -> Body:
    """What a story is made of, before any editor: (kind, value)."""
    subject = subject_of(chance)
    body: Body = [("p", _linked(chance, subject, around)), ("p", paragraph(chance, subject))]
    extras = ["h2", "list", "quote", "embed", "gallery", "table", "hr", "pull", "notes"]
    for shot in around.shots[:1]:
        body.append(("image", shot))
    for kind in chance.sample(extras, 2):
        body += [(kind, _value(kind, chance, subject, around)), ("p", paragraph(chance, subject))]
    return [(kind, value) for kind, value in body if value]


def in_blocks(body: Body) -> str:
    """The text as the block editor writes it."""
    return "\n\n".join(_BLOCKS[kind](value) for kind, value in body)


def classic(body: Body) -> str:
    """The text as the classic editor writes it: without `<p>`, parted at empty lines."""
    return "\n\n".join(_CLASSIC[kind](value) for kind, value in body)


def in_wpbakery(body: Body) -> str:
    """The text as WPBakery writes it."""
    return (
        '[vc_row][vc_column width="2/3"][vc_column_text css=".vc_custom_1{margin: 0}"]'
        f"{classic(body)}[/vc_column_text][/vc_column]"
        '[vc_column width="1/3"][vc_empty_space height="24px"][vc_btn title="Read more" '
        'link="url:https%3A%2F%2Fgazette.example%2Fabout%2F"][/vc_column][/vc_row]'
    )


def in_divi(body: Body) -> str:
    """The text as Divi writes it."""
    return (
        '[et_pb_section bb_built="1"][et_pb_row][et_pb_column type="4_4"]'
        f'[et_pb_text _builder_version="3.0"]{classic(body)}[/et_pb_text]'
        "[/et_pb_column][/et_pb_row][/et_pb_section]"
    )


def in_elementor(body: Body) -> tuple[str, str]:
    """The text as Elementor leaves it in the post, and its own copy for the post's meta."""
    html = _html(body)
    page = [{"elType": "widget", "widgetType": "text-editor", "settings": {"editor": html}}]
    plain = f'<div class="elementor-widget"><div class="elementor-text-editor">{html}</div></div>'
    return plain, json.dumps(page)


def _html(body: Body) -> str:
    return "".join(
        f"<p>{_CLASSIC[kind](value)}</p>" if kind == "p" else _CLASSIC[kind](value)
        for kind, value in body
    )


def _linked(chance: random.Random, subject: str, around: Surroundings) -> str:
    text = paragraph(chance, subject)
    for address in around.links:
        text += f' {sentence(chance, subject)} <a href="{address}">That was told here before</a>.'
    return text


def _value(kind: str, chance: random.Random, subject: str, around: Surroundings) -> object:
    if kind == "h2":
        return headline(chance, subject)
    if kind == "list":
        return [sentence(chance, subject) for _ in range(3)]
    if kind in {"quote", "pull"}:
        return sentence(chance, subject), f"Somebody {place(chance)}"
    if kind == "embed":
        return chance.choice(EMBEDS)
    if kind == "gallery":
        return (chance.randrange(3), around.shots) if len(around.shots) > 1 else None
    if kind == "table":
        return [("Year", "Visitors"), *((str(2010 + n), str(400 + 37 * n)) for n in range(4))]
    return sentence(chance, subject)


def _block(name: str, html: str, attributes: str = "") -> str:
    return (
        f"<!-- wp:{name} {attributes + ' ' if attributes else ''}-->\n{html}\n<!-- /wp:{name} -->"
    )


def _figure(shot: Shot) -> str:
    return (
        f'<figure class="wp-block-image size-large"><img src="{shot.address}" alt="{shot.alt}" '
        f'class="wp-image-{shot.number}"/><figcaption class="wp-element-caption">{shot.caption}'
        "</figcaption></figure>"
    )


def _image_block(shot: Shot) -> str:
    return _block("image", _figure(shot), f'{{"id":{shot.number},"sizeSlug":"large"}}')


def _list_block(entries: list[str]) -> str:
    rows = "".join(_block("list-item", f"<li>{entry}</li>") for entry in entries)
    return _block("list", f"<ul>{rows}</ul>")


def _quote_html(value: tuple[str, str]) -> str:
    return f"<p>{value[0]}</p><cite>{value[1]}</cite>"


def _table_html(rows: list[tuple[str, str]]) -> str:
    head, *others = rows
    cells = "".join(f"<th>{cell}</th>" for cell in head)
    body = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in others)
    return f"<table><thead><tr>{cells}</tr></thead><tbody>{body}</tbody></table>"


def _gallery_block(value: tuple[int, Sequence[Shot]]) -> str:
    kind, shots = value
    numbers = ",".join(str(shot.number) for shot in shots)
    if kind == 0:
        inner = "\n".join(_image_block(shot) for shot in shots)
        html = f'<figure class="wp-block-gallery has-nested-images columns-2">{inner}</figure>'
        return _block("gallery", html, '{"linkTo":"none"}')
    if kind == 1:
        rows = "".join(
            f'<li class="blocks-gallery-item"><figure><img src="{s.address}" alt="{s.alt}" '
            f'data-id="{s.number}" class="wp-image-{s.number}"/></figure></li>'
            for s in shots
        )
        html = f'<ul class="wp-block-gallery columns-2 is-cropped">{rows}</ul>'
        return _block("gallery", html, f'{{"ids":[{numbers}]}}')
    return _block("shortcode", f'[gallery ids="{numbers}" columns="2"]')


def _embed_block(value: tuple[str, str, str]) -> str:
    provider, kind, address = value
    attributes = json.dumps(
        {"url": address, "type": kind, "providerNameSlug": provider, "responsive": True}
    )
    html = (
        f'<figure class="wp-block-embed is-type-{kind} is-provider-{provider}">'
        f'<div class="wp-block-embed__wrapper">\n{address}\n</div></figure>'
    )
    return _block("embed", html, attributes)


def _notes_block(text: str) -> str:
    mark = '<sup data-fn="n1" class="fn"><a href="#n1" id="n1-link">1</a></sup>'
    return f"{_block('paragraph', f'<p>{text}{mark}</p>')}\n\n<!-- wp:footnotes /-->"


def _classic_image(shot: Shot) -> str:
    return (
        f'[caption id="attachment_{shot.number}" align="alignleft" width="600"]'
        f'<img class="size-large wp-image-{shot.number}" src="{_sized(shot.address)}" '
        f'alt="{shot.alt}" width="600" height="400" /> {shot.caption}[/caption]'
    )


def _classic_gallery(value: tuple[int, Sequence[Shot]]) -> str:
    return f'[gallery columns="2" ids="{",".join(str(shot.number) for shot in value[1])}"]'


def _sized(address: str) -> str:
    stem, dot, ending = address.rpartition(".")
    return f"{stem}-600x400{dot}{ending}"


_BLOCKS: Final[dict[str, Callable[..., str]]] = {
    "p": lambda text: _block("paragraph", f"<p>{text}</p>"),
    "h2": lambda text: _block("heading", f'<h2 class="wp-block-heading">{text}</h2>'),
    "list": _list_block,
    "quote": lambda value: _block(
        "quote", f'<blockquote class="wp-block-quote">{_quote_html(value)}</blockquote>'
    ),
    "pull": lambda value: _block(
        "pullquote",
        '<figure class="wp-block-pullquote"><blockquote>'
        f"{_quote_html(value)}</blockquote></figure>",
    ),
    "embed": _embed_block,
    "gallery": _gallery_block,
    "table": lambda rows: _block(
        "table", f'<figure class="wp-block-table">{_table_html(rows)}</figure>'
    ),
    "hr": lambda _: _block(
        "separator", '<hr class="wp-block-separator has-alpha-channel-opacity"/>'
    ),
    "image": _image_block,
    "notes": _notes_block,
}
_CLASSIC: Final[dict[str, Callable[..., str]]] = {
    "p": lambda text: text,
    "h2": lambda text: f"<h2>{text}</h2>",
    "list": lambda entries: "\n".join(["<ul>", *(f" <li>{e}</li>" for e in entries), "</ul>"]),
    "quote": lambda value: f"<blockquote>{value[0]}\n\n<cite>{value[1]}</cite></blockquote>",
    "pull": lambda value: f"<blockquote>{value[0]}</blockquote>",
    "embed": lambda value: value[2],
    "gallery": _classic_gallery,
    "table": _table_html,
    "hr": lambda _: "<hr />",
    "image": _classic_image,
    "notes": lambda text: f"<em>{text}</em>",
}
