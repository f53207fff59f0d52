"""Whether somebody is told, a paper reports, or figures show something. Pure."""

from collections.abc import Sequence

from diurna.newsroom.attributions_clauses import (
    aside_of,
    low_at,
    that_follows,
)
from diurna.newsroom.attributions_subjects import (
    Word,
    before,
    has_subject,
    may_speak,
    somebody_earlier,
)
from diurna.newsroom.attributions_words import (
    ABOUT_CLAIMS,
    COUNTS,
    DETERMINERS,
    FINDINGS,
    NEGATIONS,
    NOT_SPEAKERS,
    OBJECTS_NOT_CLAIMS,
    OUTLETS,
    OUTLETS_WITH_CAPITAL,
    PASSIVE,
    PREPOSITIONS,
    PRONOUNS,
    REPORT_CLAUSES,
    REPORTED_OTHER,
    SPEAKERS,
    STUDENTS,
)


def told(words: Sequence[Word], at: int) -> bool:
    """Whether somebody tells somebody a claim: no order, no joke, no tale."""
    place = before(words, at)
    if place < 0 or words[place].low in PASSIVE or words[place].low in ("all", "to", "have"):
        return False
    after = [word.low for word in words[at + 1 : at + 4]]
    if not after or any(word in OBJECTS_NOT_CLAIMS for word in after):
        return False
    if words[at].low == "tell" and not (
        may_speak(words, place) and "that" in {each.low for each in words[at + 1 : at + 10]}
    ):
        return False
    if _is_order(words, at) or after[0] in ("by", "it", "apart", "off", "tales"):
        return False
    if after[0] == "of" and words[at].low != "told":
        return False
    skipped = {each.low for each in words[place:at]}
    if skipped & NEGATIONS or skipped & {"could", "can", "who", "and", "you"}:
        return False
    return words[place].low not in {"tale", "story"} | NOT_SPEAKERS


def _is_order(words: Sequence[Word], at: int) -> bool:
    """Whether somebody was told to do something, which is no claim."""
    for each in words[at + 2 : at + 7]:
        if each.low in ("that", "the") or each.low in PASSIVE:
            return False
        if each.low == "to":
            return True
    return False


def reports(sentence: str, words: Sequence[Word], at: int) -> bool:
    """Whether a paper, a body or a witness reports news or figures: no theft, no reports."""
    place = before(words, at)
    if place < 0:
        return False
    previous, low = words[place], words[at].low
    following = low_at(words, at + 1)
    skipped = {each.low for each in words[place + 1 : at]}
    if previous.low in PASSIVE:
        return following in ("by", "that")
    if skipped & NEGATIONS or previous.low in NEGATIONS:
        return False
    if previous.low not in DETERMINERS and that_follows(sentence, words, at):
        return True
    if previous.low in DETERMINERS:
        # "The report that", "two reports say": nouns, with their own rules.
        return False
    if previous.low not in PRONOUNS | PREPOSITIONS and _counts_follow(words, at):
        return True
    figures = {each.low for each in words[at + 1 : at + 6]} & ABOUT_CLAIMS
    if figures and low != "report" and has_subject(sentence, words, at):
        return True
    if following in REPORTED_OTHER or following == "nothing":
        return False
    if previous.low in PRONOUNS and not following.endswith("ing"):
        return False
    clause = following in REPORT_CLAUSES or following.endswith("ing") or not following
    clause = clause or sentence[words[at].end : words[at].end + 1] in (",", ":")
    clause = clause or (at + 1 < len(words) and words[at + 1].is_capital)
    if not (clause and somebody_earlier(words, place)):
        return False
    if low == "report":
        return following.endswith("ing")
    if low == "reports" and following in PASSIVE | {"were", "have", "had"}:
        return False
    return low != "reporting" or not following


def _counts_follow(words: Sequence[Word], at: int) -> bool:
    """ "Police reported no injuries", "the airport reported 212 cancellations"; no theft of his."""
    low, following = words[at].low, low_at(words, at + 1)
    if following.isdigit() or following in COUNTS:
        return True
    bare = DETERMINERS | PREPOSITIONS | REPORTED_OTHER | {"nothing", "that", "and"}
    return low == "reported" and following.isalpha() and following not in bare


def shows(sentence: str, words: Sequence[Word], at: int) -> bool:
    """Whether figures or a document stand before a verb that is not passive, or are its aside."""
    place = before(words, at)
    if place < 0 or words[place].low in PASSIVE | PRONOUNS | PREPOSITIONS | {"to"}:
        return False
    low = words[at].low
    if low.startswith(("show", "suggest", "indicat", "reveal")) and aside_of(sentence, words, at):
        return True
    return any(word.low in FINDINGS for word in words[max(0, at - 10) : at])


def publishes(words: Sequence[Word], at: int) -> bool:
    """Whether a paper, a station or the like stands before the verb."""
    place = before(words, at)
    if place < 0 or words[place].low in PASSIVE | {"to", "who"} | PRONOUNS:
        return False
    return any(
        word.low in OUTLETS or (word.is_capital and word.low in OUTLETS_WITH_CAPITAL)
        for word in words[max(0, place - 4) : place + 1]
    )


def found_by_study(words: Sequence[Word], at: int) -> bool:
    """Whether a study or those who study found it: nobody's lost keys."""
    place = before(words, at)
    if place < 0 or words[place].low in PASSIVE | PRONOUNS:
        return False
    near = {word.low for word in words[max(0, at - 10) : at]}
    if words[at].low != "found":
        return words[place].low in STUDENTS or "researchers" in near or "scientists" in near
    return bool(near & (STUDENTS | FINDINGS))


def is_per(words: Sequence[Word], at: int) -> bool:
    """Whether "per" names a source: "per two officials", not "three per cent"."""
    after = [word.low for word in words[at + 1 : at + 6]]
    return any(word in FINDINGS or word in SPEAKERS for word in after) and bool(
        at == 0 or after[0] in DETERMINERS | FINDINGS or words[at + 1].is_capital
    )
