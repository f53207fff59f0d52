"""What plug-ins and themes leave in an export: post meta, terms, and items of their own types.

Keys and shapes are those that the plug-ins write: Snax (`_snax_*`, `snax_item` below a list post),
Bimber, Yoast SEO, Rank Math, Co-Authors Plus (`guest-author` items, taxonomy `author`), Polylang
(taxonomies `language` and `post_translations`), WPML's exporter, Newspack (by-lines, corrections).
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from tests.factories.export.people import AUTHORS, CATEGORIES, GUESTS, Writer
from tests.factories.export.plan import CHILDREN_AT, ExportPlan, post_id
from tests.factories.export.prose import paragraph, sentence
from tests.factories.wxr import item

Meta = list[tuple[str, str]]
Terms = list[tuple[str, str, str]]

LIST_FORMATS: Final = ("classic_list", "ranked_list", "list")
# Of so many posts in a row, one is a list, one a poll, one a quiz (with Snax).
LISTS_EVERY: Final = 5
WORDS_ONLY_EVERY: Final = 4
POLLS_EVERY: Final = 23
QUIZZES_EVERY: Final = 29
TRANSLATED_EVERY: Final = 9
CORRECTED_EVERY: Final = 17


@dataclass(slots=True)
class Traces:
    """What is added to one post."""

    meta: Meta = field(default_factory=list)
    terms: Terms = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Votes:
    """Votes of Snax, as it counts them."""

    up: int
    down: int
    fake: int | None

    @property
    def score(self) -> int:
        """Up less down."""
        return self.up - self.down


def kind_of(plan: ExportPlan, number: int) -> str:
    """The type of a post: Snax has types of its own for polls and quizzes."""
    if plan.has("snax") and number % POLLS_EVERY == 11:
        return "snax_poll"
    if plan.has("snax") and number % QUIZZES_EVERY == 13:
        return "snax_quiz"
    return "post"


def is_list(plan: ExportPlan, number: int) -> bool:
    """Whether this post is a list of Snax with entries below it."""
    return plan.has("snax") and number % LISTS_EVERY == 2 and kind_of(plan, number) == "post"


def list_format(number: int) -> str:
    """In which way a list is kept: in its own order, by votes, or open to everybody."""
    return LIST_FORMATS[number // LISTS_EVERY % len(LIST_FORMATS)]


def is_countdown(number: int) -> bool:
    """Whether the entries of a list count down in their titles: every other list that has an order.

    The order of the others is made by votes, or by whoever adds to them.
    """
    return list_format(number) == "classic_list" and number // LISTS_EVERY % 2 == 0


def votes_of(plan: ExportPlan, number: int, entry: int = 0) -> Votes:
    """The votes on a post, or on an entry of a list (counted from 1)."""
    chance = plan.chance("votes", number, entry)
    up, down = chance.randrange(0, 240), chance.randrange(0, 30)
    fake = chance.randrange(100, 900) if not entry and number % 7 == 0 else None
    return Votes(up, down, fake)


def bylines_of(plan: ExportPlan, number: int) -> tuple[Writer, ...]:
    """Who wrote a post: the account it belongs to, and with Co-Authors Plus also others."""
    first = AUTHORS[number % len(AUTHORS)]
    if not plan.has("coauthors"):
        return (first,)
    second = AUTHORS[(number + 2) % len(AUTHORS)]
    guest = GUESTS[number % len(GUESTS)]
    return ((first,), (first, second), (first, guest), (guest,), (second, guest, first))[number % 5]


def traces_of(plan: ExportPlan, number: int, chance: random.Random, category: str) -> Traces:
    """Everything that the plug-ins of this plan add to a post."""
    traces = Traces()
    for plugin in sorted(plan.plugins & _ADD.keys()):
        _ADD[plugin](plan, number, chance, traces)
    primary = next((str(c.number) for c in CATEGORIES if c.slug == category), "")
    if plan.has("yoast"):
        traces.meta.append(("_yoast_wpseo_primary_category", primary))
    if plan.has("rankmath"):
        traces.meta.append(("rank_math_primary_category", primary))
    return traces


def vote_meta(votes: Votes) -> Meta:
    """Votes as post meta."""
    meta = [
        ("_snax_upvote_count", str(votes.up)),
        ("_snax_downvote_count", str(votes.down)),
        ("_snax_vote_count", str(votes.up + votes.down)),
        ("_snax_vote_score", str(votes.score)),
    ]
    if votes.fake is not None:
        meta.append(("_snax_fake_vote_count", str(votes.fake)))
    return meta


def php(value: object) -> str:
    """A value as PHP's `serialize` writes it; lengths are counted in bytes."""
    if isinstance(value, dict):
        inner = "".join(php(key) + php(one) for key, one in value.items())
        return f"a:{len(value)}:{{{inner}}}"
    if isinstance(value, list | tuple):
        return php(dict(enumerate(value)))
    if isinstance(value, bool):
        return f"b:{int(value)};"
    if isinstance(value, int):
        return f"i:{value};"
    text = str(value)
    return f's:{len(text.encode())}:"{text}";'


def questions_of(plan: ExportPlan, number: int, chance: random.Random) -> Iterator[tuple[str, str]]:
    """The items below a poll or quiz, as (type, item): a question and its answers."""
    prefix = "snax_poll_" if kind_of(plan, number) == "snax_poll" else "snax_"
    question = post_id(number) + CHILDREN_AT
    date = plan.written_at(number).isoformat(" ")
    common = {"date": date, "date_gmt": date, "site": plan.site, "content": ""}
    yield (
        f"{prefix}question",
        item(
            question,
            f"{prefix}question",
            title=sentence(chance)[:-1] + "?",
            parent=post_id(number),
            meta=[("_snax_title_hide", ""), ("_snax_answers_tpl", "text")],
            **common,  # type: ignore[arg-type]
        ),
    )
    for place in range(3):
        yield (
            f"{prefix}answer",
            item(
                question + 1 + place,
                f"{prefix}answer",
                title=("Yes", "No", "Ask the ferry")[place],
                parent=question,
                order=place,
                meta=[("_snax_correct", "1" if place == 0 else "")],
                **common,  # type: ignore[arg-type]
            ),
        )


def correction_of(plan: ExportPlan, number: int, chance: random.Random) -> str:
    """A correction as Newspack keeps it: an item of its own that names its post."""
    date = plan.written_at(number).isoformat(" ")
    return item(
        post_id(number) + CHILDREN_AT + 6,
        "newspack_correction",
        title=f"Correction for post {post_id(number)}",
        content=f"An earlier version of this article was wrong. {sentence(chance)}",
        date=date,
        date_gmt=date,
        site=plan.site,
        meta=[
            ("newspack_correction-post-id", str(post_id(number))),
            ("newspack_corrections_type", ("correction", "clarification")[number % 2]),
            ("newspack_corrections_priority", "high"),
        ],
    )


def _snax(plan: ExportPlan, number: int, chance: random.Random, traces: Traces) -> None:
    traces.meta += vote_meta(votes_of(plan, number))
    kind = kind_of(plan, number)
    if is_list(plan, number):
        name = list_format(number)
        traces.meta += [
            ("_snax_format", name),
            ("_snax_submission_count", str(entries_of(plan, number))),
            ("_snax_post_voting", "standard"),
        ]
        traces.terms.append(("snax_format", name, name.replace("_", " ").title()))
    elif kind != "post":
        kinds = (
            ("classic", "versus", "binary") if kind == "snax_poll" else ("trivia", "personality")
        )
        name = kinds[number % len(kinds)]
        suffix = kind.removeprefix("snax_")
        traces.meta.append((f"_snax_{suffix}_type", name))
        settings = {"reveal_correct_wrong_answers": "immediately", "shuffle": "none"}
        traces.meta.append((f"_snax_{suffix}_settings", php(settings)))
        traces.terms.append(("snax_format", f"{name}_{suffix}", f"{name} {suffix}".title()))
    elif chance.random() < 0.1:
        traces.meta += [("_snax_format", "text"), ("_snax_author_ip", "203.0.113.9")]


def entries_of(plan: ExportPlan, number: int) -> int:
    """How many entries a list has."""
    return 4 + number % 6 if is_list(plan, number) else 0


def _bimber(_plan: ExportPlan, number: int, chance: random.Random, traces: Traces) -> None:
    options = {"template": "classic", "sidebar_location": "right", "newsletter": ""}
    traces.meta += [
        ("_bimber_single_options", php(options)),
        ("_bimber_fake_view_count", str(chance.randrange(0, 5000))),
    ]
    if number % 8 == 3:
        traces.terms.append(("reaction", "love", "Love"))


def _yoast(plan: ExportPlan, number: int, chance: random.Random, traces: Traces) -> None:
    traces.meta += [
        ("_yoast_wpseo_focuskw", "harbour"),
        ("_yoast_wpseo_title", f"%%title%% %%sep%% {plan.title}"),
        ("_yoast_wpseo_metadesc", sentence(chance)),
        ("_yoast_wpseo_content_score", "60"),
    ]
    if number % 6 == 1:
        traces.meta[-3] = ("_yoast_wpseo_title", f"Search title {number}")


def _rankmath(_plan: ExportPlan, number: int, chance: random.Random, traces: Traces) -> None:
    traces.meta += [
        ("rank_math_title", f"%title% %sep% Story {number}"),
        ("rank_math_description", sentence(chance)),
        ("rank_math_seo_score", "71"),
    ]


def _coauthors(plan: ExportPlan, number: int, _chance: random.Random, traces: Traces) -> None:
    traces.terms += [
        ("author", f"cap-{writer.login.replace('.', '-')}", writer.login)
        for writer in bylines_of(plan, number)
    ]


def _polylang(_plan: ExportPlan, number: int, _chance: random.Random, traces: Traces) -> None:
    traces.terms.append(("language", "en", "English"))
    if number % TRANSLATED_EVERY == 4:
        traces.terms.append(("post_translations", f"pll_{number}", f"pll_{number}"))


def _wpml(_plan: ExportPlan, number: int, _chance: random.Random, traces: Traces) -> None:
    traces.meta += [
        ("_wpml_import_language_code", "en"),
        ("_wpml_import_translation_group", f"post_{post_id(number)}"),
    ]


def _newspack(_plan: ExportPlan, number: int, chance: random.Random, traces: Traces) -> None:
    traces.meta += [
        ("newspack_post_subtitle", sentence(chance)),
        ("newspack_featured_image_position", "large"),
    ]
    if number % 6 == 5:
        first = AUTHORS[number % len(AUTHORS)]
        by = f"By [Author id={first.number}]{first.name}[/Author] and the Harbour Desk"
        traces.meta += [("_newspack_byline_active", "1"), ("_newspack_byline", by)]
    if number % CORRECTED_EVERY == 3:
        traces.meta.append(("newspack_corrections_active", "1"))


def _woocommerce(_plan: ExportPlan, number: int, chance: random.Random, traces: Traces) -> None:
    if number % 31 == 7:
        traces.meta.append(("_product_note", paragraph(chance)))


_ADD: Final = {
    "bimber": _bimber,
    "coauthors": _coauthors,
    "newspack": _newspack,
    "polylang": _polylang,
    "rankmath": _rankmath,
    "snax": _snax,
    "woocommerce": _woocommerce,
    "wpml": _wpml,
    "yoast": _yoast,
}
