"""Catalogs have all words, in all their forms; the tool that keeps them finds what is wrong."""

import sys
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Any

import pytest
from babel.messages.catalog import Catalog, Message

PATH = Path(__file__).parents[3] / "tools" / "messages.py"
SIX = 6


@pytest.fixture(scope="module")
def messages() -> Any:
    spec = spec_from_file_location("messages", PATH)
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    # Its dataclass looks for the module by name.
    sys.modules["messages"] = module
    # As when it is run: what lies beside it can be imported.
    sys.path.insert(0, str(PATH.parent))
    spec.loader.exec_module(module)
    yield module
    sys.path.remove(str(PATH.parent))
    del sys.modules["messages"]


class TestTheCatalogs:
    def test_have_the_words_of_the_code_and_are_compiled(self, messages: Any) -> None:
        assert list(messages.not_current(messages.languages())) == [], "run: bin/messages update"

    def test_are_translated_to_the_last_word(self, messages: Any) -> None:
        missing = [
            f"{place.app} {place.language}: {message.id!r} {fault}"
            for place, message, fault in messages.all_faults(messages.languages())
        ]
        assert missing == []

    def test_say_the_same_words_in_one_way(self, messages: Any) -> None:
        assert list(messages.two_ways(messages.languages())) == []

    def test_say_how_many_forms_the_plural_has(self, messages: Any) -> None:
        assert "ar" in messages.languages()
        for place in messages.places(["ar"]):
            assert place.read().num_plurals == SIX, place

    def test_are_no_words_that_nobody_wants(self, messages: Any) -> None:
        # So the tests above compared something.
        assert sum(len(place.read()) for place in messages.places(["ar"])) > 3000


class TestATranslation:
    @pytest.mark.parametrize(
        ("words", "translated"),
        [
            ("Hot", "الرائج"),
            ("By %(name)s", "بقلم %(name)s"),
            ('Read <a href="/ledger/">it</a>', 'اقرأ <a href="/ledger/">ذلك</a>'),
            (("%(n)s vote", "%(n)s votes"), ("%(n)s", "صوت", "صوتان", *["%(n)s"] * 3)),
        ],
    )
    def test_is_right(self, messages: Any, words: Any, translated: Any) -> None:
        assert messages.faults(Message(words, translated), SIX) == []

    @pytest.mark.parametrize(
        ("words", "translated", "said"),
        [
            ("Hot", "", "is not translated"),
            ("By %(name)s", "بقلم", "placeholders"),
            ("By %(name)s", "بقلم %(nme)s", "placeholders"),
            ("Read <b>it</b>", "اقرأ ذلك", "tags"),
            ('See <a href="/a/">it</a>', 'انظر <a href="/b/">إليه</a>', "tags"),
            ("Hot", "الرائج ", "spaces"),
            (("%(n)s vote", "%(n)s votes"), ("صوت", "أصوات"), "all of its 6 forms"),
            (("%d vote", "%d votes"), ("%d صوت", "صوت", *["%d صوت"] * 4), "placeholders"),
        ],
    )
    def test_is_wrong(self, messages: Any, words: Any, translated: Any, said: str) -> None:
        assert said in messages.faults(Message(words, translated), SIX)[0]

    def test_that_is_a_guess_is_none(self, messages: Any) -> None:
        guess = Message("Hot", "حار", flags=["fuzzy"])
        assert messages.faults(guess, SIX) == ["is marked as a guess (fuzzy)"]


def test_the_same_words_give_the_same_bytes(messages: Any) -> None:
    catalog = messages.header_of("ar", "django")
    catalog.add("Hot", "الرائج", locations=[("diurna/web/lists.py", None)])
    written = messages.po_bytes(catalog)
    assert b"nplurals=6" in written
    assert b"Date" not in written
    assert messages.mo_bytes(catalog) == messages.mo_bytes(catalog)


def test_new_words_come_in_empty_and_old_ones_leave(messages: Any, tmp_path: Path) -> None:
    place = messages.Place("web", "django", "ar")
    before = place.read()
    known = next(message for message in before if message.id and message.string)
    template = Catalog()
    template.add(known.id, context=known.context)
    template.add("Words that nobody has written before")
    after = messages.brought_up_to_date(place, template)
    assert {message.id: message.string or "" for message in after if message.id} == {
        known.id: known.string,
        "Words that nobody has written before": "",
    }


def test_a_language_that_django_does_not_know_is_refused(messages: Any) -> None:
    with pytest.raises(SystemExit, match="knows no language"):
        messages.header_of("tlh", "django")


def test_words_of_scripts_are_found_inside_one_another(messages: Any) -> None:
    script = """
    say(t`Shown ${up ? t`up` : `${no}!`}: ${ {a: 1}.a } of ${b}.`); const x = at`no`;
    // behind `t` in words, t`never`
    """
    found = [words for _line, words in messages.script_words(script)]
    assert found == ["Shown {0}: {1} of {2}.", "up"]
