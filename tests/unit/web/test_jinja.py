"""Templates drawn by Jinja say what Django's would: in each language, escaped, in local time."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from django.template import Context, Template
from django.utils import timezone, translation
from django.utils.safestring import mark_safe
from jinja2 import DictLoader, UndefinedError

from diurna.web.jinja import environment

# What both languages write alike.
SAME = (
    '<p title="{% translate "Sources" %}">{% translate "Related stories" %}</p>',
    "{% blocktranslate with name=who %}Checked by {{ name }},{% endblocktranslate %}",
    "{% blocktranslate %}{{ who }} is 100% sure & says so.{% endblocktranslate %}",
    "{% blocktranslate trimmed with a=number b=who %}\n  Of {{ a }}\n  in <b>{{ b }}</b>\n"
    "{% endblocktranslate %}",
    "{% blocktranslate count minutes=number %}{{ minutes }} minute to read{% plural %}"
    "{{ minutes }} minutes to read{% endblocktranslate %}",
    "{% blocktranslate trimmed count n=number with shown=who %}\n{{ shown }} vote\n{% plural %}\n"
    "{{ shown }} votes\n{% endblocktranslate %}",
    "{% blocktranslate with count=number a=who %}{{ count }} of {{ a }}{% endblocktranslate %}",
    "{% blocktranslate count n=number %}one of {{ safe }}{% plural %}many of {{ safe }}"
    "{% endblocktranslate %}",
    "{{ at|day }} {{ at|minute }} {{ at|machine_time }} {{ number|net }} {{ safe }}",
)


@pytest.mark.parametrize("language", ["en", "ar"])
@pytest.mark.parametrize("number", [1, 2, 11, 40])
@pytest.mark.parametrize("source", SAME)
def test_a_sentence_is_the_one_of_django(source: str, number: int, language: str) -> None:
    given = {
        "who": 'A & <b>"B"</b>',
        "number": number,
        "safe": mark_safe("<i>as it is</i>"),
        "at": datetime(2026, 3, 14, 23, 30, tzinfo=UTC),
    }
    with translation.override(language), timezone.override(ZoneInfo("Asia/Tokyo")):
        ours = environment(language).from_string(source).render(given)
        theirs = Template("{% load i18n reader %}" + source).render(Context(given))
    # The same character twice over, in two of its names.
    assert ours.replace("&#34;", "&quot;") == theirs


def test_a_moment_is_that_of_the_newsrooms_zone() -> None:
    late = datetime(2026, 3, 14, 23, 30, tzinfo=UTC)
    with translation.override("en"), timezone.override(ZoneInfo("Asia/Tokyo")):
        text = environment("en").from_string("{{ at|minute }}").render(at=late)
    assert "15" in text
    assert "08:30" in text


def test_a_name_that_nobody_gave_is_an_error_and_no_gap() -> None:
    with pytest.raises(UndefinedError, match="nobody"):
        environment("en").from_string("{{ nobody }}").render()


def test_in_a_sentence_stand_names_only() -> None:
    with pytest.raises(TypeError, match="names"):
        environment("en").from_string(
            "{% blocktranslate %}By {{ who.name }}{% endblocktranslate %}"
        )


def test_what_is_included_stands_in_its_place_and_what_is_set_there_stays_there() -> None:
    with translation.override("en"):
        made = environment("en").overlay(
            loader=DictLoader({"part": "{% set name = 'inside' %}[{{ name }} {{ given }}]"})
        )
        page = made.from_string(
            "{% set name = 'outside' %}{% for given in 'ab' %}{% include 'part' %}{% endfor %}"
            "{{ name }}"
        )
        text = page.render()
        # Not looked for again: the words are in the page.
        made.loader = DictLoader({})
        assert page.render() == text == "[inside a][inside b]outside"


def test_while_somebody_writes_templates_the_included_ones_are_looked_for_each_time() -> None:
    with translation.override("en"):
        made = environment("en").overlay(loader=DictLoader({"part": "before"}), auto_reload=True)
        page = made.from_string("{% include 'part' %}")
        assert page.render() == "before"
        made.loader = DictLoader({"part": "after"})
        assert page.render() == "after"
