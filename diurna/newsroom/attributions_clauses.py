"""What stands after a verb of saying, or around it: a clause, speech, an aside. Pure."""

from collections.abc import Sequence

from diurna.newsroom.attributions_subjects import (
    Word,
    somebody_earlier,
)
from diurna.newsroom.attributions_words import (
    DETERMINERS,
    FINITE,
    NOT_A_CLAIM_AFTER,
    PASSIVE,
    PRONOUNS,
)

# Places of words in a sentence: first, and one past the last.
Spans = Sequence[tuple[int, int]]


def quotation_near(words: Sequence[Word], at: int, speech: Spans) -> bool:
    """Whether speech ends or begins within twelve words of the verb."""
    word = words[at]
    far_back = words[max(0, at - 12)].start
    far_on = words[min(len(words) - 1, at + 12)].start
    return any(
        (end <= word.start and end >= far_back) or (begin >= word.end and begin <= far_on)
        for begin, end in speech
    )


def is_aside(sentence: str, words: Sequence[Word], at: int) -> bool:
    """Whether the verb ends a short aside: ", the ministry stressed,"."""
    between = aside_of(sentence, words, at)
    if not between or any(each.low in PASSIVE for each in between):
        return False
    return between[0].low in DETERMINERS | PRONOUNS | {"as"} - {"they"} or between[0].is_capital


def aside_of(sentence: str, words: Sequence[Word], at: int) -> Sequence[Word]:
    """Up to seven words between a comma and a verb that a comma or the sentence's end follows."""
    word = words[at]
    if sentence[word.end : word.end + 1] not in (",", ".", "?", "!", ""):
        return []
    comma = sentence.rfind(",", max(0, word.start - 80), word.start)
    between = [each for each in words[max(0, at - 9) : at] if each.start > comma]
    return between if comma >= 0 and 1 <= len(between) <= 7 else []


def that_follows(sentence: str, words: Sequence[Word], at: int) -> bool:
    """Whether "that" follows within nine words, before any comma."""
    for each in words[at + 1 : at + 10]:
        if "," in sentence[words[at].end : each.start]:
            return False
        if each.low == "that":
            return True
    return False


def is_about(words: Sequence[Word], at: int) -> bool:
    """Whether "about" follows soon: "it says a lot about the town"."""
    return any(each.low == "about" for each in words[at + 1 : at + 5])


def clause_follows(sentence: str, words: Sequence[Word], at: int) -> bool:
    """Whether a colon, the sentence's end or a clause with its own subject follows the verb."""
    rest = sentence[words[at].end : words[at].end + 4]
    if not rest.strip(" .!?”\"’'"):
        return words[at].low in ("said", "says", "added", "noted")
    if rest.startswith(":"):
        return True
    if low_at(words, at + 1) in ("it", "he", "she", "they", "we", "there"):
        return True
    # "Stressed the fault was harmless": a clause without "that".
    return low_at(words, at + 1) in DETERMINERS and any(
        each.low in FINITE and not each.is_capital for each in words[at + 3 : at + 8]
    )


def claim_follows(sentence: str, words: Sequence[Word], at: int) -> bool:
    """Whether a clause, a colon, or the end of the sentence follows the verb."""
    low = words[at].low
    rest = sentence[words[at].end : words[at].end + 4]
    if not rest.strip(" .!?”\"’'") or rest.startswith((":", ",")) or at + 1 >= len(words):
        return True
    following = words[at + 1]
    if low in ("said", "says", "say"):
        return following.low not in NOT_A_CLAIM_AFTER
    if following.low in ("that", "there", "there's", "in", "on", "at", "last", "this", "yesterday"):
        return True
    if following.low in DETERMINERS | {"it", "he", "she", "they", "we", "you", "i"}:
        return True
    return following.is_capital or following.low.endswith("ing") or following.low.isdigit()


def saying_follows(sentence: str, words: Sequence[Word], at: int) -> bool:
    """ "..., saying the worst was yet to come", "writing that", "arguing there was no time"."""
    if not somebody_earlier(words, at - 1):
        return False
    following = low_at(words, at + 1)
    if following == "that":
        return True
    after_comma = sentence[: words[at].start].rstrip().endswith((",", "”"))
    return after_comma and (
        following in DETERMINERS | PRONOUNS | {"there", "him", "her", "them"}
        or (at + 1 < len(words) and words[at + 1].is_capital)
    )


def low_at(words: Sequence[Word], at: int) -> str:
    """The word at a place in small letters; "" past the last one."""
    return words[at].low if at < len(words) else ""
