"""Whether a verb in a sentence attributes: what it is, who stands before, what follows. Pure."""

from collections.abc import Sequence
from typing import Final

from diurna.newsroom.attributions_clauses import (
    Spans,
    claim_follows,
    clause_follows,
    is_about,
    is_aside,
    low_at,
    quotation_near,
    saying_follows,
    that_follows,
)
from diurna.newsroom.attributions_phrases import Kind
from diurna.newsroom.attributions_reports import (
    found_by_study,
    is_per,
    publishes,
    reports,
    shows,
    told,
)
from diurna.newsroom.attributions_subjects import (
    Word,
    before,
    has_subject,
    is_speaker,
    somebody_after,
    somebody_earlier,
    speaks_of_itself,
)
from diurna.newsroom.attributions_words import (
    ABOUT_CLAIMS,
    BASE_SAYING,
    CALLED_ACTS,
    CALLS,
    CLAIM,
    CLAIMED_THINGS,
    DETERMINERS,
    DISCOVER,
    EXPECTERS,
    MODALS,
    NEGATIONS,
    NOT_A_CLAIM_AFTER,
    NOT_SPEAKERS,
    ONLY_WITH_QUOTATION,
    ONLY_WITH_THAT,
    PASSIVE,
    PREPOSITIONS,
    PROMISES,
    PRONOUNS,
    PUBLISHES,
    SAYING,
    SHOW,
    SIGNS,
    SPEAKERS,
    STRONG,
    THINKS,
    WITH_OBJECT,
    WITH_PREPOSITION,
    WITH_THAT,
)

_SAYS: Final = (
    CLAIM
    | ONLY_WITH_QUOTATION
    | WITH_THAT
    | WITH_OBJECT
    | frozenset(WITH_PREPOSITION)
    | CALLS
    | SAYING
)
# Every word at which a sentence may attribute something.
CUES: Final = (
    _SAYS
    | SHOW
    | PUBLISHES
    | DISCOVER
    | frozenset("told tells tell reports reported reporting report per".split())
)


def kind_of(
    sentence: str, words: Sequence[Word], at: int, speech: Spans, quoted: Spans
) -> Kind | None:
    """How the verb at this place attributes, if it does.

    `speech` are the quotations that somebody says, `quoted` all words in quotation marks.
    """
    low = words[at].low
    if speaks_of_itself(words, at):
        return None
    if low in ("told", "tells", "tell"):
        return Kind.TOLD if told(words, at) else None
    if low in ("reports", "reported", "reporting", "report"):
        return Kind.REPORTS if reports(sentence, words, at) else None
    if low in SHOW and shows(sentence, words, at):
        return Kind.DATA
    if low in PUBLISHES and publishes(words, at):
        return Kind.REPORTS
    if low in _SAYS and _says(sentence, words, at, speech, quoted):
        return Kind.SAID
    if low in DISCOVER and somebody_earlier(words, at - 1) and found_by_study(words, at):
        return Kind.DATA
    if low == "per" and is_per(words, at):
        return Kind.ACCORDING
    return None


def _says(sentence: str, words: Sequence[Word], at: int, speech: Spans, quoted: Spans) -> bool:
    if not _may_say(words, at):
        return False
    if quotation_near(words, at, speech):
        return True
    low = words[at].low
    place = before(words, at)
    following = low_at(words, at + 1)
    if low in CALLS and _calls(sentence, words, at, quoted):
        return True
    if place >= 0 and is_aside(sentence, words, at):
        return True
    if low.endswith("ing"):
        return low in SAYING and saying_follows(sentence, words, at)
    if place >= 0 and that_follows(sentence, words, at):
        return True
    if _preposition_follows(words, at) and has_subject(sentence, words, at):
        return True
    if low in THINKS and place >= 0 and following not in ("in", "about", "of", "to"):
        return _believes(words, at, place)
    if following in PREPOSITIONS and low not in ("said", "says", "say"):
        return False
    if following in ("a", "much", "little", "everything") and is_about(words, at):
        return False
    if low in PROMISES and following in ("to", "that"):
        return True
    if low in WITH_OBJECT and has_subject(sentence, words, at):
        return _object_follows(sentence, words, at)
    if low in ONLY_WITH_QUOTATION or low not in CLAIM:
        return False
    return _claims(sentence, words, at, following)


def _preposition_follows(words: Sequence[Word], at: int) -> bool:
    """ "Warned of", and "warned for years about", where the time comes first."""
    wanted: frozenset[str] = WITH_PREPOSITION.get(words[at].low, frozenset())
    following = low_at(words, at + 1)
    if following in wanted:
        return True
    later = {each.low for each in words[at + 2 : at + 6]}
    return following in ("for", "in", "on", "last") and bool(later & wanted & {"of", "about"})


def _may_say(words: Sequence[Word], at: int) -> bool:
    """Whether nothing before the verb keeps it from attributing: "was said", "did not say"."""
    place = before(words, at)
    previous = words[place].low if place >= 0 else ""
    skipped = {each.low for each in words[place + 1 : at]}
    if previous in PASSIVE or previous in ("to", "the", "a", "an", "no", "any", "without"):
        return False
    if previous in ("that", "having") or (skipped | {previous}) & NEGATIONS:
        return False
    if words[at].low in BASE_SAYING and skipped & MODALS:
        return False
    if previous in SIGNS or previous in ("easier", "sooner") or low_at(words, at + 1) == "than":
        return False
    if previous in NOT_SPEAKERS:
        return False
    # "They say", "as they say": the saying of nobody.
    return not (previous == "they" and words[at].low == "say")


def _claims(sentence: str, words: Sequence[Word], at: int, following: str) -> bool:
    low = words[at].low
    inverted = sentence[: words[at].start].rstrip().endswith((",", "”", '"'))
    if (
        inverted
        and low in STRONG | {"added", "adds", "writes", "wrote"}
        and somebody_after(words, at)
    ):
        return True
    if low in ONLY_WITH_THAT:
        return has_subject(sentence, words, at) and clause_follows(sentence, words, at)
    if at == 0 or following in NOT_A_CLAIM_AFTER:
        return False
    if low in STRONG:
        return claim_follows(sentence, words, at)
    return has_subject(sentence, words, at) and claim_follows(sentence, words, at)


def _believes(words: Sequence[Word], at: int, place: int) -> bool:
    """A belief about the world: of a body or an expert, or with a clause of its own."""
    subject = words[place].low
    if is_speaker(words[place]) and (
        subject in EXPECTERS or not words[at].low.startswith("expect")
    ):
        return True
    following = low_at(words, at + 1)
    clause = following in DETERMINERS | {"it", "he", "she", "they", "there", "we"}
    is_somebody = words[place].is_capital and subject not in DETERMINERS | PRONOUNS
    return (
        clause
        and (is_somebody or subject in ("he", "she"))
        and not words[at].low.startswith("expect")
    )


def _object_follows(sentence: str, words: Sequence[Word], at: int) -> bool:
    """Whether the verb has an object that is said: "denied the charge", "blamed the weather"."""
    low, following = words[at].low, low_at(words, at + 1)
    if not following or sentence[words[at].end : words[at].end + 1] in (".", ",", ";"):
        return False
    if following in ("by", "him", "her", "himself", "herself", "them", "to"):
        return low.startswith(("accus", "blam")) and following in ("him", "her", "them")
    if low.startswith(("claim", "defend")):
        near = {each.low for each in words[at + 1 : at + 5]}
        return not near & CLAIMED_THINGS
    if low.startswith("remember"):
        subject = words[before(words, at)].low
        return subject in SPEAKERS and following in ("a", "an", "him", "her", "it", "how")
    if low.startswith(("announc", "reveal", "disclos", "confirm", "propos", "acknowledg", "admit")):
        near = {each.low for each in words[at + 1 : at + 6]}
        return bool(near & ABOUT_CLAIMS)
    return True


def _calls(sentence: str, words: Sequence[Word], at: int, quoted: Spans) -> bool:
    """ "Critics call it a lottery", "Okabe calls the claim “premature”"; no name is given."""
    if not has_subject(sentence, words, at):
        return False
    for begin, end in quoted:
        inside = sentence[begin:end].strip("“”\"«»‘’' ")
        if 0 <= begin - words[at].end <= 60 and inside[:1].islower():
            return True
    place = before(words, at)
    near = {each.low for each in words[at + 1 : at + 8]}
    if near & CALLED_ACTS:
        return False
    return (
        is_speaker(words[place])
        and bool(near & {"a", "an", "as"})
        and (low_at(words, at + 1) in DETERMINERS | {"it", "him", "her", "them"})
    )
