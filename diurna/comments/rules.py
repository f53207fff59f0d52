"""What readers are told of the rule by which a comment was taken off a page."""

from collections.abc import Callable

from django.utils.translation import gettext as _

_house_rule: list[Callable[[str], str]] = []


def register(lookup: Callable[[str], str]) -> None:
    """Have the newsroom's own rules looked up: their title by their word, empty for none."""
    _house_rule[:] = [lookup]


def rule_words(rule: str) -> str:
    """The rule in a few words, for “removed: ...”; a newsroom's own rule is its own words."""
    words = {
        "appeal": _("somebody has looked again, after an appeal"),
        "author": _("by its author"),
        "banned_words": _("it has words that this newsroom does not print"),
        "duplicate": _("the same words were posted more than once"),
        "links": _("too many links"),
        "newcomer": _("a moderator has looked at it and did not let it stand"),
        "spam": _("advertising"),
        "akismet": _("advertising"),
        "reports": _("many readers have reported it"),
        "moderator": _("a moderator has decided so"),
        "undo": _("a decision was taken back"),
    }
    own = _house_rule[0](rule) if _house_rule else ""
    return own or words.get(rule) or rule.replace("_", " ").replace("-", " ")
