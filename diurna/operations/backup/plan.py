"""What a restore shall do, and what it has to say afterwards. No Django."""

from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What kind of restore it is: as it was, with a new log, or as a copy to try things on."""

    site_url: str
    as_copy: bool = False
    new_log: bool = False
    erasures: Path | None = None


@dataclass(kw_only=True)
class Restored:
    """What was restored, in sentences, and the origin of its log (empty without one)."""

    origin: str = ""
    sentences: list[str] = field(default_factory=list)

    def say(self, sentence: str) -> None:
        """Add a sentence."""
        self.sentences.append(sentence)
