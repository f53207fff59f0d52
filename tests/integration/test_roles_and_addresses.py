"""Who gets in where: every address there is, for everybody there is.

The table is in roles_and_addresses.txt, and its head says how it is read. A new address that no
line of it names fails here; so does one that lets in somebody else than its line says.
"""

import re
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final
from uuid import UUID

import pytest
from django.contrib.auth.models import Group
from django.core.files.base import ContentFile
from django.db import transaction
from django.template.backends import django as django_engine
from django.template.backends import jinja2 as jinja_engine
from django.template.response import SimpleTemplateResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils.safestring import SafeString
from wagtail.contrib.redirects.models import Redirect
from wagtail.contrib.settings.registry import registry as settings_registry
from wagtail.documents.models import Document
from wagtail.models import Collection, Site, Task, Workflow

from diurna.accounts.networks import Origin
from diurna.accounts.roles import Role
from diurna.comments.deciding import decide
from diurna.comments.gifs import add_gif
from diurna.comments.states import State
from diurna.moderation.notices import give_notice
from diurna.newsroom.models import NewsroomSettings, Series, WorkTypeRule
from diurna.newsroom.standards.actions import publish_standard, save_draft
from diurna.web import surroundings
from diurna.web.api.endpoint import api
from tests.factories.accounts import enrol, make_person
from tests.factories.citing import make_outlet
from tests.factories.comments import comment_on, moderator, published_comment
from tests.factories.errors import reported_error
from tests.factories.ledger import make_log
from tests.factories.moving_pictures import moving_picture
from tests.factories.newsroom import make_article, make_contributor, make_photograph, make_topic

TABLE: Final = Path(__file__).with_name("roles_and_addresses.txt")
# The letters of the table, in its order.
LETTERS: Final = {
    "g": "guest",
    "m": "member",
    "w": Role.WRITER,
    "e": Role.EDITOR,
    "p": Role.PUBLISHER,
    "o": Role.MODERATOR,
    "a": Role.ADMINISTRATOR,
}
MODERATORS_ROOMS: Final = ("newsroom/moderation/", "newsroom/bursts/", "newsroom/comments/")
# What a moderator reaches below /newsroom/ beside those: the first page, the own account, what each
# page of the desk loads, and what keeps a hint from being shown again.
MODERATORS_FRAME: Final = {
    "newsroom/",
    "newsroom/account/*",
    "newsroom/dismissibles/*",
    "newsroom/jsi18n/*",
    "newsroom/sprite/*",
}
ANY_UUID: Final = UUID(int=7)
# 405 where the address offers nothing for the method.
REFUSED: Final = {401, 403, 404, 405}
FAILS: Final = "/newsroom/failwhale/"
# Outside the desk nothing asks for a role: these stand for all.
READERS: Final = "gmo"
# A page of this very site asks.
HEADERS: Final = {"Sec-Fetch-Site": "same-origin"}


@dataclass(frozen=True)
class Line:
    """One line of the table: a pattern (or, with `*`, all that begin so), and who gets in."""

    start: str
    reads: str
    writes: str

    @property
    def is_prefix(self) -> bool:
        return self.start.endswith("*")

    def fits(self, pattern: str) -> bool:
        return pattern.startswith(self.start[:-1]) if self.is_prefix else pattern == self.start


def read_table() -> list[Line]:
    rows = (row.split() for row in TABLE.read_text().splitlines())
    # The front's pattern is empty, which no table can show.
    found = [Line(*row) for row in rows if row and row[0] != "#"]
    return [replace(line, start=line.start.removeprefix("/")) for line in found]


def addresses(resolver: Any = None, before: str = "") -> Iterator[tuple[str, Any]]:
    """Every pattern as `config/urls.py` includes it, with its view."""
    for entry in (resolver or get_resolver()).url_patterns:
        pattern = before + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from addresses(entry, pattern)
        else:
            assert isinstance(entry, URLPattern)
            yield pattern, entry.callback


def line_for(pattern: str, table: list[Line]) -> Line | None:
    """The line that says who gets in: the pattern's own, else the longest beginning."""
    fitting = [line for line in table if line.fits(pattern)]
    return max(fitting, key=lambda line: (not line.is_prefix, len(line.start)), default=None)


def is_ours(view: Any) -> bool:
    """Whether the view is Diurna's own: those are asked to write, too."""
    inner = getattr(view, "view_class", view)
    return str(getattr(inner, "__module__", "")).startswith("diurna.")


def published_standard() -> str:
    """The kind of a page about the newsroom that readers can read."""
    publisher = make_person(role=Role.PUBLISHER)
    save_draft(kind="ethics", answers={"mission": "To ring."}, actor=publisher)
    publish_standard(kind="ethics", actor=publisher)
    return "ethics"


@dataclass
class Newsroom:
    """One of each thing that an address names."""

    values: dict[str, Any]

    def address_of(self, pattern: str) -> str:
        """An address that the pattern fits, about things that are there."""
        filled = re.sub(r"<(?:\w+:)?(\w+)>", lambda m: self.value(pattern, m[1]), _plain(pattern))
        return f"/{filled}"

    def value(self, pattern: str, name: str) -> str:
        for start, value in self.values.items():
            room, _, wanted = start.rpartition(" ")
            if wanted == name and pattern.startswith(room):
                return str(value)
        raise AssertionError(f"Say in `newsroom` what <{name}> of {pattern} is.")


# What the regular expressions among the patterns stand for.
_PLACES: Final = (
    (r"((?:[\w\-]+/){2,})", "<article_path>"),
    (r"((?:[\w\-]+/)+feed\.json)", "<section_path>feed.json"),
    (r"((?:[\w\-]+/)*)", "<section_path>"),
    (r"([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})", "<comment>"),
)


def _plain(pattern: str) -> str:
    """The pattern with its groups as `<name>` and without what only expressions need."""
    for expression, place in _PLACES:
        pattern = pattern.replace(expression, place)
    pattern = re.sub(r"\(\?P<(\w+)>(?:[^()]|\([^()]*\))*\)", r"<\1>", pattern)
    pattern = re.sub(r"\((?:\?:)?(\w+)[^()]*\)", r"\1", pattern)
    return re.sub(r"[\^$\\?]", "", pattern.replace(".*", "nowhere"))


def plain(pattern: str) -> str:
    """The pattern as the table names it: without converters."""
    return re.sub(r"<\w+:(\w+)>", r"<\1>", _plain(pattern))


@pytest.fixture(name="newsroom")
def _newsroom() -> Newsroom:
    """A newsroom with one of each thing that an address names; the longest beginning first."""
    ada, topic, outlet = make_contributor("Ada Pinto"), make_topic("Ships"), make_outlet()
    article = make_article("Crane turns", by={"writing": [ada]}, topics=[topic])
    section = article.get_parent()
    comment, picture = published_comment(article), make_photograph()
    held = comment_on(article)
    spam = comment_on(article)
    decide(comment=spam, to=State.SPAM, moderator=moderator(), rule="spam")
    person = make_person()
    document = Document.objects.create(title="Plan", file=ContentFile(b"%PDF-1.4", name="plan.pdf"))
    series = Series.objects.create(name="Tides", slug="tides")
    collection = Collection.get_first_root_node().add_child(name="Harbour")
    workflow, task = Workflow.objects.first(), Task.objects.first()
    redirect = Redirect.objects.create(old_path="/old/", redirect_link="/new/")
    gif = add_gif(
        by=person, title="Crane", alt="It turns.", credit="Ana Reis", file=moving_picture(),
        is_offered=True,
    )  # fmt: skip
    work_type = WorkTypeRule.objects.first() or WorkTypeRule.objects.create(work_type="opinion")
    notice = give_notice(
        address=f"http://testserver{article.address_path()}",
        words="It says that I stole the crane.",
        name="Ada",
        email="ada@home.example",
        is_sincere=True,
        origin=Origin(network=None, address=None, referrer=None, rules_rest=False),
    )
    make_log()
    values = {
        "newsroom/moderation/notices uuid": notice.uuid,
        "newsroom/errors uuid": reported_error(article).uuid,
        "newsroom/api/main/documents pk": document.pk,
        "newsroom/api/main/images pk": picture.pk,
        "newsroom/collections pk": collection.pk,
        "newsroom/groups pk": Group.objects.get(name="Writers").pk,
        "newsroom/sites pk": Site.objects.get().pk,
        "newsroom/users pk": person.pk,
        "newsroom/workflows/tasks pk": task.pk,
        "newsroom/workflows pk": workflow.pk,
        "newsroom/snippets/comments/gif pk": gif.pk,
        "newsroom/snippets/choose/comments/gif pk": gif.pk,
        "newsroom/snippets/newsroom/contributor pk": ada.pk,
        "newsroom/snippets/choose/newsroom/contributor pk": ada.pk,
        "newsroom/snippets/newsroom/topic pk": topic.pk,
        "newsroom/snippets/choose/newsroom/topic pk": topic.pk,
        "newsroom/snippets/newsroom/series pk": series.pk,
        "newsroom/snippets/choose/newsroom/series pk": series.pk,
        "newsroom/snippets/newsroom/worktyperule pk": work_type.pk,
        "newsroom/snippets/choose/newsroom/worktyperule pk": work_type.pk,
        "newsroom/documents/chooser pk": document.pk,
        "newsroom/images/chooser pk": picture.pk,
        "newsroom/settings app_name": "newsroom",
        "newsroom/settings model_name": "newsroomsettings",
        "newsroom/settings pk": NewsroomSettings.objects.get().pk,
        "newsroom/tag-autocomplete app_name": "taggit",
        "newsroom/tag-autocomplete model_name": "tag",
        "newsroom/workflows/tasks app_label": "accounts",
        "newsroom/workflows/tasks model_name": "sectionapproval",
        "newsroom/bulk app_label": "wagtailcore",
        "newsroom/bulk model_name": "page",
        "newsroom/moderation/comment uuid": held.uuid,
        "newsroom/moderation/spam uuid": spam.uuid,
        "newsroom/moderation/readers uuid": person.uuid,
        "newsroom/comments uuid": held.uuid,
        "account/comments uuid": comment.uuid,
        "topics slug": topic.slug,
        "people slug": ada.slug,
        "outlets slug": outlet.slug,
        "newsroom/snippets/newsroom/outlet pk": outlet.pk,
        "newsroom/snippets/choose/newsroom/outlet pk": outlet.pk,
        "readers uuid": person.uuid,
        "newsroom/standards kind": "ethics",
        "standards kind": published_standard(),
        " page_id": article.pk,
        " page_to_move_id": article.pk,
        " page_pk": article.pk,
        " parent_page_id": section.pk,
        " destination_id": section.pk,
        " content_type_app_name": "newsroom",
        " content_type_model_name": "article",
        " app_label": "newsroom",
        " model_name": "article",
        " object_id": article.pk,
        " pk": article.pk,
        " revision_id": article.latest_revision_id,
        " revision_id_a": "live",
        " revision_id_b": "latest",
        " action_name": "copy",
        " action": "delete",
        " task_id": task.pk,
        " workflow_pk": workflow.pk,
        " collection_id": collection.pk,
        " redirect_id": redirect.pk,
        " document_id": document.pk,
        " doc_id": document.pk,
        " image_id": picture.pk,
        " filter_spec": "width-100",
        " article_id": article.uuid,
        " comment_id": comment.uuid,
        " comment": comment.uuid,
        " article_path": article.address_path().lstrip("/"),
        " section_path": section.url_path.split("/", 2)[2],
        " name": "ink",
        " language": "ar",
        " leaf": "0" * 64,
        " address": "0/000.p/1",
        " account": "x",
        " token": "nobodys",
        " uidb64": "x",
        " uidb36": "x",
        " key": "x",
        # What there is none of: nobody gets in, whoever asks.
        " task_state_id": 7,
        " workflow_state_id": 7,
        " session_id": 7,
        " uploaded_file_id": 7,
        " page_view_restriction_id": 7,
        " number": 1,
        " uuid": ANY_UUID,
    }
    return Newsroom(dict(sorted(values.items(), key=lambda each: -len(each[0].rpartition(" ")[0]))))


@pytest.fixture(name="visitors")
def _visitors(newsroom: Newsroom) -> dict[str, Client]:
    """Somebody signed in for each letter of the table; who works here has a second factor."""
    visitors = {}
    for letter, who in LETTERS.items():
        client = Client(headers=HEADERS)
        if who != "guest":
            user = make_person(who if isinstance(who, Role) else None)
            if isinstance(who, Role):
                enrol(user)
            client.force_login(user)
        visitors[letter] = client
    return visitors


@pytest.fixture(autouse=True)
def _no_drawing(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Who gets in is decided before a page is drawn, and drawing is nearly all that it costs."""
    monkeypatch.setattr(SimpleTemplateResponse, "rendered_content", "")
    monkeypatch.setattr(surroundings, "around", lambda *_given: ("", "", ""))
    for engine in (django_engine, jinja_engine):
        monkeypatch.setattr(engine.Template, "render", lambda *_given, **_named: SafeString())
    yield
    # What was drawn as nothing here is not for the tests that follow in this process.
    surroundings._masthead.cache_clear()
    surroundings._footer.cache_clear()


def gets_in(client: Client, method: str, address: str) -> bool:
    """Whether this visitor gets in."""
    # Neither rows nor cookies of one request are there in the next.
    cookies = deepcopy(client.cookies)
    try:
        with transaction.atomic():
            answer = client.generic(method, address)
            transaction.set_rollback(True)
    except Exception:
        # One view of Wagtail's fails for whoever gets in, to try how that looks.
        if address == FAILS:
            return True
        raise
    finally:
        client.cookies = cookies
    # Not `close()`, which would close the connection to the database as well.
    for close_file in answer._resource_closers:
        close_file()
    if answer.status_code in REFUSED:
        return False
    # To sign in, or (as Wagtail refuses) to the desk's first page.
    to = answer.headers.get("Location", "")
    return not (to == "/newsroom/" or to.startswith(("/account/login/?next=", "/newsroom/login/")))


@dataclass(frozen=True)
class Found:
    """An address as the table names it, and the letters of who reads and who writes there."""

    name: str
    reads: str
    writes: str
    view: Any


@pytest.fixture(name="found")
def _found(newsroom: Newsroom, visitors: dict[str, Client]) -> list[Found]:
    """Each address once, with who got in."""
    # Patterns of one name stand behind one another: one view for each way of writing, or one that
    # the first hides.
    views: dict[str, Any] = {}
    patterns: dict[str, str] = {}
    for pattern, view in addresses():
        patterns.setdefault(plain(pattern), pattern)
        views.setdefault(plain(pattern), view)
    return [
        Found(name, *asked(visitors, name, newsroom.address_of(pattern), views[name]), views[name])
        for name, pattern in patterns.items()
    ]


def asked(visitors: dict[str, Client], name: str, address: str, view: Any) -> tuple[str, str]:
    """Who reads and who writes at this address; `.` where Wagtail's own view decides by itself."""
    if not name.startswith("newsroom/"):
        visitors = {letter: visitors[letter] for letter in READERS}
    writing = ("POST", "PUT", "PATCH", "DELETE") if name.startswith("api/") else ("POST",)
    reads = letters(visitors, ("GET",), address)
    is_asked = is_ours(view) or name.startswith("api/")
    return reads, letters(visitors, writing, address) if is_asked else "."


def letters(visitors: dict[str, Client], methods: tuple[str, ...], address: str) -> str:
    """Who gets in with any of the methods; `-` for nobody."""
    inside = [
        letter
        for letter, client in visitors.items()
        if any(gets_in(client, method, address) for method in methods)
    ]
    return "".join(inside) or "-"


def test_every_address_has_its_line_and_every_line_its_address() -> None:
    table = read_table()
    names = {plain(pattern) for pattern, _view in addresses()}
    unnamed = {name for name in names if line_for(name, table) is None}
    assert not unnamed, f"{TABLE.name} does not say who gets in: {sorted(unnamed)}"
    idle = {line.start for line in table if not any(line.fits(name) for name in names)}
    assert not idle, f"{TABLE.name} names what is not there: {sorted(idle)}"
    starts = [line.start for line in table]
    assert len(starts) == len(set(starts))
    told = {path.lstrip("/").replace("{", "<").replace("}", ">") for path in api_paths()}
    assert told <= names


def api_paths() -> Iterator[str]:
    """What the API's own description says that there is."""
    yield from api.get_openapi_schema()["paths"]


def test_a_moderators_role_reaches_moderation_and_the_frame_of_the_desk_alone() -> None:
    reached = {
        line.start for line in read_table()
        if line.start.startswith("newsroom/") and "o" in line.reads + line.writes
    }  # fmt: skip
    elsewhere = {start for start in reached if not start.startswith(MODERATORS_ROOMS)}
    assert elsewhere == MODERATORS_FRAME
    assert {"newsroom/moderation/", "newsroom/moderation/decide/"} <= reached


@pytest.mark.django_db
def test_everybody_gets_in_where_the_table_says_and_nowhere_else(found: list[Found]) -> None:
    table = read_table()
    wrong = []
    for each in found:
        line = line_for(each.name, table)
        assert line is not None, each.name
        if (line.reads, line.writes) != (each.reads, each.writes):
            wrong.append(f"{each.name}  {each.reads}  {each.writes}  (table: {line})")
    assert not wrong, "Not as the table says:\n" + "\n".join(wrong)


@pytest.mark.django_db
def test_settings_are_the_administrators(newsroom: Newsroom, visitors: dict[str, Client]) -> None:
    assert len(settings_registry) >= 4
    for model in settings_registry:
        room = f"/newsroom/settings/{model._meta.app_label}/{model._meta.model_name}/"
        address = visitors["a"].get(room).headers.get("Location", room)
        assert letters(visitors, ("GET",), address) == "a", address
