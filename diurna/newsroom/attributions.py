"""Where a text gives somebody else's words, report or figures: hints for citations. Pure.

For English only (`LANGUAGES`). A hint, never an error: the rules know words, not meaning. They were
tuned on `tests/corpus/attributions/seen.tsv` and are measured on sets that they were not tuned on.
Each rule looks a bounded number of words around a cue, so the time is in proportion to the text.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from diurna.newsroom.attributions_phrases import PHRASES, Kind
from diurna.newsroom.attributions_subjects import Word, words_of
from diurna.newsroom.attributions_verbs import CUES, kind_of
from diurna.newsroom.attributions_words import DETERMINERS, NOT_ACCORDING, PRONOUNS, SPEAKERS

LANGUAGES: Final = frozenset({"en"})

# A text is looked at so far and no further, so that hostile ones cost what a long story costs: this
# is a paragraph of 16,000 words.
LONGEST_TEXT: Final = 100_000
# What runs on for longer is looked at in pieces of this length; the longest sentences of newspapers
# have a third of it.
LONGEST_SENTENCE: Final = 1500

_SENTENCE_END: Final = re.compile(r"(?<=[.!?…])[”\"’'»]?\s+(?=[“\"‘'«]?[A-Z0-9])|\n+")
_ABBREVIATION: Final = re.compile(
    r"\b(?:Mr|Mrs|Ms|Dr|St|Prof|Rev|Sgt|Capt|Cllr|Lt|Col|Gen|Gov|Sen|Rep|Inc|Ltd|Co|No|[A-Z])\.$"
)
# None of them holds the sign that opens it, so that many of those do not cost a search each.
_QUOTATION: Final = re.compile(
    r"“[^“”]{1,1500}”?|(?<!\d)\"[^\"]{1,1500}\"|«[^«»]{1,1500}»"
    r"|(?<!\w)‘(?:[^‘’]|’(?=\w)){1,1500}’(?!\w)"
    r"|(?<!\w)'(?:[^'\n]|'(?=\w)){1,1500}'(?!\w)"
)


_OF_A_WORK: Final = re.compile(
    r"\bin the (?:\w+ ){0,2}"
    r"(?:act|scene|chapter|episode|pages|verse|novel|film|play|story|stanza)\b"
    r"|\b(?:earlier|previous) version of this\b|\bthe narrator\b",
    re.IGNORECASE,
)
_IS_THE: Final = re.compile(r",? (?:is|was|were|are) (?:all|how|what|the|his|her|their|its)\b")
_WHO_SAID: Final = re.compile(r"^[“\"‘']?(?:Who|Whom|Which|What)\b[^?]{0,200}\?[”\"’']?$")


@dataclass(frozen=True)
class Attribution:
    """Characters `start` to `end` (exclusive) of the text, a cue, attribute something."""

    start: int
    end: int
    kind: Kind


@dataclass(frozen=True)
class AttributedSentence:
    """Characters `start` to `end` (exclusive) of a text are a sentence that attributes something.

    `kind`, `cue_start` and `cue_end` are of its first attribution.
    """

    start: int
    end: int
    kind: Kind
    cue_start: int
    cue_end: int


def attributed_sentences(text: str) -> Iterator[AttributedSentence]:
    """The sentences of an English text that attribute something, in order."""
    for start, end in _sentences(text):
        cue = min(
            _in_sentence(text, start, end), key=lambda one: (one.start, one.end), default=None
        )
        if cue is not None:
            yield AttributedSentence(start, end, cue.kind, cue.start, cue.end)


def find(text: str) -> list[Attribution]:
    """Every attribution in an English text, in its order, at most one for each sentence's cue.

    Two that overlap are one, the first.
    """
    found: list[Attribution] = []
    for start, end in _sentences(text):
        for each in sorted(_in_sentence(text, start, end), key=lambda one: (one.start, one.end)):
            if not found or each.start >= found[-1].end:
                found.append(each)
    return found


def _sentences(text: str) -> Iterator[tuple[int, int]]:
    begin, length = 0, min(len(text), LONGEST_TEXT)
    for gap in _SENTENCE_END.finditer(text, 0, length):
        # "Dr. Okello" and "J. Marsh" are no ends.
        if _ABBREVIATION.search(text, max(begin, gap.start() - 8), gap.start()):
            continue
        yield from _pieces(text, begin, gap.start())
        begin = gap.end()
    yield from _pieces(text, begin, length)


def _pieces(text: str, begin: int, end: int) -> Iterator[tuple[int, int]]:
    """The sentence, or a very long one in pieces, cut between words where there are any."""
    while end - begin > LONGEST_SENTENCE:
        cut = text.rfind(" ", begin + LONGEST_SENTENCE // 2, begin + LONGEST_SENTENCE)
        cut = cut if cut > 0 else begin + LONGEST_SENTENCE
        yield begin, cut
        begin = cut
    if text[begin:end].strip():
        yield begin, end


def _in_sentence(text: str, start: int, end: int) -> Iterator[Attribution]:
    sentence = text[start:end]
    if _is_no_claim(sentence):
        return
    found_quotations = list(_QUOTATION.finditer(sentence))
    quoted = [found.span() for found in found_quotations]
    speech = [found.span() for found in found_quotations if _is_speech(sentence, found)]
    words = words_of(sentence)
    for pattern, kind in PHRASES:
        for found in pattern.finditer(sentence):
            if _is_other_according(words, found):
                continue
            yield Attribution(start + found.start(), start + found.end(), kind)
    yield from _speeches(sentence, start, speech, words)
    yield from _named_words(sentence, start, quoted)
    inside = _inside(quoted)
    for at, word in enumerate(words):
        if word.low not in CUES or word.start in inside:
            continue
        kind_here = kind_of(sentence, words, at, speech, quoted)
        if kind_here is not None:
            yield Attribution(start + word.start, start + word.end, kind_here)


def _is_no_claim(sentence: str) -> bool:
    """What a work under review tells, a question for the teller, the paper on itself."""
    return bool(_OF_A_WORK.search(sentence) or _WHO_SAID.search(sentence))


def _inside(spans: Iterable[tuple[int, int]]) -> frozenset[int]:
    """Every place within these spans."""
    return frozenset(place for begin, end in spans for place in range(begin, end))


def _is_speech(sentence: str, found: "re.Match[str]") -> bool:
    """Whether words in quotation marks are somebody's speech rather than a name or a title."""
    inside = found.group().strip("“”\"«»‘’' ")
    if inside.endswith((",", "!", "?", "…")):
        return True
    words = inside.split()
    if _is_title(words):
        return False
    return len(words) >= 3 or inside.endswith(".")


def _is_title(words: Sequence[str]) -> bool:
    """Whether most of the longer words have capitals: a song, a ship, a headline."""
    long = [word for word in words if len(word) > 3] or list(words)
    return sum(1 for word in long if word[:1].isupper()) * 2 > len(long)


def _speeches(
    sentence: str, start: int, quotations: Sequence[tuple[int, int]], words: Sequence[Word]
) -> Iterator[Attribution]:
    """Speech that the sentence gives to somebody, whatever the verb."""
    for begin, end in quotations:
        outside = [word for word in words if not begin <= word.start < end]
        if len(outside) < 2:
            continue
        before = sentence[:begin].rstrip()
        inside = sentence[begin:end].strip("“”\"«»‘’' ")
        speaks = inside.endswith((",", "!", "?")) and len(inside.split()) >= 2
        introduced = before.endswith((":", ",")) and len(inside.split()) >= 3
        fragment = inside[:1].islower() and len(inside.split()) >= 3
        if speaks or (
            (introduced or fragment)
            and any(
                word.is_capital or word.low in SPEAKERS or word.low in PRONOUNS for word in outside
            )
        ):
            yield Attribution(start + begin, start + end, Kind.SAID)


def _named_words(
    sentence: str, start: int, quoted: Sequence[tuple[int, int]]
) -> Iterator[Attribution]:
    """ "“Bring boots” was the advice of", "“Nobody asked us” is how she sees it"."""
    for begin, end in quoted:
        inside = sentence[begin:end].strip("“”\"«»‘’' ").split()
        if len(inside) >= 2 and not _is_title(inside) and _IS_THE.match(sentence, end):
            yield Attribution(start + begin, start + end, Kind.SAID)


def _is_other_according(words: Sequence[Word], found: re.Match[str]) -> bool:
    """Whether it is "according to plan" or "to height", which name no source."""
    if not found.group().lower().startswith("according"):
        return False
    after = [word.low for word in words if word.start >= found.end()][:3]
    while after and after[0] in DETERMINERS:
        after = after[1:]
    return not after or after[0] in NOT_ACCORDING
