"""GIPHY's key: asked about, told about, and no search for readers while it does not work."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from django.conf import LazySettings
from django.test import Client
from django.utils import timezone

from diurna.comments import giphy
from diurna.comments.gifs import gif_field
from diurna.comments.models import GiphyCheck, GiphyVerdict
from diurna.common.headers import desk_policy, reader_policy
from diurna.common.http_client import GuardedClient
from diurna.operations.gifs import examine_gifs, look_after_giphy_key
from tests.factories.accounts import enrol, make_person
from tests.factories.giphy_stub import KEY, PATIENCE_SECONDS, Stub, giphy_stub

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


@pytest.fixture
def stub(settings: LazySettings) -> Iterator[Stub]:
    with giphy_stub() as server:
        settings.DIURNA_GIPHY_KEY = KEY
        settings.DIURNA_GIPHY_API = server.address
        settings.DIURNA_GIPHY_MEDIA = (server.address,)
        yield server


def client_for(stub: Stub) -> GuardedClient:
    """A client that may go to loopback, impatient only with one who never answers."""
    seconds = 0.3 if stub.answers == "slow" else PATIENCE_SECONDS
    port = urlsplit(stub.address).port
    assert port is not None
    return GuardedClient(
        total_seconds=seconds, allow=lambda _address: True, ports=frozenset({port})
    )


def ask(stub: Stub, key: str = KEY) -> GiphyVerdict:
    return giphy.ask_giphy(key, client=client_for(stub))


def note(verdict: GiphyVerdict, at: datetime = NOON) -> None:
    giphy.look_after_key(at, ask=lambda _key: verdict)


@pytest.mark.parametrize(
    ("answers", "verdict"),
    [
        ("right", GiphyVerdict.WORKS),
        ("bad key", GiphyVerdict.BAD_KEY),
        ("banned", GiphyVerdict.BAD_KEY),
        ("over quota", GiphyVerdict.OVER_QUOTA),
        ("slow", GiphyVerdict.SILENT),
        ("down", GiphyVerdict.SILENT),
        ("wrong", GiphyVerdict.WRONG),
        ("other", GiphyVerdict.WRONG),
        ("broken", GiphyVerdict.WRONG),
    ],
)
def test_every_answer_has_its_verdict(stub: Stub, answers: str, verdict: GiphyVerdict) -> None:
    stub.answers = answers
    assert ask(stub) == verdict


def test_who_does_not_answer_is_silent(stub: Stub, settings: LazySettings) -> None:
    settings.DIURNA_GIPHY_API = "http://127.0.0.1:9"
    nobody = GuardedClient(allow=lambda _address: True, ports=frozenset({9}))
    assert giphy.ask_giphy(KEY, client=nobody) == GiphyVerdict.SILENT


def test_what_resolves_to_this_network_is_not_asked(stub: Stub) -> None:
    assert giphy.ask_giphy(KEY) == GiphyVerdict.SILENT
    assert stub.asked == []


def test_the_check_asks_for_no_picture(stub: Stub) -> None:
    ask(stub)
    (asked,) = stub.asked
    assert urlsplit(asked).path == "/v1/randomid"


def test_nothing_is_asked_without_a_key(settings: LazySettings) -> None:
    settings.DIURNA_GIPHY_KEY = None

    def fail(_key: str) -> GiphyVerdict:
        pytest.fail("GIPHY was asked without a key.")

    giphy.look_after_key(NOON, ask=fail)
    assert not GiphyCheck.objects.exists()


def test_a_copy_of_a_site_asks_nobody(stub: Stub, settings: LazySettings) -> None:
    settings.DIURNA_COPY = True
    note(GiphyVerdict.WORKS)
    assert not GiphyCheck.objects.exists()


def test_it_is_asked_every_hour_and_sooner_while_it_fails(stub: Stub) -> None:
    note(GiphyVerdict.WORKS)
    note(GiphyVerdict.BAD_KEY, NOON + timedelta(minutes=59))
    assert giphy.trouble() is None
    note(GiphyVerdict.BAD_KEY, NOON + timedelta(minutes=60))
    trouble = giphy.trouble()
    assert trouble is not None
    assert trouble.verdict == GiphyVerdict.BAD_KEY
    note(GiphyVerdict.WORKS, NOON + timedelta(minutes=69))
    assert giphy.trouble() is not None
    note(GiphyVerdict.WORKS, NOON + timedelta(minutes=70))
    assert giphy.trouble() is None


def test_since_when_it_fails_is_told(stub: Stub) -> None:
    note(GiphyVerdict.SILENT)
    note(GiphyVerdict.SILENT, NOON + timedelta(minutes=10))
    check = GiphyCheck.objects.get()
    assert (check.since, check.asked_at) == (NOON, NOON + timedelta(minutes=10))


def test_another_key_is_asked_about_at_once(stub: Stub, settings: LazySettings) -> None:
    note(GiphyVerdict.BAD_KEY)
    settings.DIURNA_GIPHY_KEY = "anotherKEY"
    assert giphy.trouble() is None
    assert giphy.search() is None
    assert giphy.is_time_to_ask(NOON)
    note(GiphyVerdict.WORKS)
    assert giphy.search() is not None


@pytest.mark.parametrize("verdict", GiphyVerdict)
def test_readers_are_offered_the_search_only_while_the_key_works(
    stub: Stub, verdict: GiphyVerdict
) -> None:
    assert gif_field(with_library=False) is None
    note(verdict)
    field = gif_field(with_library=False)
    if verdict == GiphyVerdict.WORKS:
        assert field is not None
        assert field.giphy is not None
        query = parse_qs(urlsplit(field.giphy.address).query)
        assert query["api_key"] == [KEY]
        assert query["rating"] == ["pg"]
    else:
        assert field is None


@pytest.mark.parametrize("verdict", [one for one in GiphyVerdict if one != GiphyVerdict.WORKS])
def test_doctor_and_the_desk_say_what_is_wrong_and_what_to_do(
    stub: Stub, verdict: GiphyVerdict
) -> None:
    note(verdict)
    (finding,) = examine_gifs()
    assert (finding.code, finding.well) == ("D020", False)
    assert KEY not in finding.sentence
    assert str(GiphyVerdict(verdict).label) in finding.sentence
    editor = make_person("publisher")
    enrol(editor)
    client = Client()
    client.force_login(editor)
    page = client.get("/newsroom/").content.decode()
    assert "Readers cannot search GIPHY" in page
    assert KEY not in page


def test_all_is_well_without_a_key_and_with_one_that_works(
    stub: Stub, settings: LazySettings
) -> None:
    note(GiphyVerdict.WORKS)
    assert [finding.well for finding in examine_gifs()] == [True]
    settings.DIURNA_GIPHY_KEY = None
    (finding,) = examine_gifs()
    assert (finding.well, finding.optional) == (True, True)


def test_the_clock_has_it_asked(stub: Stub, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(giphy, "ask_giphy", lambda _key: GiphyVerdict.OVER_QUOTA)
    look_after_giphy_key()
    from django_tasks_db.models import DBTaskResult

    assert DBTaskResult.objects.filter(task_path__endswith="gifs.ask_giphy").count() == 1
    giphy.look_after_key(timezone.now())
    assert GiphyCheck.objects.get().verdict == GiphyVerdict.OVER_QUOTA
    look_after_giphy_key()
    assert DBTaskResult.objects.filter(task_path__endswith="gifs.ask_giphy").count() == 1


def test_pages_may_ask_giphy_only_where_there_is_a_key(stub: Stub, settings: LazySettings) -> None:
    assert stub.address in reader_policy()["connect-src"]
    assert stub.address in reader_policy()["img-src"]
    assert stub.address not in desk_policy()["connect-src"]
    assert stub.address not in desk_policy()["img-src"]
    settings.DIURNA_GIPHY_KEY = None
    policy = str(reader_policy())
    assert stub.address not in policy
    assert "giphy" not in policy
