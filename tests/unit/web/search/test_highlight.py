"""Marks stand where the words are, and no markup gets through."""

import re
from html import unescape

from hypothesis import given
from hypothesis import strategies as st

from diurna.newsroom.search.words import stems
from diurna.web.search.highlight import marked, passage


def test_words_are_marked_in_every_form() -> None:
    html = marked("The Ferry’s <b>ferries</b> & Feré", frozenset(stems("ferry")), "en")
    assert html == ("The <mark>Ferry’s</mark> &lt;b&gt;<mark>ferries</mark>&lt;/b&gt; &amp; Feré")


def test_a_passage_is_the_place_with_most_words() -> None:
    text = "The ferry left.\n" + "Nothing happened. " * 30 + "\nThe night ferry came back at last."
    assert passage(text, frozenset(stems("night ferry")), "en") == (
        "… The <mark>night</mark> <mark>ferry</mark> came back at last."
    )
    assert passage(text, frozenset(["absent"]), "en") == ""


@given(
    st.text(st.sampled_from("<>&\"'ab mark/\n é"), max_size=400), st.text("ab marké", max_size=20)
)
def test_nothing_but_marks_gets_through(text: str, typed: str) -> None:
    wanted = frozenset(stems(typed))
    for html in (marked(text, wanted, "en"), passage(text, wanted, "en")):
        bare = re.sub("</?mark>", "", html)
        assert "<" not in bare
        assert ">" not in bare
        assert html.count("<mark>") == html.count("</mark>")
    assert unescape(re.sub("</?mark>", "", marked(text, wanted, "en"))) == text
