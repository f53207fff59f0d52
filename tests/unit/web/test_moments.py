"""Days and moments are written as Django writes them, in every language and every format."""

from datetime import UTC, date, datetime

import pytest
from django.utils import translation
from django.utils.formats import date_format

from diurna.web.moments import day_words, minute_words, weekday_words

MOMENT = datetime(2026, 3, 5, 14, 5, tzinfo=UTC)


@pytest.mark.parametrize("language", ["en", "ar", "de", "pt-br", "ja", "hu", "fr-ca", "lt"])
def test_they_are_those_of_the_date_filter(language: str) -> None:
    with translation.override(language):
        assert day_words(MOMENT) == date_format(MOMENT, "DATE_FORMAT")
        assert day_words(MOMENT.date()) == date_format(MOMENT.date(), "DATE_FORMAT")
        assert minute_words(MOMENT) == date_format(MOMENT, "DATETIME_FORMAT")


@pytest.mark.parametrize(
    ("language", "day", "minute"),
    [
        ("en", "5 March 2026", "5 March 2026, 14:05"),
        ("ar", "5 مارس 2026", "5 مارس 2026، 14:05"),
        ("de", "5. März 2026", "5. März 2026 14:05"),
        ("pt-br", "5 de Março de 2026", "5 de Março de 2026 às 14:05"),
    ],
)
def test_they_read_as_people_write_them(language: str, day: str, minute: str) -> None:
    with translation.override(language):
        assert (day_words(MOMENT), minute_words(MOMENT)) == (day, minute)


def test_a_day_can_have_its_weekday() -> None:
    with translation.override("en"):
        assert weekday_words(date(2026, 3, 5)) == "Thursday, 5 March 2026"
    with translation.override("ar"):
        assert weekday_words(date(2026, 3, 5)) == "الخميس، 5 مارس 2026"
