"""What a judge says of one thing."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Verdict:
    """One line of the table; `details` say what was found, one finding each."""

    judge: str
    subject: str
    figure: str
    passed: bool
    details: tuple[str, ...] = field(default=())
