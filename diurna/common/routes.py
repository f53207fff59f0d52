"""Addresses by the names of their patterns, looked up once in a process."""

from functools import lru_cache
from typing import Final

from django.urls import get_script_prefix, get_urlconf, reverse

# A page names some dozens; those of people and topics that are asked for often.
_MOST: Final = 4096


def address(name: str, *arguments: object) -> str:
    """As `reverse`, which takes ten times as long; the arguments have to be hashable."""
    return _address(name, arguments, get_urlconf(), get_script_prefix())


@lru_cache(maxsize=_MOST)
def _address(name: str, arguments: tuple[object, ...], urlconf: str | None, prefix: str) -> str:
    return reverse(name, args=arguments)
