"""Fixed phrases that attribute, whatever verb or subject stands around them. Pure.

No pattern repeats anything without a limit, so none takes more than a bounded number of steps from
one place of a text.
"""

import re
from enum import StrEnum
from typing import Final


class Kind(StrEnum):
    """How a text attributes."""

    TOLD = "told"
    REPORTS = "reports"
    ACCORDING = "according"
    SAID = "said"
    DATA = "data"


def _any(words: str) -> str:
    """A group of alternatives: words parted by spaces, `_` for a space within one."""
    return f"(?:{'|'.join(words.split()).replace('_', ' ')})"


def _upto(most: int, least: int = 0) -> str:
    """So many words, each with its space."""
    return rf"(?:[\w’'.-]{{1,40}} ){{{least},{most}}}"


_BE: Final = _any("is are was were has_been have_been had_been")
_OF_SOMEBODY: Final = _any("the its their his her our my a an one")
_HEARING: Final = _any(
    "court courts jury jurors judge judges magistrates inquest inquiry tribunal committee"
    " hearing panel councillors delegates members police meeting MPs senators council coroner"
)
_CLAIMS: Final = _any(
    "claim claims assertion assertions allegation allegations accusation accusations warning"
    " warnings statement statements suggestion suggestions admission insistence denial"
    " contention belief prediction promise revelation revelations report reports rumour"
    " rumours rumor rumors estimate finding fear fears concerns confirmation"
)
_NEWS_OF: Final = _any("claims allegations accusations reports warnings rumours rumors denials")
_TEXTS: Final = _any(
    "statement tweet post e-mail email letter interview memo filing speech video message blog"
    " column affidavit bulletin submission testimony podcast broadcast briefing press_release"
    " news_conference press_conference report note essay article ruling judgment verdict"
    " lawsuit"
)
_PLACES_OF_WORDS: Final = _any(
    "Instagram Facebook Twitter X TikTok Telegram Mastodon Bluesky LinkedIn YouTube Weibo"
    " WeChat Truth_Social social_media radio television state_television"
)

PHRASES: Final = tuple(
    (re.compile(pattern, re.IGNORECASE), kind)
    for pattern, kind in (
        (rf"\bquoted {_upto(4)}(?:as )?saying\b", Kind.SAID),
        (rf"\b{_BE} (?:quoted|cited|described as having)\b", Kind.SAID),
        (
            # "Her father was said to be tall" is hearsay as well; "believed to be" of anybody.
            rf"\b{_BE} (?:widely |also |now |still |long )?"
            rf"{_any('said reported believed understood thought alleged rumoured rumored known')}"
            r" to (?:have|be)\b",
            Kind.SAID,
        ),
        (
            rf"\bit (?:{_BE}|has) (?:also |now |since |widely |later |already )?"
            + _any(
                "understood alleged claimed reported said believed rumoured rumored announced"
                " confirmed suggested revealed emerged thought"
            )
            + r"\b(?! by the tide)",
            Kind.SAID,
        ),
        (
            r"\b(?:is|are|was|were|remains?|remained|seemed|sounded) (?:\w{1,30}ly |not )?"
            r"(?:adamant|(?:un)?(?:convinced|persuaded)|certain|sure|confident|sceptical|skeptical|insistent|doubtful)"
            r" (?=(?:that|it|its|he|she|they|the|about|by|there)\b)"
            r"|\b(?:is|are|was|were|remains?) (?:not |un)(?:convinced|persuaded|impressed)\b",
            Kind.SAID,
        ),
        (
            r"\b(?:voice|express|raise|echo|share)(?:s|d|ed) (?:\w+ ){0,3}"
            r"(?:concerns?|anger|doubts?|fears?|alarm|hopes?|regrets?|worry|worries|support|dismay"
            r"|surprise|outrage|confidence|frustration|disappointment|relief|shock|criticism)\b",
            Kind.SAID,
        ),
        (
            r"\bm(?:ade|akes|ake) (?:it )?(?:clear|plain|known|no secret)\b"
            r"|\bputs? (?:\w+ ){1,5}down to\b",
            Kind.SAID,
        ),
        (
            r"\b(?:answer|reply|response|message|explanation|advice|argument|excuse|complaint)"
            r" (?:was|is|has been|had been)\b(?! due| delayed| late| sent)",
            Kind.SAID,
        ),
        (
            r"\b(?:described|condemned|criticised|criticized|denounced|disputed|denied|branded"
            r"|dismissed|hailed|praised|ridiculed) (?:[\w’'-]{1,30} ){0,5}by\b",
            Kind.SAID,
        ),
        (
            r"\ba copy of which\b|\b(?:has|have) (?:seen|obtained|reviewed) (?:a copy|copies)\b",
            Kind.DATA,
        ),
        (r"\b(?:allegedly|reportedly|purportedly|supposedly)\b", Kind.SAID),
        (
            rf"\b(?:as|{_BE}|were first|was first|first)"
            rf" {_any('reported disclosed revealed published')} (?:\w+ )?by\b"
            r"|\bfirst (?:reported|printed|published|revealed|disclosed)\b"
            r"|\bbroken by the\b|\bthere (?:are|were|have been|had been) (?:\w+ )?reports\b",
            Kind.REPORTS,
        ),
        (r"\baccording to\b", Kind.ACCORDING),
        (
            rf"\b(?:by|on) {_upto(4, 1)}own"
            r" (?:account|admission|reckoning|estimates?|count|figures|numbers|data)\b"
            rf"|\bby {_upto(3, 1)}{_any('account admission reckoning estimate')}\b"
            rf"|^per {_upto(5, 1)}|\bas per\b",
            Kind.ACCORDING,
        ),
        (
            rf"\b{_HEARING} (?:(?:was|were|has|have|had|also|later|then|been) ){{0,4}}"
            r"(?:heard|told) (?:that|how|on|of|there)\b|\bheard (?:that|how)\b"
            r"|\b(?:was|were|been|being) told (?:[\w’'.-]{1,40},? ){0,12}that\b"
            r"|\b(?:was|were|been|being) told (?:by|they|he|she|it|there)\b"
            r"|\b(?:was|were|been|being) told the (?!truth|story|tale|time)",
            Kind.TOLD,
        ),
        (rf"\b{_CLAIMS} that\b|\b{_NEWS_OF} of\b", Kind.SAID),
        (rf"\b{_BE} expected to (?:tell|announce|say|argue|warn|confirm)\b", Kind.SAID),
        (
            r"\b(?:dismiss(?:ed|es)|reject(?:ed|s)|denie[ds]|rebuffed|brushed aside)"
            r" (?:any |all |the |those |these |such )?"
            + _any(
                "talk claim claims suggestion suggestions report reports rumour rumours rumor"
                " rumors criticism accusation accusations allegation allegations charge"
                " charges speculation calls wrongdoing"
            )
            + r"\b",
            Kind.SAID,
        ),
        (
            rf"\b{_any('in on from via through with')} {_OF_SOMEBODY} {_upto(3)}{_TEXTS}\b"
            r"(?=[^.]{0,80}\b"
            r"(?:said|says|wrote|called|described|denied|confirmed|announced|accused|that)\b)",
            Kind.SAID,
        ),
        (
            rf"\b{_any('wrote posted said announced shared writes posts says')} (?:\w+ ){{0,2}}"
            rf"on {_PLACES_OF_WORDS}\b|\bin an? {_upto(2)}interview (?:with|to|for)\b",
            Kind.SAID,
        ),
        (
            r"^(?:Speaking|Writing|Testifying|Giving evidence) (?:to|at|after|before|on|in)\b"
            rf"|^(?:Speaking|Testifying) {_any('from outside under by')}\b",
            Kind.SAID,
        ),
        (rf"^Asked {_any('by whether about if why how what when')}\b", Kind.SAID),
        (
            rf"\bas {_upto(5, 1)}"
            r"(?:puts?|(?:has|had|tells|told|sees|saw) it|explain(?:s|ed)|note[sd])\b",
            Kind.SAID,
        ),
        (
            rf"\b{_any('leaked internal confidential')} "
            r"(?:e-?mails?|memos?|documents?|messages|recordings?|minutes)\b(?=[^.]{0,60}\b"
            rf"{_any('show reveal suggest say describe seen obtained indicate')})",
            Kind.DATA,
        ),
        (rf"\b{_any('seen obtained reviewed viewed')} by (?:the |this )?[A-Z][\w’'-]+", Kind.DATA),
        (
            rf"\b(?:quoting|citing) {_upto(1)}[\w’'-]+|\bcited (?:an?|the|two|three|unnamed) \w",
            Kind.REPORTS,
        ),
        (
            rf"\b{_any('word rumour rumor legend gossip talk tradition')} (?:has|had) it\b",
            Kind.SAID,
        ),
        (
            r"\bclaim(?:ed|s)? (?:responsibility|credit)\b"
            rf"|\bclaim(?:ed|s)? {_upto(5)}to (?:have|be)\b",
            Kind.SAID,
        ),
        (
            r"\b(?:went on|go on|c[ao]me forward|quick|at pains|took to \w{1,30}|wrote|rang|keen)"
            rf" {_upto(5)}to (?:say|argue|complain|warn|announce|demand|tell|add|note|describe"
            r"|insist|deny|stress|explain)\b",
            Kind.SAID,
        ),
        (
            r"\bby (?:all|most|many|some|several) accounts\b"
            r"|\b(?:on|by|in) (?:his|her|their|its) own (?:telling|account)\b",
            Kind.ACCORDING,
        ),
        (r"\bputs? (?:it|the|its|their|his|her) (?:[\w’'-]+ ){0,5}at (?=[\d£$€])", Kind.DATA),
        (
            rf"\bin (?:the|his|her|their|its) {_any('words view opinion telling account')} of\b"
            r"|\bin (?:his|her|their) (?:own )?(?:words|view|opinion|telling)\b",
            Kind.SAID,
        ),
        (
            rf"\b{_any('people source sources officials somebody someone person')}"
            r" (?:familiar with|close to|with (?:direct )?knowledge|briefed on)\b",
            Kind.SAID,
        ),
    )
)
