"""What `diurna doctor` found of one subject."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One subject: its number, whether it is well, whether it is optional and off, and in words.

    The numbers stay (`docs/reference/doctor.md` has a remedy for each); Django's own checks have
    theirs as the subject, and none here.
    """

    subject: str
    well: bool
    sentence: str
    optional: bool = False
    code: str = ""
