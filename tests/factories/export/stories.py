"""The items of one post: itself, its comments, its pictures, and what plug-ins hang below it."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from tests.factories.export import bodies, pictures, prose
from tests.factories.export.people import CATEGORIES, READERS, TAGS
from tests.factories.export.plan import (
    ENTRIES_AT,
    ENTRY_PICTURES_AT,
    PICTURES_AT,
    TRANSLATION_AT,
    ExportPlan,
    post_id,
)
from tests.factories.export.traces import (
    CORRECTED_EVERY,
    TRANSLATED_EVERY,
    Traces,
    bylines_of,
    correction_of,
    entries_of,
    is_list,
    kind_of,
    list_format,
    php,
    questions_of,
    traces_of,
    vote_meta,
    votes_of,
)
from tests.factories.wxr import comment, item

# One post of so many is not simply published.
_STATUSES: Final = {37: "draft", 41: "pending", 53: "private", 67: "future", 71: "trash"}
PASSWORD_EVERY: Final = 61
CLASSIC_EVERY: Final = 3
OLD_SLUG_EVERY: Final = 19
FOREIGN_SLUG_EVERY: Final = 43
FOREIGN_SLUG: Final = "%d9%85%d9%8a%d9%86%d8%a7%d8%a1"
BUILT_EVERY: Final = 4


@dataclass(frozen=True, slots=True)
class Piece:
    """One item, ready to be written."""

    kind: str
    number: int
    text: str
    comments: int = 0


def story(plan: ExportPlan, number: int) -> Iterator[Piece]:
    """The items of post `number`, in the order in which WordPress exports them: by their number."""
    chance = plan.chance("story", number)
    shots = _shots(plan, number, chance)
    yield _post(plan, number, chance, shots)
    for shot in shots:
        yield _attachment(plan, number, shot)
    if is_list(plan, number):
        yield from _entries(plan, number, chance)
    if kind_of(plan, number) != "post":
        for kind, text in questions_of(plan, number, chance):
            yield Piece(kind, 0, text)
    if plan.has("newspack") and number % CORRECTED_EVERY == 3:
        yield Piece("newspack_correction", 0, correction_of(plan, number, chance))
    if plan.has("polylang") and number % TRANSLATED_EVERY == 4:
        yield _translation(plan, number)


def slug_of(plan: ExportPlan, number: int) -> str:
    """The slug of a post: its headline and number."""
    if number % FOREIGN_SLUG_EVERY == 20:
        return f"{FOREIGN_SLUG}-{number}"
    return f"{_words(_headline(plan, number))[:60].rstrip('-')}-{number}"


def address_of(plan: ExportPlan, number: int) -> str:
    """The address of a post on the old site."""
    slug = slug_of(plan, number)
    kind = kind_of(plan, number)
    if kind != "post":
        return f"{plan.site}/{kind.replace('_', '-')}/{slug}/"
    day = plan.written_at(number)
    return f"{plan.site}/{day:%Y/%m}/{slug}/"


def status_of(plan: ExportPlan, number: int) -> str:
    """The status of a post."""
    if plan.is_trashed(number):
        return "trash"
    return next((s for every, s in _STATUSES.items() if number % every == every - 1), "publish")


def category_of(number: int) -> str:
    """The slug of the category that a post is filed under first."""
    # The first categories are used most, as everywhere.
    return CATEGORIES[min(number % 11, number % 9, number % 13) % len(CATEGORIES)].slug


def _headline(plan: ExportPlan, number: int) -> str:
    chance = plan.chance("headline", number)
    if is_list(plan, number):
        count = entries_of(plan, number)
        return f"{count} reasons to see the {prose.subject_of(chance)}"
    return prose.headline(chance)


def _post(plan: ExportPlan, number: int, chance: random.Random, shots: list[bodies.Shot]) -> Piece:
    category = category_of(number)
    traces = traces_of(plan, number, chance, category)
    content = _content(plan, number, chance, shots, traces)
    if plan.is_edited(number):
        content += "\n\n<p>This story was brought up to date on the day of the switch.</p>"
    written = plan.written_at(number)
    status = status_of(plan, number)
    traces.meta += [("_edit_last", "2"), ("_edit_lock", f"{int(written.timestamp())}:2")]
    if shots:
        traces.meta.append(("_thumbnail_id", str(shots[0].number)))
    if number % OLD_SLUG_EVERY == 8:
        traces.meta.append(("_wp_old_slug", f"working-title-{number}"))
    tags = chance.sample(TAGS, 2)
    terms = [
        *(("category", c.slug, c.name) for c in CATEGORIES if c.slug == category),
        *(("post_tag", t.slug, t.name) for t in tags),
        *traces.terms,
    ]
    comments = list(_comments(plan, number, written))
    text = item(
        post_id(number),
        kind_of(plan, number),
        title=_headline(plan, number),
        content=content,
        excerpt=prose.sentence(chance) if number % 2 else "",
        status=status,
        slug=slug_of(plan, number),
        link=address_of(plan, number),
        date=_stamp(written),
        date_gmt=_stamp(written),
        modified=_stamp(written + timedelta(hours=2)),
        creator=bylines_of(plan, number)[0].login,
        password="harbour" if number % PASSWORD_EVERY == PASSWORD_EVERY - 1 else "",
        sticky=number == plan.posts - 2,
        comments_open=number % 10 != 0,
        site=plan.site,
        categories=terms,
        meta=traces.meta,
        comments=comments,
    )
    return Piece(kind_of(plan, number), number, text, len(comments))


def _content(
    plan: ExportPlan,
    number: int,
    chance: random.Random,
    shots: list[bodies.Shot],
    traces: Traces,
) -> str:
    links = [address_of(plan, other) for other in _earlier(number, chance)]
    body = bodies.compose(chance, bodies.Surroundings(links, shots))
    turn = number // BUILT_EVERY
    builders = [name for name in ("wpbakery", "divi", "elementor") if plan.has(name)]
    if builders and number % BUILT_EVERY == 1:
        builder = builders[turn % len(builders)]
        if builder == "elementor":
            html, page = bodies.in_elementor(body)
            traces.meta += [("_elementor_edit_mode", "builder"), ("_elementor_data", page)]
            return html
        traces.meta.append(
            ("_wpb_vc_js_status" if builder == "wpbakery" else "_et_pb_use_builder", "on")
        )
        return bodies.in_wpbakery(body) if builder == "wpbakery" else bodies.in_divi(body)
    return bodies.classic(body) if number % CLASSIC_EVERY == 0 else bodies.in_blocks(body)


def _earlier(number: int, chance: random.Random) -> list[int]:
    """Which older posts this one links to."""
    return [chance.randrange(number) for _ in range(number % 3)] if number else []


def _shots(plan: ExportPlan, number: int, chance: random.Random) -> list[bodies.Shot]:
    if not plan.pictures or number % 2:
        return []
    count = 3 if number % 8 == 0 else 1
    return [_shot(plan, number, PICTURES_AT + place, chance) for place in range(count)]


def _shot(plan: ExportPlan, number: int, at: int, chance: random.Random) -> bodies.Shot:
    own = post_id(number) + at
    subject, where = prose.subject_of(chance), prose.place(chance)
    name = f"{_words(subject)}-{own}.jpg"
    day = plan.written_at(number)
    return bodies.Shot(
        number=own,
        address=f"{plan.site}/wp-content/uploads/{day:%Y/%m}/{name}",
        # One picture of six has no words for those who do not see it.
        alt="" if own % 6 == 0 else f"The {subject} {where}",
        caption=f"The {subject} {where} (Photo: {chance.choice(('Mara Lind', 'Ole Brandt'))})",
    )


def _attachment(plan: ExportPlan, number: int, shot: bodies.Shot, parent: int = 0) -> Piece:
    file = shot.address.partition("/wp-content/uploads/")[2]
    if plan.media_dir is not None:
        pictures.put(plan.media_dir, file, pictures.which_of(shot.number))
    size = {"width": pictures.WIDTH, "height": pictures.HEIGHT, "file": file}
    date = _stamp(plan.written_at(number))
    slug = file.rpartition("/")[2].removesuffix(".jpg")
    text = item(
        shot.number,
        "attachment",
        title=slug,
        content="",
        excerpt=shot.caption,
        status="inherit",
        slug=slug,
        link=f"{address_of(plan, number)}{slug}/",
        date=date,
        date_gmt=date,
        creator=bylines_of(plan, number)[0].login,
        parent=parent or post_id(number),
        attachment_url=shot.address,
        site=plan.site,
        meta=[
            ("_wp_attached_file", file),
            ("_wp_attachment_metadata", php(size)),
            ("_wp_attachment_image_alt", shot.alt),
            ("_media_credit", "Ole Brandt"),
        ],
    )
    return Piece("attachment", shot.number, text)


def _entries(plan: ExportPlan, number: int, chance: random.Random) -> Iterator[Piece]:
    """The entries of a list: items of Snax below the post, each with its own votes."""
    for place in range(1, entries_of(plan, number) + 1):
        yield _entry(plan, number, place, chance)
        if plan.pictures and place % 2:
            own = post_id(number) + ENTRIES_AT + place - 1
            yield _attachment(plan, number, _entry_shot(plan, number, place), parent=own)


def _entry_shot(plan: ExportPlan, number: int, place: int) -> bodies.Shot:
    chance = plan.chance("entry picture", number, place)
    return _shot(plan, number, ENTRY_PICTURES_AT + place, chance)


def _entry(plan: ExportPlan, number: int, place: int, chance: random.Random) -> Piece:
    pictured = plan.pictures and place % 2 == 1
    meta = [
        ("_snax_item_format", "image" if pictured else "text"),
        ("_snax_parent_format", list_format(number)),
        ("_snax_origin", "post" if place < 4 else "contribution"),
        ("_snax_source", "https://example.org/source" if place == 1 else ""),
        ("_snax_ref_link", ""),
        ("_snax_author_ip", "203.0.113.9"),
        *vote_meta(votes_of(plan, number, place)),
    ]
    if pictured:
        shot = _entry_shot(plan, number, place)
        meta += [("_thumbnail_id", str(shot.number)), ("_snax_media_id", str(shot.number))]
    date = _stamp(plan.written_at(number))
    title = prose.headline(chance)
    text = item(
        post_id(number) + ENTRIES_AT + place - 1,
        "snax_item",
        title=title,
        content=prose.paragraph(chance, sentences=2),
        slug=f"{_words(title)}-{number}-{place}",
        link=f"{plan.site}/snax_item/{_words(title)}-{number}-{place}/",
        date=date,
        date_gmt=date,
        parent=post_id(number),
        order=place - 1,
        creator=bylines_of(plan, number)[0].login,
        site=plan.site,
        meta=meta,
    )
    return Piece("snax_item", number, text)


def _translation(plan: ExportPlan, number: int) -> Piece:
    date = _stamp(plan.written_at(number) + timedelta(hours=1))
    own = post_id(number) + TRANSLATION_AT
    text = item(
        own,
        title=f"Neues vom Hafen, Teil {number}",
        content="<p>Der Hafen öffnet wieder, sagt das Rathaus. Die Fähre fährt am Montag.</p>",
        slug=f"neues-vom-hafen-{number}",
        link=f"{plan.site}/de/neues-vom-hafen-{number}/",
        date=date,
        date_gmt=date,
        creator=bylines_of(plan, number)[0].login,
        site=plan.site,
        categories=[
            ("category", "town", "Town"),
            ("language", "de", "Deutsch"),
            ("post_translations", f"pll_{number}", f"pll_{number}"),
        ],
    )
    return Piece("post", number, text)


def _comments(plan: ExportPlan, number: int, written: datetime) -> Iterator[str]:
    chance = plan.chance("comments", number)
    first = plan.first_comment(number)
    for place in range(1, plan.comments_of(number) + 1):
        # Every third comment answers one above it.
        parent = first + chance.randrange(1, place) if place % 3 == 0 else 0
        said = _stamp(written + timedelta(minutes=17 * place))
        yield comment(
            first + place,
            prose.remark(chance),
            parent=parent,
            author=READERS[chance.randrange(len(READERS))],
            date=said,
            date_gmt=said,
            approved="0" if place % 14 == 0 else "1",
            kind="pingback" if place % 25 == 0 else "",
        )


def _stamp(at: datetime) -> str:
    return at.isoformat(" ")


def _words(text: str) -> str:
    """A text as WordPress makes a slug of it."""
    kept = "".join(letter if letter.isascii() and letter.isalnum() else " " for letter in text)
    return "-".join(kept.lower().split())
