"""The items of one post: itself, its comments, its pictures, and what plug-ins hang below it."""

import json
import random
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final

from tests.factories.export import bodies, prose
from tests.factories.export.addresses import address_of, headline_of, slug_of, stamp
from tests.factories.export.belongings import Piece, attachment, entries, shots_of
from tests.factories.export.people import CATEGORIES, READERS, TAGS
from tests.factories.export.plan import (
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
    is_list,
    kind_of,
    questions_of,
    traces_of,
)
from tests.factories.wxr import comment, item

# One post of so many is not simply published.
_STATUSES: Final = {37: "draft", 41: "pending", 53: "private", 67: "future", 71: "trash"}
PASSWORD_EVERY: Final = 61
CLASSIC_EVERY: Final = 3
OLD_SLUG_EVERY: Final = 19
BUILT_EVERY: Final = 4


def story(plan: ExportPlan, number: int) -> Iterator[Piece]:
    """The items of post `number`, in the order in which WordPress exports them: by their number."""
    chance = plan.chance("story", number)
    shots = shots_of(plan, number, chance)
    yield _post(plan, number, chance, shots)
    for shot in shots:
        yield attachment(plan, number, shot)
    if is_list(plan, number):
        yield from entries(plan, number, chance)
    if kind_of(plan, number) != "post":
        for kind, text in questions_of(plan, number, chance):
            yield Piece(kind, 0, text)
    if plan.has("newspack") and number % CORRECTED_EVERY == 3:
        yield Piece("newspack_correction", 0, correction_of(plan, number, chance))
    if plan.has("polylang") and number % TRANSLATED_EVERY == 4:
        yield _translation(plan, number)


def status_of(plan: ExportPlan, number: int) -> str:
    """The status of a post."""
    if plan.is_trashed(number):
        return "trash"
    return next((s for every, s in _STATUSES.items() if number % every == every - 1), "publish")


def category_of(number: int) -> str:
    """The slug of the category that a post is filed under first."""
    # The first categories are used most, as everywhere.
    return CATEGORIES[min(number % 11, number % 9, number % 13) % len(CATEGORIES)].slug


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
        title=headline_of(plan, number),
        content=content,
        excerpt=prose.sentence(chance) if number % 2 else "",
        status=status,
        slug=slug_of(plan, number),
        link=address_of(plan, number),
        date=stamp(written),
        date_gmt=stamp(written),
        modified=stamp(written + timedelta(hours=2)),
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
    if number % CLASSIC_EVERY == 0:
        return bodies.classic(body)
    if any(kind == "notes" for kind, _ in body):
        # The block editor keeps the words of footnotes in a field of the post.
        notes = [{"id": "n1", "content": prose.sentence(chance)}]
        traces.meta.append(("footnotes", json.dumps(notes)))
    return bodies.in_blocks(body)


def _earlier(number: int, chance: random.Random) -> list[int]:
    """Which older posts this one links to."""
    return [chance.randrange(number) for _ in range(number % 3)] if number else []


def _translation(plan: ExportPlan, number: int) -> Piece:
    date = stamp(plan.written_at(number) + timedelta(hours=1))
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
        said = stamp(written + timedelta(minutes=17 * place))
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
