"""How the words of the search get into Wagtail's index: fields of its kind."""

from typing import Any

from wagtail.search import index


class HeadlineField(index.SearchField):
    """What stands in modelsearch's title beside the headline: `search_headline` of the row."""

    def __init__(self) -> None:
        super().__init__("title", boost=2)

    def get_value(self, obj: Any) -> str:
        """The stems of the headline."""
        return str(obj.search_headline())
