"""Every table that points to a reader is covered by a handler, and an export tells what is held."""

import json
from typing import Any

import pytest
from django.apps import apps

from diurna.accounts.export import export_of
from diurna.accounts.models import Guest, User
from diurna.accounts.personal_data import Handler, handlers, register
from diurna.accounts.roles import Role
from diurna.points.models import Vote
from tests.factories.accounts import enrol, make_person
from tests.factories.newsroom import make_article, make_contributor
from tests.factories.votes import guest, member, vote


def fields_that_name_readers() -> set[str]:
    """Every column of the database that points to an account or a guest."""
    return {
        f"{model._meta.label}.{field.name}"
        for model in apps.get_models(include_auto_created=True)
        for field in model._meta.local_fields
        if field.is_relation and field.related_model in (User, Guest)
    }


def held() -> set[str]:
    return {column for handler in handlers() for column in handler.holds}


def test_every_column_that_names_a_reader_has_a_handler() -> None:
    assert fields_that_name_readers() - held() == set()


def test_no_handler_claims_a_column_that_is_not_there() -> None:
    assert held() - fields_that_name_readers() == set()


def test_a_second_handler_of_a_name_replaces_the_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("diurna.accounts.personal_data._handlers", {})
    for number in range(2):
        register(
            Handler(
                name="one",
                holds=frozenset({str(number)}),
                export=lambda _reader: {},
                erase=lambda _reader: None,
            )
        )
    assert [handler.holds for handler in handlers()] == [{"1"}]


def exported(reader: User | Guest) -> dict[str, Any]:
    found = json.loads(export_of(reader))
    assert isinstance(found, dict)
    return found


@pytest.mark.django_db
def test_an_export_holds_the_account_and_no_secret() -> None:
    user = make_person(email="ada@reader.example")
    secret = enrol(user)
    user.display_name = "Ada"
    user.ledger_key = b"k" * 32
    user.save()

    found = exported(user)

    assert found["kind"] == "account"
    account = found["account"]
    assert (account["email"], account["display_name"]) == ("ada@reader.example", "Ada")
    assert account["uuid"] == str(user.uuid)
    assert account["addresses"] == [
        {"email": "ada@reader.example", "verified": True, "primary": True}
    ]
    assert [factor["type"] for factor in account["second_factors"]] == ["totp", "recovery_codes"]
    text = json.dumps(found)
    for hidden in (secret, user.password, (b"k" * 32).hex(), "encrypted", "seed"):
        assert hidden not in text


@pytest.mark.django_db
def test_an_export_holds_each_vote_with_its_name_in_the_log_and_every_press() -> None:
    article, visitor = make_article("The tide"), member(network=7)
    assert visitor.user is not None
    vote(article, visitor, 1)
    vote(article, visitor, -1)

    [told] = exported(visitor.user)["points"]["votes"]

    assert told["on"] == f"article:{article.uuid}"
    assert told["title"] == "The tide"
    assert told["name_in_the_log"] == Vote.objects.get().voter
    assert (told["value"], told["counted"], told["class"]) == (-1, True, "member")
    assert [(press["n"], press["value"], press["network"]) for press in told["presses"]] == [
        (1, 1, 7),
        (2, -1, 7),
    ]
    assert all(len(press["hash_of_entry"]) == 64 for press in told["presses"])


@pytest.mark.django_db
def test_a_guests_export_holds_the_guests_votes_and_nobody_elses() -> None:
    article = make_article()
    vote(article, "one")
    vote(article, "two")
    found = exported(Vote.objects.order_by("pk")[0].guest or Guest())
    assert found["kind"] == "guest"
    assert found["account"]["uuid"] == str(guest("one").guest)
    assert len(found["points"]["votes"]) == 1
    assert str(guest("two").guest) not in json.dumps(found)


@pytest.mark.django_db
def test_the_export_of_somebody_who_works_here_tells_what_they_did() -> None:
    editor = make_person(Role.EDITOR)
    make_contributor("Ada", user=editor)
    make_article("The ebb", actor=editor, owner=editor)
    found = exported(editor)
    assert found["newsroom"]["newsroom.Contributor.user"][0]["name"] == "Ada"
    assert found["newsroom"]["newsroom.Article.published_by"][0]["title"] == "The ebb"
    assert found["desk"]["wagtailcore.Page.owner"][0]["title"] == "The ebb"
    assert "Editors" in found["account"]["roles"]
