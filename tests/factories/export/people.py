"""Who writes, and the terms that stories are filed under."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Writer:
    """Somebody with an account, or a guest author of Co-Authors Plus."""

    number: int
    login: str
    name: str


AUTHORS: Final = (
    Writer(2, "mara", "Mara Lind"),
    Writer(3, "tobias.k", "Tobias Kern"),
    Writer(4, "nadia", "Nadia Okafor"),
    Writer(5, "jun", "Jun Watanabe"),
    Writer(6, "webadmin", "webadmin"),
    Writer(7, "zoe", "Zoë Aydin"),
)
GUESTS: Final = (
    Writer(40, "rosa-delgado", "Rosa Delgado"),
    Writer(42, "peter-halm", "Peter Halm"),
    Writer(44, "the-harbour-desk", "The Harbour Desk"),
)


@dataclass(frozen=True, slots=True)
class Heading:
    """A category or tag."""

    number: int
    slug: str
    name: str
    parent: str = ""


CATEGORIES: Final = (
    Heading(10, "town", "Town"),
    Heading(11, "council", "Council", "town"),
    Heading(12, "schools", "Schools", "town"),
    Heading(13, "harbour", "Harbour"),
    Heading(14, "culture", "Culture & Stage"),
    Heading(15, "music", "Music", "culture"),
    Heading(16, "sport", "Sport"),
    Heading(17, "opinion", "Opinion"),
    Heading(18, "uncategorized", "Uncategorized"),
)
TAGS: Final = tuple(
    Heading(30 + index, name.lower().replace(" ", "-"), name)
    for index, name in enumerate(
        ("Ferry", "Tide", "Budget", "School meals", "Choir", "Rowing", "Weather", "Long read")
    )
)
READERS: Final = (
    "Grace", "Olu", "Hanne", "Pim", "Anonymous", "Jo B.", "Wanda", "T. Marsh"
)  # fmt: skip
