"""What the check before publishing can find. Pure."""

import hashlib
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

_NAME_LENGTH: Final = 16


class Check(StrEnum):
    """What is looked for; the value is the field of `PrepublishSettings` that sets its level."""

    ATTRIBUTION = "attribution"
    QUOTATION = "quotation"
    ANONYMOUS = "anonymous"
    MARKER = "marker"
    WORDS_GONE = "words_gone"
    DEAD_SOURCE = "dead_source"
    ALT_TEXT = "alt_text"
    CREDIT = "credit"
    LICENCE = "licence"
    HEADLINE = "headline"
    STANDFIRST = "standfirst"
    TOPIC = "topic"
    SECTION = "section"
    BYLINE = "byline"
    BYLINE_NAME = "byline_name"
    LINK = "link"
    EMPTY_PART = "empty_part"


@dataclass(frozen=True)
class Finding:
    """One thing in a draft that an editor should see before readers do.

    `about` are the words it is about, "" for what is missing; `why` is a full sentence that says
    what to do; `path` is Wagtail's path of content in the editor (`standfirst`,
    `body.<id of the block>`); `place` says the same for people. `is_error` is what the newsroom's
    settings make of it. `source` is the lasting name of the source that it is about, "" for other
    findings: nothing else of a source may outlast the moment in which it is no longer named.
    """

    check: Check
    why: str
    path: str
    place: str
    about: str = ""
    is_error: bool = False
    source: str = ""

    @property
    def name(self) -> str:
        """16 hexadecimal digits for the same finding about the same words, wherever they stand."""
        told = f"{self.check.value}\0{self.about}".encode()
        return hashlib.sha256(told).hexdigest()[:_NAME_LENGTH]
