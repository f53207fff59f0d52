"""The front of a newsroom that has composed none: as rich as its stories allow."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from diurna.newsroom.front_composition import Block, new_block
from diurna.newsroom.models import Article, Section

# (kind, ranking, number of stories, how many stories there must be for it). A small newsroom has
# one list, and not five with a story each.
ALWAYS: Final = (
    ("lead", "", 1, 0),
    ("seconds", "", 3, 0),
    ("river", "", 8, 0),
    ("latest", "", 6, 16),
    ("ranked", "valued", 4, 20),
    ("ranked", "discussed", 4, 20),
)
PER_SECTION: Final = 4
# Beside blocks of sections the river is shorter, or it takes all that the busiest section has.
RIVER_BESIDE_SECTIONS: Final = 5
# With fewer stories the sections' blocks would take from the river what it lacks.
ENOUGH_FOR_SECTIONS: Final = 16
# A section with fewer has its stories above, or one of them here, which is no block.
ENOUGH_IN_SECTION: Final = 3
# More sections than this make a directory and no front; each is in the navigation anyway.
MOST_SECTIONS: Final = 9


def automatic_blocks(sections: Sequence[Section]) -> list[Block]:
    """The blocks for as many stories as there are; one query.

    `sections` are all that are public. Blocks of the topmost ones follow in the order of the desk;
    of more than `MOST_SECTIONS`, those with most stories.
    """
    most = max(ENOUGH_FOR_SECTIONS, *(least for *_rest, least in ALWAYS))
    number = Article.objects.live().order_by().values("pk")[:most].count()
    blocks = [
        replace(new_block(kind, ranking=ranking), count=count)
        for kind, ranking, count, least in ALWAYS
        if number >= least
    ]
    chosen = _large_enough(sections) if number >= ENOUGH_FOR_SECTIONS else []
    if not chosen:
        return blocks
    shorter = [
        replace(block, count=RIVER_BESIDE_SECTIONS) if block.kind == "river" else block
        for block in blocks
    ]
    return shorter + [
        replace(new_block("section", section=section.pk), count=PER_SECTION) for section in chosen
    ]


def _large_enough(sections: Sequence[Section]) -> list[Section]:
    top = min((section.depth for section in sections), default=0)
    sizes = {
        section.pk: _stories_in(section, sections) for section in sections if section.depth == top
    }
    enough = [pk for pk, size in sizes.items() if size >= ENOUGH_IN_SECTION]
    chosen = set(sorted(enough, key=lambda pk: -sizes[pk])[:MOST_SECTIONS])
    return [section for section in sections if section.pk in chosen]


def _stories_in(section: Section, sections: Sequence[Section]) -> int:
    """As many at most: drafts are among them, and nothing is counted in the database."""
    inside = [one for one in sections if one.path.startswith(section.path)]
    return sum(one.numchild for one in inside) - (len(inside) - 1)
