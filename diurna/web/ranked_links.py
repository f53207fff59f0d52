"""The lists of the site, a section or a topic: addresses, names, and what each of them is."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from diurna.newsroom.models import Section, Topic
from diurna.points.ranked import Order, Window

# What addresses have for a list below a section or a topic, and for the site at the root.
VIEWS: Final = tuple(
    [(order.value,) for order in Order if order is not Order.TOP]
    + [(Order.TOP.value, window.value) for window in Window]
)


@dataclass(frozen=True)
class ListLink:
    """A list in the row of lists; `here` on its own page."""

    text: str
    address: str
    here: bool


@dataclass(frozen=True)
class Scope:
    """Whose lists are meant: the site's, a section's or a topic's.

    `base` is the address below which they are; `latest` the one of the newest.
    """

    base: str
    latest: str
    section: Section | None = None
    topic: Topic | None = None

    @classmethod
    def of_section(cls, section: Section) -> "Scope":
        """The lists of a section, whose front is its newest."""
        path = section.address_path()
        return cls(path, path, section=section)

    @classmethod
    def of_topic(cls, topic: Topic) -> "Scope":
        """The lists of a topic, whose page is its newest."""
        path = topic.get_absolute_url()
        return cls(path, path, topic=topic)

    def address(self, order: Order, window: Window | None = None) -> str:
        """The path of one of its lists."""
        return f"{self.base}{order}/{window}/" if window else f"{self.base}{order}/"


SITE: Final = Scope("/", "/latest/")


def parse_view(words: tuple[str, ...]) -> tuple[Order, Window | None]:
    """Order and window that the end of an address names; one of `VIEWS`."""
    return Order(words[0]), Window(words[1]) if words[1:] else None


def name_of(order: Order) -> str:
    """“Hot”, in the language in force."""
    return {
        Order.HOT: pgettext("list of stories", "Hot"),
        Order.TRENDING: pgettext("list of stories", "Trending"),
        Order.TOP: pgettext("list of stories", "Top"),
        Order.DISCUSSED: pgettext("list of stories", "Discussed"),
        Order.CONTROVERSIAL: pgettext("list of stories", "Controversial"),
    }[order]


def name_of_window(window: Window) -> str:
    """“Week”, likewise."""
    return {
        Window.DAY: pgettext("list of stories", "Day"),
        Window.WEEK: pgettext("list of stories", "Week"),
        Window.MONTH: pgettext("list of stories", "Month"),
        Window.YEAR: pgettext("list of stories", "Year"),
        Window.ALL: pgettext("list of stories", "All time"),
    }[window]


def heading_of(order: Order, window: Window | None) -> str:
    """The headline of a list's page."""
    if window is None:
        return name_of(order)
    return {
        Window.DAY: _("Top of the day"),
        Window.WEEK: _("Top of the week"),
        Window.MONTH: _("Top of the month"),
        Window.YEAR: _("Top of the year"),
        Window.ALL: _("Top of all time"),
    }[window]


def standfirst_of(order: Order) -> str:
    """What the list is, in a sentence or two for readers."""
    return {
        Order.HOT: _(
            "What readers value, and what is new: a story with ten times the points stands beside"
            " one that is 22 hours newer. Of ten in a row at most two come from one section."
        ),
        Order.TRENDING: _(
            "What draws readers now: the votes and the people who commented in the last 24 hours,"
            " against the age of the story. Nothing here is older than seven days."
        ),
        Order.TOP: _("The stories with the most points: counted votes up less counted votes down."),
        Order.DISCUSSED: _(
            "Where most people have commented in the last seven days. Whoever writes ten times is"
            " counted once."
        ),
        Order.CONTROVERSIAL: _(
            "What readers disagree about: many votes, nearly as many up as down."
        ),
    }[order]


def order_links(scope: Scope, order: Order | None) -> Iterator[ListLink]:
    """The row of lists; None stands for the newest."""
    yield ListLink(pgettext("list of stories", "Latest"), scope.latest, order is None)
    for each in Order:
        window = Window.WEEK if each is Order.TOP else None
        yield ListLink(name_of(each), scope.address(each, window), each is order)


def window_links(scope: Scope, window: Window) -> Iterator[ListLink]:
    """The windows of the list of the top."""
    for each in Window:
        address = scope.address(Order.TOP, each)
        yield ListLink(name_of_window(each), address, each is window)
