"""Plain sentences about a harbour town, from chance."""

import random
from typing import Final

SUBJECTS: Final = (
    "harbour",
    "council",
    "library",
    "ferry",
    "school",
    "market",
    "theatre",
    "bridge",
    "bakery",
    "river",
    "tram",
    "orchard",
    "lighthouse",
    "swimming club",
    "fire brigade",
    "museum",
)
_PLACES: Final = (
    "on the north quay",
    "behind the old mill",
    "in Mill Lane",
    "at the market square",
    "below the lighthouse",
    "in the upper town",
    "near the railway arch",
    "across the river",
)
_PEOPLE: Final = (
    "the harbour master",
    "a retired teacher",
    "the mayor’s office",
    "two neighbours",
    "a spokeswoman",
    "the night porter",
    "a baker from Mill Lane",
    "the choir",
)
_WHEN: Final = (
    "on Monday",
    "before sunrise",
    "after three meetings",
    "in the last week of May",
    "since the spring tide",
    "for the second time this year",
    "by the end of the month",
)
_DEEDS: Final = (
    "opened its doors again",
    "asked for another survey",
    "counted 412 visitors",
    "turned down the offer",
    "lost a roof in the storm",
    "found £1,200 in a drawer",
    "promised an answer",
    "put up a new sign",
    "moved two streets further",
    "sold its last boat",
)
_SENTENCES: Final = (
    "The {subject} {place} {deed} {when}.",
    "“We did not expect that”, said {person} {place}.",
    "According to {person}, the {subject} {deed} {when}.",
    "Nobody {place} can say why the {subject} {deed}.",
    "{count} people saw how the {subject} {deed}.",
    "When asked, {person} pointed at the {subject} and smiled.",
    "The costs, {count},000 in all, are shared between the {subject} and the town.",
    "{when_first}, {person} will report to the council.",
    "A café {place} stayed open all night – the {subject} had the only light.",
    "That leaves the {subject} with {count} days, and {person} with none.",
)
_HEADLINES: Final = (
    "The {subject} {place} {deed}",
    "How the {subject} {deed}",
    "Why {person} wants a new {subject}",
    "{count} questions about the {subject}",
    "A quiet week for the {subject}",
    "“Not {when}”: the {subject} waits",
    "What the {subject} {place} costs",
)
_REMARKS: Final = (
    "I was there {when} and it was {mood}.",
    "Has anybody asked {person}?",
    "Well said. The {subject} {place} needs this.",
    "I don’t agree: {count} is not a large number.",
    "My grandmother worked at the {subject}. It {deed} even then.",
    "Thank you for writing about the {subject}.",
    "Is there a map? I can’t find anything {place}.",
)
_MOODS: Final = ("cold", "crowded", "lovely", "quite loud", "over in five minutes")


def sentence(chance: random.Random, subject: str = "") -> str:
    """One sentence."""
    return _fill(chance, chance.choice(_SENTENCES), subject)


def paragraph(chance: random.Random, subject: str = "", sentences: int = 3) -> str:
    """Some sentences."""
    return " ".join(sentence(chance, subject) for _ in range(sentences))


def headline(chance: random.Random, subject: str = "") -> str:
    """What stands above a story, without a full stop."""
    words = _fill(chance, chance.choice(_HEADLINES), subject)
    return words[0].upper() + words[1:]


def remark(chance: random.Random) -> str:
    """What a reader writes below it."""
    return _fill(chance, chance.choice(_REMARKS), "")


def subject_of(chance: random.Random) -> str:
    """What a story is about."""
    return chance.choice(SUBJECTS)


def place(chance: random.Random) -> str:
    """Where it is, for captions."""
    return chance.choice(_PLACES)


def _fill(chance: random.Random, pattern: str, subject: str) -> str:
    # One number for all the choices: a call for each would take most of the time of an export.
    pick = chance.getrandbits(48)
    when = _WHEN[pick % 7]
    return pattern.format(
        subject=subject or SUBJECTS[pick // 7 % 16],
        place=_PLACES[pick // 112 % 8],
        person=_PEOPLE[pick // 896 % 8],
        when=when,
        when_first=when[0].upper() + when[1:],
        deed=_DEEDS[pick // 7168 % 10],
        count=4 + pick // 71680 % 90,
        mood=_MOODS[pick // 6451200 % 5],
    )
