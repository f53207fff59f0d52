"""Names that a reader may not take, in all the disguises that Unicode has for them."""

import pytest

from diurna.accounts import reserved_names
from diurna.accounts.models import User
from diurna.accounts.reserved_names import clean_name, is_reserved, skeleton
from diurna.accounts.roles import Role
from diurna.common.errors import Invalid
from diurna.newsroom.models import Contributor
from tests.factories.accounts import make_person
from tests.factories.newsroom import make_front

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def newsroom() -> None:
    make_front("The Harbour Light")
    Contributor.objects.create(name="Marta Vale", slug="marta-vale")
    Contributor.objects.create(name="Николай Рыбак", slug="nikolai")
    person = make_person(Role.EDITOR)
    person.display_name = "Joan Pell"
    person.is_staff = True
    person.save()


@pytest.mark.parametrize(
    "name",
    [
        "admin",
        "ADMIN",
        "Admin",
        "webadmin",
        "Editor",
        "moderator",
        "Moderators",
        "webmaster",
        "editor2",
        "The Editor",
        "Editor in chief",
        "official site admin",
        "Redaktion",
        "admin\u200b",
        "ad\u200dmin",
        "ad\u00admin",
        "\u202eadmin",
        "a d m i n",
        "a.d.m.i.n",
        "_admin_",
        "[Admin]",
        "àdmïn",
        "a\u0301dmin",
        "аdmin",  # Cyrillic а
        "АDМІN",  # Cyrillic capitals
        "αdmin",  # Greek alpha
        "ΑDΜΙΝ",  # Greek capitals
        "ＡＤＭＩＮ",  # full width
        "𝐚𝐝𝐦𝐢𝐧",  # mathematical
        "ⓐⓓⓜⓘⓝ",  # circled
        "ᴀᴅᴍɪɴ",  # small capitals
        "ᎪᎠᎷᏆN".replace("Ꮖ", "I"),  # Cherokee
        "adm1n",
        "adrnin",
        "@dmin",
        "The @dm!n",
        "4dmin",
        "adm\u0131n",
        "ADM\u0130N",
        "adm\u3164in",
        "adm\ufe0fin",
        "Marta Vale",
        "marta vale",
        "MARTAVALE",
        "Marta  Vale",
        "Mаrtа Vаlе",  # Cyrillic а and е
        "Marta Va1e",
        "Marta VaIe",  # capital i
        "Marta Vale 2",
        "Márta Vâle",
        "Николай Рыбак",
        "николай рыбак",
        "Joan Pell",
        "Jоаn Реll",  # Cyrillic
        "The Harbour Light",
        "Harbour Light".replace("Harbour", "The Harbour"),
    ],
)
def test_the_newsrooms_names_are_kept_in_every_form(name: str) -> None:
    assert is_reserved(name)
    with pytest.raises(Invalid, match="Please choose another"):
        clean_name(name)


@pytest.mark.parametrize(
    "name",
    [
        "Rosa Keel",
        "Ed",
        "Adminah",
        "Modesty Blaise",
        "Rooth Sands",
        "Marta",
        "Vale",
        "Marta Valetta",
        "Editha Torr",
        "Chief Brody",
        "The Reader",
        "李雷",
        "علي",
        "हिन्दी",
        "Δημήτρης",
        "Анна",
        "O'Brien",
        "Jean-Luc",
        "reader 17",
        "Press Gang",
    ],
)
def test_other_names_are_free(name: str) -> None:
    assert not is_reserved(name)
    assert clean_name(name) == name


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  Rosa   Keel ", "Rosa Keel"),
        ("Rosa\u200bKeel", "RosaKeel"),
        ("Rosa\nKeel", "Rosa Keel"),
        ("Rosa\u202eKeel", "RosaKeel"),
        ("Rose\u0301", "Rosé"),
        ("Rosa\x00Keel", "RosaKeel"),
        ("می\u200cخواهم", "می\u200cخواهم"),
    ],
)
def test_a_name_is_kept_in_one_spelling(typed: str, kept: str) -> None:
    assert clean_name(typed) == kept


@pytest.mark.parametrize("name", ["", "  ", "\u200b\u2060", "\u3164", "...", "\u2800", "★"])
def test_a_name_has_something_to_read(name: str) -> None:
    with pytest.raises(Invalid, match="letter or a digit"):
        clean_name(name)


def test_a_name_has_a_limit() -> None:
    assert clean_name("x" * 100)
    with pytest.raises(Invalid, match="at most 100"):
        clean_name("x" * 101)


def test_a_name_made_long_for_the_machine_is_read_quickly() -> None:
    with pytest.raises(Invalid):
        clean_name("\ufdfa" * 200_000)


def test_people_of_the_newsroom_bear_their_own_names() -> None:
    joan = User.objects.get(display_name="Joan Pell")
    assert clean_name("Joan Pell", of=joan) == "Joan Pell"


def test_a_reader_keeps_a_name_but_takes_nobody_elses() -> None:
    reader = make_person()
    reader.display_name = "Rosa Keel"
    reader.save()
    assert clean_name("Rosa Keel", of=reader) == "Rosa Keel"
    with pytest.raises(Invalid):
        clean_name("Joan Pell", of=reader)


def test_rooms_above_add_names(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reserved_names, "_sources", list(reserved_names._sources))
    assert not is_reserved("Ann Gale")
    reserved_names.reserve(lambda: ["Ann Gale"])
    assert is_reserved("ann gаle")


def test_skeletons_of_different_names_differ() -> None:
    names = ["Anna", "Hannah", "Marta Vale", "Николай", "Δημήτρης", "李雷", "علي", "हिन्दी", "हिन्दू"]
    assert len({skeleton(name) for name in names}) == len(names)
