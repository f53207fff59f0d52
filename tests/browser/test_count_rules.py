"""The arithmetic of the browser's recount, held against the two readings written in Python."""

import base64
import random
from typing import TYPE_CHECKING, Any

import pytest

from diurna.ledger.tiles import TileTree, tiles_of, width_at
from diurna.ledger.tree import leaf_hash, merkle_root
from diurna.verify.votes import CLASSES, Votes
from tests.factories.newsroom import make_front

if TYPE_CHECKING:
    from playwright.sync_api import Page as Tab

ON = "article:0b7f0c1e-6d0c-4b4e-9d3e-3a4c2f1d5e6f"
OTHER = "article:1b7f0c1e-6d0c-4b4e-9d3e-3a4c2f1d5e6f"
LOGS = 300
COUNT = """async logs => {
    const { Count } = await import("/static/js/count.js");
    return logs.map(([on, entries]) => {
        const count = new Count(on);
        entries.forEach((entry, index) => count.take(entry, index));
        return count.sum();
    });
}"""
PROOFS = """async ([size, indexes, tiles]) => {
    const { Tiles } = await import("/static/js/log.js");
    const bytes = text => Uint8Array.from(atob(text), letter => letter.charCodeAt(0));
    const tree = new Tiles(async address => bytes(tiles[address]), size);
    const proofs = [];
    for (const index of indexes) {
        proofs.push((await tree.proof(index)).map(hash => btoa(String.fromCharCode(...hash))));
    }
    return proofs;
}"""


@pytest.fixture(name="tab")
def _tab(live_site: str, browser_page: "Tab") -> "Tab":
    """A tab in which the modules of the site can be loaded."""
    make_front(site_url=live_site)
    browser_page.goto(f"{live_site}/ledger/")
    return browser_page


def vote(voter: int, n: int, value: int, **fields: Any) -> dict[str, Any]:
    """An entry of the `voter`th reader."""
    return {
        "t": "vote",
        "on": ON,
        "voter": f"{voter:021d}A",
        "n": n,
        "value": value,
        "counted": True,
        "class": "guest",
        **fields,
    }


def figures(points: int, up: int, down: int, not_counted: int = 0) -> dict[str, int]:
    return {"points": points, "up": up, "down": down, "notCounted": not_counted}


# A log, and what it comes to. One after the other in one tab: each starts a site and a browser.
RULES: list[tuple[list[dict[str, Any]], dict[str, int]]] = [
    ([], figures(0, 0, 0)),
    ([vote(1, 1, 1), vote(2, 1, -1)], figures(0, 1, 1)),
    ([vote(1, 1, 1), vote(1, 2, -1)], figures(-1, 0, 1)),
    # The highest n holds, in whatever order they come.
    ([vote(1, 3, 1), vote(1, 1, -1), vote(1, 2, 0)], figures(1, 1, 0)),
    ([vote(1, 1, 1), vote(1, 2, 0)], figures(0, 0, 0)),
    ([vote(1, 1, 1, counted=False)], figures(0, 0, 0, 1)),
    # A later vote that does not count leaves nothing of an earlier one that did.
    ([vote(1, 1, 1), vote(1, 2, 1, counted=False)], figures(0, 0, 0, 1)),
    ([vote(1, 1, 1), {"t": "void", "entry": 0}], figures(0, 0, 0, 1)),
    ([vote(1, 1, 1), {"t": "void", "entry": 0}, {"t": "unvoid", "entry": 0}], figures(1, 1, 0)),
    ([vote(1, 1, 1, counted=False), {"t": "unvoid", "entry": 0}], figures(1, 1, 0)),
    # A decision about an older vote of the same reader changes nothing.
    ([vote(1, 1, 1), vote(1, 2, 1), {"t": "void", "entry": 0}], figures(1, 1, 0)),
    ([vote(1, 1, 1, on=OTHER), {"t": "void", "entry": 0}], figures(0, 0, 0)),
    ([vote(1, 1, 1), vote(1, 1, -1)], figures(1, 1, 0)),
]


def test_the_rules_one_by_one(tab: "Tab") -> None:
    found = tab.evaluate(COUNT, [[ON, entries] for entries, _ in RULES])
    assert len(found) == len(RULES)
    for (entries, expected), sum_ in zip(RULES, found, strict=True):
        del sum_["classes"]
        assert sum_ == expected, entries


def a_log(chance: random.Random) -> list[dict[str, Any]]:
    """Votes of few readers on two targets, in any order, with decisions about some of them."""
    entries: list[dict[str, Any]] = []
    for index in range(chance.randrange(1, 40)):
        votes = [place for place, each in enumerate(entries) if each["t"] == "vote"]
        if votes and chance.random() < 0.25:
            kind = chance.choice(["void", "unvoid"])
            entries.append({"t": kind, "entry": chance.choice(votes)})
        else:
            entries.append(
                vote(
                    chance.randrange(6),
                    chance.randrange(1, 6),
                    chance.randrange(-1, 2),
                    on=chance.choice([ON, ON, OTHER]),
                    counted=chance.random() < 0.8,
                    **{"class": chance.choice(["guest", "member"])},
                )
            )
        assert len(entries) == index + 1
    return entries


def test_any_log_adds_up_to_what_verify_counts(tab: "Tab") -> None:
    chance = random.Random(753)
    logs = [a_log(chance) for _ in range(LOGS)]
    for entries, found in zip(logs, tab.evaluate(COUNT, [[ON, log] for log in logs]), strict=True):
        votes = Votes()
        for index, each in enumerate(entries):
            votes.take(index, each)
        expected = votes.figures(ON, len(entries))
        assert found["points"] == expected.points
        for name in CLASSES:
            mine = found["classes"].get(name, {"up": 0, "down": 0})
            assert (mine["up"], mine["down"]) == expected.of(name)


def test_proofs_read_from_tiles_are_those_of_the_tree(tab: "Tab") -> None:
    for size in (1, 2, 3, 7, 255, 256, 257, 511, 512, 700, 66_000):
        check_proofs(tab, size)


def check_proofs(tab: "Tab", size: int) -> None:
    """The proofs of some leaves of a log of this size are those that Python reads."""
    leaves = [leaf_hash(str(number).encode()) for number in range(size)]
    levels = [b"".join(leaves)]
    while size >> 8 * len(levels):
        below = levels[-1]
        full = len(below) // 8192
        levels.append(b"".join(merkle_root(below[n * 8192 : (n + 1) * 8192]) for n in range(full)))
    tiles = {
        str(each): levels[each.level or 0][each.index * 8192 :][
            : 32 * width_at(each.level or 0, each.index, size)
        ]
        for each in tiles_of(size)
    }
    tree = TileTree(size, lambda address: tiles[str(address)])
    chance = random.Random(size)
    indexes = sorted({0, size - 1, *(chance.randrange(size) for _ in range(20))})
    coded = {name: base64.b64encode(tile).decode() for name, tile in tiles.items()}
    found = tab.evaluate(PROOFS, [size, indexes, coded])
    for index, proof in zip(indexes, found, strict=True):
        assert [base64.b64decode(hash_) for hash_ in proof] == tree.inclusion_proof(index), size


COMPARE = """async ([now, sum]) => {
    const { compare } = await import("/static/js/count.js");
    try {
        return { held: true, said: compare(now, sum) };
    } catch (error) {
        return { held: false, said: error.message };
    }
}"""
# Nine up and two down are in the log.
SUM: dict[str, Any] = {
    "points": 7,
    "classes": {
        "guest": {"points": 5, "up": 6, "down": 1},
        "member": {"points": 2, "up": 3, "down": 1},
    },
}
TOLD: dict[str, Any] = {
    "points": 7,
    "up": 9,
    "down": 2,
    "by_class": SUM["classes"],
    "logged": 7,
    "pending": 0,
    "waiting": 0,
    "as_of_size": 20,
}


def compared(tab: "Tab", page: int = 7, *, checkpoint: int = 20, **told: Any) -> dict[str, Any]:
    """What comparing says of a page that shows these points and an API that tells this."""
    now = {
        "page": {"points": page},
        "told": {**TOLD, **told},
        "before": {"size": 20},
        "checkpoint": {"size": checkpoint},
    }
    found: dict[str, Any] = tab.evaluate(COMPARE, [now, SUM])
    return found


def test_what_agrees_holds(tab: "Tab") -> None:
    assert compared(tab) == {"held": True, "said": ""}


def test_what_is_being_added_belongs_to_what_is_shown(tab: "Tab") -> None:
    guest = {"points": 6, "up": 7, "down": 1}
    parts = {"guest": guest, "member": TOLD["by_class"]["member"]}
    found = compared(tab, 8, points=8, up=10, by_class=parts, pending=1, waiting=1)
    assert found["held"]
    assert found["said"] == ", and 1 being added, which nobody can check yet"


# What the page shows, what the API tells otherwise, and what comparing says.
CONTRADICTIONS: list[tuple[int, dict[str, Any], str]] = [
    (107, {"points": 107}, "The page shows 107 points, and the log adds up to 7."),
    (107, {}, "The page shows 107 points, and the log adds up to 7."),
    (7, {"points": 107}, "The API shows 107 points, and the log adds up to 7."),
    (
        9,
        {"points": 9, "pending": 1},
        "The page shows 9 points, and the log adds up to 7, and 1 being added, "
        "which nobody can check yet.",
    ),
    (
        7,
        {"logged": 8, "pending": 0},
        "The site says that 8 points are in the log, and the log adds up to 7.",
    ),
    # A newsroom that speaks of an older log, so as to leave out what came since.
    (7, {"as_of_size": 12}, "The site speaks of 12 entries of the log, which has 20."),
    (7, {"as_of_size": 21}, "The site speaks of 21 entries of the log, which has 20."),
    (7, {"up": 10}, "The parts that the site gives make 8 points, and it shows 7."),
    (
        7,
        {
            "by_class": {
                "guest": {"points": 5, "up": 5, "down": 0},
                "member": {"points": 2, "up": 3, "down": 1},
            }
        },
        "The site shows 5 votes up of the class guest, and the log has 6.",
    ),
]


def test_what_contradicts_is_named_with_both_figures(tab: "Tab") -> None:
    for page, told, said in CONTRADICTIONS:
        assert compared(tab, page, **told) == {"held": False, "said": said}
