"""Where the pages beside one of a list are, as `components/pages.html` wants it."""

from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page
from django.urls import reverse


@dataclass(frozen=True, kw_only=True)
class Pages:
    """Where newer and older ones are (empty where there are none), and the page's number."""

    number: int
    newer: str
    older: str


def pages_beside(batch: "Page[Any]", name: str) -> Pages:
    """Those beside this page of the list at the address of this name (`?p=`)."""
    address = reverse(name)
    return Pages(
        number=batch.number,
        newer=f"{address}?p={batch.previous_page_number()}" if batch.has_previous() else "",
        older=f"{address}?p={batch.next_page_number()}" if batch.has_next() else "",
    )
