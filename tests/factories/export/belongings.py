"""Pictures of a post as attachments, and the entries of Snax's lists."""

import random
from collections.abc import Iterator
from dataclasses import dataclass

from tests.factories.export import bodies, pictures, prose
from tests.factories.export.addresses import address_of, stamp, words
from tests.factories.export.plan import (
    ENTRIES_AT,
    ENTRY_PICTURES_AT,
    PICTURES_AT,
    ExportPlan,
    post_id,
)
from tests.factories.export.traces import (
    LISTS_EVERY,
    WORDS_ONLY_EVERY,
    bylines_of,
    entries_of,
    is_countdown,
    list_format,
    php,
    vote_meta,
    votes_of,
)
from tests.factories.wxr import item


@dataclass(frozen=True, slots=True)
class Piece:
    """One item, ready to be written."""

    kind: str
    number: int
    text: str
    comments: int = 0


def shots_of(plan: ExportPlan, number: int, chance: random.Random) -> list[bodies.Shot]:
    if not plan.pictures or number % 2:
        return []
    count = 3 if number % 8 == 0 else 1
    return [_shot(plan, number, PICTURES_AT + place, chance) for place in range(count)]


def _shot(plan: ExportPlan, number: int, at: int, chance: random.Random) -> bodies.Shot:
    own = post_id(number) + at
    subject, where = prose.subject_of(chance), prose.place(chance)
    name = f"{words(subject)}-{own}.jpg"
    day = plan.written_at(number)
    credit = chance.choice(("Mara Lind", "Ole Brandt"))
    return bodies.Shot(
        number=own,
        address=f"{plan.site}/wp-content/uploads/{day:%Y/%m}/{name}",
        # One picture of five has no words for those who do not see it.
        alt="" if own % 5 == 0 else f"The {subject} {where}",
        caption=f"The {subject} {where} (Photo: {credit})",
        credit=credit,
    )


def attachment(plan: ExportPlan, number: int, shot: bodies.Shot, parent: int = 0) -> Piece:
    file = shot.address.partition("/wp-content/uploads/")[2]
    if plan.media_dir is not None:
        pictures.put(plan.media_dir, file, pictures.which_of(shot.number))
    size = {"width": pictures.WIDTH, "height": pictures.HEIGHT, "file": file}
    date = stamp(plan.written_at(number))
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
            # A plug-in for credits was there for a while.
            *([("_media_credit", shot.credit)] if shot.number % 4 == 0 else []),
        ],
    )
    return Piece("attachment", shot.number, text)


def entries(plan: ExportPlan, number: int, chance: random.Random) -> Iterator[Piece]:
    """The entries of a list: items of Snax below the post, each with its own votes."""
    for place in range(1, entries_of(plan, number) + 1):
        yield _entry(plan, number, place, chance)
        if _is_pictured(plan, number, place):
            own = post_id(number) + ENTRIES_AT + place - 1
            yield attachment(plan, number, _entry_shot(plan, number, place), parent=own)


def _is_pictured(plan: ExportPlan, number: int, place: int) -> bool:
    """Every other entry has a picture, but in some lists there are words alone."""
    return plan.pictures and place % 2 == 1 and number // LISTS_EVERY % WORDS_ONLY_EVERY != 2


def _entry_title(plan: ExportPlan, number: int, place: int, chance: random.Random) -> str:
    title = prose.headline(chance)
    if not is_countdown(number):
        return title
    return f"{entries_of(plan, number) + 1 - place}. {title}"


def _entry_shot(plan: ExportPlan, number: int, place: int) -> bodies.Shot:
    chance = plan.chance("entry picture", number, place)
    return _shot(plan, number, ENTRY_PICTURES_AT + place, chance)


def _entry(plan: ExportPlan, number: int, place: int, chance: random.Random) -> Piece:
    pictured = _is_pictured(plan, number, place)
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
    date = stamp(plan.written_at(number))
    title = _entry_title(plan, number, place, chance)
    text = item(
        post_id(number) + ENTRIES_AT + place - 1,
        "snax_item",
        title=title,
        content=prose.paragraph(chance, sentences=2),
        slug=f"{words(title)}-{number}-{place}",
        link=f"{plan.site}/snax_item/{words(title)}-{number}-{place}/",
        date=date,
        date_gmt=date,
        parent=post_id(number),
        order=place - 1,
        creator=bylines_of(plan, number)[0].login,
        site=plan.site,
        meta=meta,
    )
    return Piece("snax_item", number, text)
