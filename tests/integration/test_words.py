"""Every word that the site itself says can be translated: pages, account, desk and letters."""

import re
from collections.abc import Iterable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.core import mail
from django.db import models
from django.test import Client
from django.utils import timezone

from diurna.accounts.roles import Role
from diurna.comments.subscriptions import follow
from diurna.moderation.house_rules import ensure_rules
from diurna.newsroom.models import Article, NewsroomSettings
from diurna.newsroom.standards.actions import publish_standard, save_draft
from tests.factories.accounts import enrol, make_person
from tests.factories.citing import cited_body, make_citation, make_outlet, make_source
from tests.factories.comments import (
    A_WEEK_LATER,
    comment_on,
    let_newcomers_in,
    published_comment,
)
from tests.factories.ledger import make_log
from tests.factories.letters import members_comment, named_member, post_of
from tests.factories.newsroom import (
    make_article,
    make_contributor,
    make_information_page,
    make_section,
    make_topic,
)
from tests.factories.pseudo_language import CODE, pseudo_language, unmarked, unmarked_in_text
from tests.factories.votes import guest

pytestmark = pytest.mark.django_db

TABLE = Path(__file__).with_name("roles_and_addresses.txt")
# Names and signs that are the same in every language.
NAMES = re.compile(
    r"\b(?:Diurna|RSS|Atom|JSON(?: Feed)?|CSV|UTC|DOI|ISBN|URL|SHA-256|WordPress|Akismet|GIPHY|GIF"
    r"|KB|MB|px|Mastodon|Bluesky|Facebook|Instagram|YouTube|ORCID|JTI|English)\b"
)
# Addresses, fingerprints, keys, paths.
SIGNS = re.compile(r"\S*[/@+=_]\S*|\b[0-9a-f]{8,}\b|\b[\w-]+\.[\w.-]+\b")
# What joins several contents in a line: “Nets – The Test Gazette (RSS)”.
JOINTS = re.compile(r"(?:^|\s)[-–—]+(?=\s|$)|[()|:;,·“”]")
LETTERS = re.compile(r"[A-Za-z]{2,}")

OF_READERS = (
    "/",
    "/latest/",
    "/hot/",
    "/top/week/",
    "/controversial/",
    "/search/",
    "/search/?q=nets",
    "/search/?q=nothing+of+the+kind",
    "/harbour/",
    "/harbour/discussed/",
    "/harbour/nets/",
    "/harbour/nets/changes/",
    "/harbour/nets/points/",
    "/harbour/nets/report/",
    "/harbour/nets/comments/",
    "/court/scales/",
    "/people/ada-pinto/",
    "/topics/ships/",
    "/outlets/the-other-paper/",
    "/about/",
    "/standards/",
    "/standards/ethics/",
    "/moderation/",
    "/moderation/log/",
    "/moderation/rules/",
    "/moderation/notice/",
    "/corrections/",
    "/ledger/",
    "/ledger/numbers/",
    "/ledger/check.html",
    "/nowhere/at-all/",
    "/account/login/",
    "/account/signup/",
    "/account/password/reset/",
    "/account/login/code/",
    "/account/guest/",
)
OF_MEMBERS = (
    "/account/",
    "/account/profile/",
    "/account/email/",
    "/account/password/change/",
    "/account/notifications/",
    "/account/decisions/",
    "/account/reports/",
    "/account/votes/",
    "/account/comments/",
    "/account/reading/",
    "/account/2fa/",
    "/account/sessions/",
    "/account/logout/",
)


@pytest.fixture
def edition() -> Iterator[None]:
    """A newsroom that speaks the language of marks, with something on every kind of page."""
    ada, ben = make_contributor("Ada Pinto"), make_contributor("Ben Oduya")
    topic = make_topic("Ships")
    harbour, court = make_section("Harbour"), make_section("Court")
    for number in range(3):
        make_article(f"Crane {number}", section=harbour, by={"writing": [ada]}, topics=[topic])
    nets = make_article("Nets", section=harbour, by={"reporting": [ada, ben]})
    cited = make_citation("four tons", make_source(outlet=make_outlet(), person=ada))
    make_article("Scales", section=court, body=cited_body(cited))
    make_information_page("About")
    publisher = make_person(role=Role.PUBLISHER)
    save_draft(kind="ethics", answers={"mission": "To ring."}, actor=publisher)
    publish_standard(kind="ethics", actor=publisher)
    ensure_rules()
    make_log()
    let_newcomers_in()
    published_comment(nets, at=timezone.now())
    newsroom = NewsroomSettings.current()
    newsroom.language = CODE
    newsroom.save()
    with pseudo_language():
        yield


def content() -> str:
    """All that people wrote: what stands in free text anywhere in the database."""
    written: list[str] = []
    for model in apps.get_models():
        names = [
            field.name
            for field in model._meta.concrete_fields
            if isinstance(field, (models.CharField, models.TextField, models.JSONField))
            and not field.choices
        ]
        if names:
            rows = model._base_manager.values_list(*names)
            written += [str(value) for row in rows for value in row if value]
    return "\n".join(written)


def not_marked(client: Client, addresses: Iterable[str]) -> dict[str, list[str]]:
    """What stands on each page that is neither marked nor the newsroom's own writing."""
    found = {}
    for address in addresses:
        response = client.get(address)
        assert response.status_code in (200, 404), f"{address}: {response.status_code}"
        if response["Content-Type"].startswith("text/html"):
            rest = not_content(unmarked(response.content.decode()))
            if rest:
                found[address] = rest
    return found


def not_content(found: list[str]) -> list[str]:
    """What is neither the newsroom's own writing nor a name or sign, in order, each once."""
    written = content()
    rest = []
    for piece in found:
        parts = JOINTS.split(SIGNS.sub(" ", NAMES.sub(" ", piece)))
        plain = [part.strip(" .#>") for part in parts if LETTERS.search(part)]
        if any(part not in written for part in plain):
            rest.append(piece)
    return list(dict.fromkeys(rest))


# Wagtail's own: no page, the way in, and a button that Wagtail does not translate.
NOT_OURS = ("/newsroom/jsi18n/", "/newsroom/login/", "/newsroom/")


def desk_addresses() -> list[str]:
    """The desk's own pages without a parameter that a publisher may read."""
    found = []
    for line in TABLE.read_text(encoding="utf-8").splitlines():
        address, reads, *_writes = [*line.split(), "", ""]
        if address.startswith("newsroom/") and "p" in reads and not set("<*") & set(address):
            found.append(f"/{address}")
    return found


def test_on_reader_pages(edition: None) -> None:
    assert not_marked(Client(), OF_READERS) == {}


def test_on_account_pages(edition: None) -> None:
    member = Client()
    member.force_login(make_person(email="mia@members.example"))
    assert not_marked(member, OF_MEMBERS) == {}


def test_on_the_desk(edition: None) -> None:
    publisher = make_person(role=Role.PUBLISHER)
    enrol(publisher)
    desk = Client()
    desk.force_login(publisher)
    addresses = [address for address in desk_addresses() if address not in NOT_OURS]
    assert len(addresses) > 25
    assert not_marked(desk, addresses) == {}


def test_in_letters(edition: None, django_capture_on_commit_callbacks: Any) -> None:
    story = Article.objects.get(slug="nets")
    first = members_comment(story, named_member("Ann Lee"))
    comment_on(story, "Well said", answers=first)
    follow(visitor=guest("fay"), article=story, email="fay@home.example", at=A_WEEK_LATER)
    post_of(A_WEEK_LATER + timedelta(hours=2))
    reader = Client()
    with django_capture_on_commit_callbacks(execute=True):
        signed_up = {"email": "mia@members.example", "password1": "nets and cranes at night"}
        reader.post("/account/signup/", {"display_name": "Mia", **signed_up})
        reader.post("/account/password/reset/", {"email": "nobody@members.example"})
    letters = {
        message.subject: not_content(unmarked_in_text(f"{message.subject}\n{message.body}"))
        for message in mail.outbox
    }
    assert len(letters) >= 4
    assert {subject: rest for subject, rest in letters.items() if rest} == {}
