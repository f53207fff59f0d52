"""A vote that is answered in front of Django is answered as Django answers it, whatever is odd."""

import gc
import io
import json
import sys
import uuid
import weakref
from collections.abc import Iterator
from concurrent.futures import Future
from datetime import timedelta
from typing import Any
from unittest.mock import patch

import pytest
import time_machine
from django.conf import settings as configured
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.core.signing import Signer
from django.db import close_old_connections, transaction
from django.utils import translation
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from diurna.accounts.models import Guest
from diurna.delivery.later import LATER, Later
from diurna.delivery.proxies import STRANGER
from diurna.ledger.actions import found_log
from diurna.ledger.models import PendingEntry
from diurna.newsroom.models import NewsroomSettings
from diurna.newsroom.spoken import in_the_newsrooms_language
from diurna.points import casting, front_door
from diurna.points.asking import Ask
from diurna.points.casting import CastResult
from diurna.points.front_door import FrontDoor
from diurna.points.models import Cast, PointsSettings, Vote, Voters
from diurna.points.views import MAX_BODY_BYTES
from diurna.points.writer import write_alone
from tests.factories.accounts import make_person
from tests.factories.comments import A_WEEK_LATER, let_newcomers_in, published_comment
from tests.factories.newsroom import make_article, make_draft

EXAMPLES = 60
SITE = "http://localhost:8000"
HOST = "localhost:8000"
NOW = A_WEEK_LATER + timedelta(minutes=10)
KNOWN = uuid.UUID(int=7)
NEW = uuid.UUID(int=8)
VOTE = b'{"value": 1, "nonce": "00112233"}'
GUEST = configured.DIURNA_GUEST_COOKIE
SIGNED = Signer(salt="diurna.guest").sign(KNOWN.hex)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _one_connection(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Keep the connection between requests, since the test's transaction is open on it."""
    signals = (request_started, request_finished)
    for signal in signals:
        signal.disconnect(close_old_connections)
    monkeypatch.setattr(front_door, "close_old_connections", lambda: None)
    yield
    for signal in signals:
        signal.connect(close_old_connections)


class Answer(dict[str, Any]):
    """Status, headers (without their order) and body, and what was stored."""


@pytest.fixture
def addresses() -> list[str]:
    """Of what may be voted on, and of what may not."""
    with time_machine.travel(NOW, tick=False):
        found_log(site=SITE, demo=False)
        Guest.objects.create(uuid=KNOWN, ledger_key=b"k" * 32)
        let_newcomers_in()
        comment = published_comment(make_article())
    names = [make_article(points_mode=mode).uuid for mode in ("", "up", "off")]
    names += [make_draft().uuid, uuid.UUID(int=1)]
    paths = [f"/api/v1/articles/{name}/vote" for name in names]
    paths += [f"/api/v1/comments/{name}/vote" for name in (comment.uuid, names[0])]
    return [*paths, f"{paths[0]}/", paths[0].upper(), paths[0].replace("/vote", ""), "/nowhere/"]


def environ_of(path: str, body: bytes = VOTE, **headers: Any) -> dict[str, Any]:
    return {
        "REQUEST_METHOD": "PUT",
        "SCRIPT_NAME": "",
        "PATH_INFO": path,
        "QUERY_STRING": "",
        "SERVER_NAME": "localhost",
        "SERVER_PORT": "8000",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "192.0.2.7",
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(body),
        "wsgi.errors": sys.stderr,
        "wsgi.version": (1, 0),
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
        "HTTP_HOST": HOST,
        "CONTENT_TYPE": "application/json",
        "CONTENT_LENGTH": str(len(body)),
        **headers,
    }


def asked(application: Any, environ: dict[str, Any], *, times: int = 1) -> list[Answer]:
    """What it answers to the same request, once or more often; nothing of it stays."""
    answers = []
    with (
        transaction.atomic(),
        time_machine.travel(NOW, tick=False),
        patch("uuid.uuid4", return_value=NEW),
        patch.object(casting, "new_key", return_value=b"n" * 32),
        patch("secrets.token_bytes", return_value=b"t" * 32),
    ):
        sent = environ["wsgi.input"].getvalue()
        for _ in range(times):
            answers.append(_answer(application, {**environ, "wsgi.input": io.BytesIO(sent)}))
        transaction.set_rollback(True)
    return answers


def _answer(application: Any, environ: dict[str, Any]) -> Answer:
    said: list[Any] = []
    parts = application(environ, lambda *head: said.append(head))
    if isinstance(parts, Later):
        makes: list[Any] = []
        parts.when_there(makes.append)
        parts = makes[0]()
    body = b"".join(parts)
    getattr(parts, "close", lambda: None)()
    ((status, headers),) = said
    rows = [
        list(model.objects.order_by("pk").values_list(*columns))
        for model, columns in (
            (Guest, ("uuid", "ledger_key")),
            (Vote, ("voter", "n", "value", "reason")),
            (Cast, ("nonce", "leaf", "network", "address", "referrer")),
            (PendingEntry, ("type", "data")),
        )
    ]
    return Answer(status=status, headers=sorted(headers), body=body, rows=rows)


def both(environ: dict[str, Any], *, times: int = 1) -> tuple[list[Answer], list[Answer], int]:
    """Django's answers, the front door's, and how many of these it gave itself.

    What it answers later, where the server can wait for it, is the same.
    """
    went_on: list[str] = []
    django = WSGIHandler()

    def behind(environ: dict[str, Any], start_response: Any) -> Any:
        went_on.append(environ["PATH_INFO"])
        return django(environ, start_response)

    theirs = asked(django, environ, times=times)
    ours = asked(FrontDoor(behind), environ, times=times)
    with patch.object(front_door, "begin_vote_on", _stored):
        assert asked(FrontDoor(django), {**environ, LATER: True}, times=times) == ours
    return theirs, ours, times - len(went_on)


def _stored(ask: Ask) -> "Future[CastResult]":
    """As the writer tells of a vote, which is not for a test's transaction."""
    told: Future[CastResult] = Future()
    try:
        with in_the_newsrooms_language():
            told.set_result(write_alone(ask))
    except Exception as error:  # noqa: BLE001  (handed on, as the writer does)
        told.set_exception(error)
    return told


cookies = st.lists(
    st.sampled_from(
        [
            f"{GUEST}={SIGNED}",
            f'{GUEST}="{SIGNED}"',
            f"{GUEST}={SIGNED}x",
            f"{GUEST}=",
            f"{GUEST}",
            f"{configured.SESSION_COOKIE_NAME}=nobodys",
            "diurna_marker=1",
            "a=\u00e9",
            "; ;=",
        ]
    ),
    max_size=3,
).map("; ".join)
bodies = st.one_of(
    st.sampled_from([-1, 0, 1, 2, True, 1.0, "1", None]).map(
        lambda value: f'{{"value": {str(value).lower()}}}'.encode()
    ),
    st.sampled_from([b"", b"[]", b"\xff", b"{", b'{"value": 1, "more": 2}', b"[" * 3000]),
    st.integers(0, 200).map(lambda size: b'{"value":1,"nonce":"' + b"x" * size + b'"}'),
    st.just(b'{"value":1,"nonce":"' + b"x" * MAX_BODY_BYTES + b'"}'),
    st.binary(max_size=40),
)
odd_headers = st.fixed_dictionaries(
    {},
    optional={
        "HTTP_SEC_FETCH_SITE": st.sampled_from(["same-origin", "none", "same-site", "cross-site"]),
        "HTTP_ORIGIN": st.sampled_from(
            [SITE, "https://LOCALHOST:8000", "https://elsewhere.example", "null", "http://["]
        ),
        "HTTP_HOST": st.sampled_from([HOST, "localhost", "127.0.0.1:8520", "evil.example", "a b"]),
        "HTTP_REFERER": st.sampled_from([f"{SITE}/a/", "https://social.example", "http://[", "x"]),
        "HTTP_CAME_FROM": st.sampled_from(["social.example", f"{SITE}/"]),
        "HTTP_ACCEPT_ENCODING": st.sampled_from(["br", "gzip, br;q=0", "identity"]),
        "REMOTE_ADDR": st.sampled_from(["2001:db8::1", "::ffff:192.0.2.9", "", "unix:"]),
        "CONTENT_LENGTH": st.sampled_from(["", "0", "5", "00034", "-1", "9999", "\u0663", "1e3"]),
        "REQUEST_METHOD": st.sampled_from(["PUT", "put", "POST", "GET", "DELETE", "OPTIONS"]),
        "wsgi.url_scheme": st.sampled_from(["http", "https"]),
        "QUERY_STRING": st.sampled_from(["a=b", "%"]),
        "SCRIPT_NAME": st.sampled_from(["/shop"]),
        "REDIRECT_URL": st.sampled_from(["/shop/api"]),
        STRANGER: st.sampled_from(["this machine", "elsewhere"]),
    },
)


@settings(
    max_examples=EXAMPLES,
    deadline=None,
    phases=[Phase.explicit, Phase.generate, Phase.shrink],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(data=st.data(), body=bodies, cookie=cookies, headers=odd_headers)
def test_both_ways_answer_and_store_the_same(
    addresses: list[str], data: st.DataObject, body: bytes, cookie: str, headers: dict[str, Any]
) -> None:
    environ = environ_of(data.draw(st.sampled_from(addresses)), body, **headers)
    if cookie:
        environ["HTTP_COOKIE"] = cookie

    theirs, ours, _itself = both(environ)

    assert ours == theirs


@pytest.mark.parametrize("cookie", ["", f"{GUEST}={SIGNED}"], ids=["new", "known"])
@pytest.mark.parametrize(("address", "status"), [(0, "200"), (2, "403"), (3, "404"), (5, "200")])
def test_a_plain_vote_never_reaches_django(
    addresses: list[str], cookie: str, address: int, status: str
) -> None:
    theirs, ours, itself = both(environ_of(addresses[address], HTTP_COOKIE=cookie), times=2)

    assert itself == 2
    assert [one["status"][:3] for one in ours] == [status, status]
    assert ours == theirs


def test_members_only_is_said_in_both_ways(addresses: list[str]) -> None:
    PointsSettings.objects.create(voters=Voters.MEMBERS)

    theirs, ours, itself = both(environ_of(addresses[0]))

    assert (itself, ours[0]["status"]) == (1, "403 Forbidden")
    assert ours == theirs


def test_a_vote_that_does_not_count_is_told_why_in_both_ways(
    addresses: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("diurna.points.rules.DOWN_VOTES_PER_AUTHOR", 0)

    theirs, ours, itself = both(environ_of(addresses[0], b'{"value": -1}'))

    assert itself == 1
    assert b'"reason": "down_votes"' in ours[0]["body"]
    assert ours == theirs


@pytest.mark.parametrize("encoding", ["br", "gzip", ""])
def test_a_long_answer_is_compressed_as_every_other(
    addresses: list[str], encoding: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("diurna.points.views.why_not_counted", lambda _reason: "why " * 400)
    monkeypatch.setattr("diurna.points.rules.DOWN_VOTES_PER_AUTHOR", 0)
    environ = environ_of(addresses[0], b'{"value": -1}', HTTP_ACCEPT_ENCODING=encoding)

    theirs, ours, itself = both(environ)

    assert itself == 1
    assert (b"why why" in ours[0]["body"]) == (encoding == "")
    assert ours == theirs


def test_what_breaks_is_djangos_own_error_in_both_ways(
    addresses: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_uuid: uuid.UUID) -> Any:
        raise RuntimeError("The database is away.")

    monkeypatch.setattr("diurna.points.views.article_target", broken)
    monkeypatch.setattr("diurna.points.writer.article_target", broken)
    monkeypatch.setattr("diurna.points.writer.article_targets", broken)

    theirs, ours, itself = both(environ_of(addresses[0]))

    assert (itself, ours[0]["status"]) == (1, "500 Internal Server Error")
    assert ours == theirs


def test_who_is_signed_in_is_known(addresses: list[str]) -> None:
    make_person()
    cookie = f"{configured.SESSION_COOKIE_NAME}=anything; {GUEST}={SIGNED}"

    theirs, ours, itself = both(environ_of(addresses[0], HTTP_COOKIE=cookie))

    assert itself == 0
    assert ours == theirs


def test_what_a_voter_is_told_is_in_the_newsrooms_language_in_both_ways(
    addresses: list[str],
) -> None:
    newsroom = NewsroomSettings.current()
    newsroom.language = "ar"
    newsroom.save()

    # Of a story that takes no votes.
    theirs, ours, itself = both(environ_of(addresses[2]))

    detail = json.loads(ours[0]["body"])["detail"]
    assert any("\u0600" <= letter <= "\u06ff" for letter in detail), detail
    assert (itself, ours) == (1, theirs)
    assert translation.get_language() == "en"


def test_an_answer_that_came_later_leaves_nothing_for_the_garbage_collector(
    addresses: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A circle for each vote would have all threads stopped again and again, to look for them."""
    asks: list[weakref.ref[Any]] = []

    class Watched(Ask):
        """As it is, but it can be watched."""

        __slots__ = ("__weakref__",)

    def watched(**fields: Any) -> Ask:
        ask = Watched(**fields)
        asks.append(weakref.ref(ask))
        return ask

    waiting: list[tuple[Future[CastResult], CastResult]] = []

    def begin(ask: Ask) -> "Future[CastResult]":
        waiting.append((Future(), write_alone(ask)))
        return waiting[0][0]

    monkeypatch.setattr(front_door, "Ask", watched)
    monkeypatch.setattr(front_door, "begin_vote_on", begin)
    bodies: list[bytes] = []
    gc.disable()
    try:
        environ = {**environ_of(addresses[0]), LATER: True}
        later = FrontDoor(WSGIHandler())(environ, lambda *_head: None)
        later.when_there(lambda make: bodies.append(b"".join(make())))
        told, stored = waiting.pop()
        assert bodies == []
        told.set_result(stored)
        del later, told, environ
        assert json.loads(bodies[0])["value"] == 1
        assert [ask() for ask in asks] == [None]
    finally:
        gc.enable()
