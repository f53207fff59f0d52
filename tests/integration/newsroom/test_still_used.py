"""What sources and stories need is deleted neither singly nor in bulk, and a sentence says why."""

from typing import Any

import pytest
from django.contrib.messages import get_messages
from django.core.files.base import ContentFile
from django.test import Client
from wagtail.documents.models import Document

from diurna.accounts.roles import Role
from diurna.newsroom.models import Byline, Contributor
from tests.factories.accounts import enrol
from tests.factories.citing import make_source
from tests.factories.desk import at_desk
from tests.factories.newsroom import make_contributor, make_draft, make_user

pytestmark = pytest.mark.django_db

PEOPLE = "/newsroom/snippets/newsroom/contributor/delete/{}/"
ALL_PEOPLE = "/newsroom/bulk/newsroom/contributor/delete/?id={}"
FILES = "/newsroom/documents/delete/{}/"
ALL_FILES = "/newsroom/bulk/wagtaildocs/document/delete/?id={}"


def said(answer: Any) -> str:
    assert answer.status_code == 302
    return " ".join(str(message) for message in get_messages(answer.wsgi_request))


@pytest.mark.parametrize("address", [PEOPLE, ALL_PEOPLE])
def test_a_contributor_who_is_a_source_stays(address: str) -> None:
    client, _user = at_desk(Role.PUBLISHER)
    person = make_contributor("Anna Quay")
    make_source("What Anna saw", person=person)
    assert "What Anna saw" in said(client.post(address.format(person.pk)))
    assert Contributor.objects.filter(pk=person.pk).exists()


@pytest.mark.parametrize("address", [PEOPLE, ALL_PEOPLE])
def test_a_contributor_with_a_by_line_stays(address: str) -> None:
    client, _user = at_desk(Role.PUBLISHER)
    person, story = make_contributor("Anna Quay"), make_draft()
    Byline.objects.create(article=story, contributor=person, role="writing")
    assert story.title in said(client.post(address.format(person.pk)))
    assert Contributor.objects.filter(pk=person.pk).exists()


@pytest.mark.parametrize("address", [FILES, ALL_FILES])
def test_a_document_that_is_a_source_stays(address: str) -> None:
    user = make_user(is_superuser=True, is_staff=True)
    enrol(user)
    client = Client()
    client.force_login(user)
    document = Document.objects.create(title="Accounts", file=ContentFile(b"one", "a.txt"))
    make_source("The accounts", document=document)
    assert "The accounts" in said(client.post(address.format(document.pk)))
    assert Document.objects.filter(pk=document.pk).exists()
