"""After an erasure nothing links the account to any entry: every table and file is searched."""

import json
import logging
import uuid
from base64 import b64encode
from collections.abc import Iterator
from pathlib import Path

import pytest
from allauth.account.models import EmailAddress
from django.apps import apps
from django.contrib.auth.models import Group
from django.contrib.sessions.models import Session
from django.core.files.base import ContentFile
from django.db import connection
from django.test import Client
from pytest_django.fixtures import Settings
from wagtail.models import ModelLogEntry

from diurna.accounts.actions import erase_account, erase_guest
from diurna.accounts.erasure import ERASED_DOMAIN, erase_readers
from diurna.accounts.ledger_names import voter_name
from diurna.accounts.models import Guest, User
from diurna.accounts.roles import Role
from diurna.common.erasures import ERASURES_FILE, reader_hash
from diurna.common.errors import Refused
from diurna.ledger.models import Entry
from diurna.newsroom.models import Article, Contributor, PublicRevision
from diurna.operations.backup.erasures import read_erasures
from diurna.points.models import Cast, Vote
from tests.factories.accounts import PASSWORD, enrol, make_person
from tests.factories.ledger import make_log
from tests.factories.newsroom import make_article, make_contributor
from tests.factories.presses import check_counts
from tests.factories.votes import guest, member, settle_votes, vote
from tests.integration.accounts.test_personal_data import fields_that_name_readers

# Words that stand nowhere else.
EMAIL = "quenzolith@reader.example"
SECOND_EMAIL = "bramvektor@reader.example"
NAME = "Sallowmint Threnquill"
NETWORK = 7_301_884_422_911


def forms_of(word: str | bytes) -> set[bytes]:
    """How a word may stand in a table or a file."""
    plain = word.encode() if isinstance(word, str) else word
    found = {plain.lower(), plain.hex().encode()}
    # Base64 at each of the three places at which it can begin in a longer text.
    for shift in range(3):
        code = b64encode(b"\0" * shift + plain).rstrip(b"=")
        found.add(code[4 if shift else 0 : -1].lower())
    return found


def identifiers(user: User) -> dict[str, set[bytes]]:
    """What must not be found, under a word for the message."""
    return {
        "address": forms_of(EMAIL),
        "second address": forms_of(SECOND_EMAIL),
        "name": forms_of(NAME),
        "uuid": forms_of(str(user.uuid)) | forms_of(user.uuid.bytes) | forms_of(user.uuid.hex),
        "key": forms_of(bytes(user.ledger_key or b"")),
        "network": {str(NETWORK).encode()},
        "picture": {str(user.picture.name).lower().encode()},
        "password": {user.password.encode().lower()},
    }


def text_of(value: object) -> bytes:
    data = bytes(value) if isinstance(value, bytes | memoryview) else str(value).encode()
    return data.lower()


def tables() -> dict[str, list[tuple[object, ...]]]:
    """Every row of every table; sessions as what they hold."""
    found = {}
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            found[table] = list(cursor.fetchall())
    found["sessions, decoded"] = [
        (json.dumps(session.get_decoded(), default=str),) for session in Session.objects.all()
    ]
    return found


def found_in_tables(wanted: dict[str, set[bytes]]) -> set[tuple[str, str]]:
    found = set()
    for table, rows in tables().items():
        text = b"\0".join(text_of(value) for row in rows for value in row)
        for label, words in wanted.items():
            if any(word in text for word in words):
                found.add((table, label))
    return found


def found_in_files(folder: Path, wanted: dict[str, set[bytes]]) -> set[tuple[str, str]]:
    found = set()
    for path in folder.rglob("*"):
        if path.is_file():
            text = (
                path.read_bytes().lower() + b"\0" + str(path.relative_to(folder)).lower().encode()
            )
            found |= {
                (path.name, label)
                for label, words in wanted.items()
                if any(word in text for word in words)
            }
    return found


def columns_with(pk: int) -> set[str]:
    """Foreign keys to accounts that hold this key."""
    found = set()
    with connection.cursor() as cursor:
        for name in fields_that_name_readers():
            label, _dot, field_name = name.rpartition(".")
            model = apps.get_model(label)
            field = model._meta.get_field(field_name)
            if field.related_model is User:
                column = connection.ops.quote_name(field.column)
                table = connection.ops.quote_name(model._meta.db_table)
                cursor.execute(f"SELECT count(*) FROM {table} WHERE {column} = %s", [pk])
                if cursor.fetchone() != (0,):
                    found.add(name)
    return found


@pytest.fixture
def home(tmp_path: Path, settings: Settings) -> Iterator[Path]:
    """A home of its own, with letters as files, and everything that is logged in a file."""
    settings.DIURNA_HOME = tmp_path
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": str(tmp_path / "media"), "base_url": "/media/"},
        },
    }
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    settings.EMAIL_FILE_PATH = str(tmp_path / "mail")
    handler = logging.FileHandler(tmp_path / "log.txt", delay=True)
    root = logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield tmp_path
    root.removeHandler(handler)
    root.setLevel(level)
    handler.close()


def make_reader() -> User:
    """A reader who has left traces wherever readers leave them."""
    user = make_person(email=EMAIL)
    user.display_name = NAME
    user.picture.save("face.webp", ContentFile(b"picture"), save=False)
    user.save()
    EmailAddress.objects.create(user=user, email=SECOND_EMAIL, verified=False)
    enrol(user)
    return User.objects.get(pk=user.pk)


def live(user: User, article: Article) -> Client:
    """Sign in, half sign in elsewhere, ask for a letter, vote."""
    client = Client(HTTP_USER_AGENT="Reader's browser")
    client.force_login(user)
    client.get("/account/")
    elsewhere = Client()
    elsewhere.post("/account/login/", {"login": EMAIL, "password": PASSWORD})
    Client().post("/account/password/reset/", {"email": EMAIL})
    vote(article, member(user, network=NETWORK))
    vote(article, member(user, network=NETWORK), -1)
    vote(make_article(), member(user, network=NETWORK))
    settle_votes()
    user.refresh_from_db()
    return client


@pytest.mark.django_db(transaction=True)
def test_no_table_file_or_log_line_names_an_erased_reader(home: Path) -> None:
    make_log()
    article = make_article()
    user = make_reader()
    live(user, article)
    wanted, pk = identifiers(user), user.pk
    names = [bytes(name.encode()) for name in Vote.objects.values_list("voter", flat=True)]
    assert {label for _table, label in found_in_tables(wanted)} == set(wanted)
    assert {label for _file, label in found_in_files(home, wanted)} >= {"address", "picture"}
    entries = list(Entry.objects.order_by("index").values_list("data", flat=True))
    (home / "log.txt").unlink(missing_ok=True)

    erase_account(user=user)

    assert found_in_tables(wanted) == set()
    assert found_in_files(home, wanted) == set()
    assert columns_with(pk) == set()
    # The log is what it was, and the names in it are in the tables of votes and nowhere else.
    assert list(Entry.objects.order_by("index").values_list("data", flat=True)) == entries
    assert not Vote.objects.exclude(user=None, guest=None).exists()
    kept_in = {
        table
        for table, rows in tables().items()
        for row in rows
        if any(name.lower() in text_of(value) for name in names for value in row)
    }
    assert kept_in == {"points_vote", "ledger_entry"}
    check_counts()


@pytest.mark.django_db(transaction=True)
def test_the_bytes_of_the_database_file_name_nobody_either(home: Path) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL's files are the server's; VACUUM is what we can ask for.")
    article = make_article()
    others = [make_person(email=f"other{number}@reader.example") for number in range(40)]
    user = make_reader()
    for other in others[:20]:
        vote(article, member(other))
    live(user, article)
    # Rows around it move between pages: of those moves, too, nothing may be left.
    for number in range(60):
        make_person(email=f"later{number}@reader.example")
    wanted = identifiers(user)
    path = Path(str(connection.settings_dict["NAME"]))

    def left() -> set[str]:
        kept = b"".join(
            file.read_bytes() for file in path.parent.glob(f"{path.name}*") if file.is_file()
        ).lower()
        # In the file numbers are binary; the address in the index is the plain one.
        return {label for label, words in wanted.items() if any(word in kept for word in words)}

    assert left() >= {"address", "second address", "name", "uuid", "key", "picture", "password"}
    erase_account(user=user)
    assert left() == set()


def test_words_are_found_in_every_form_they_may_have() -> None:
    for prefix in (b"", b"x", b"xy", b"xyz"):
        code = b64encode(prefix + EMAIL.encode() + b" and more").lower()
        assert any(form in code for form in forms_of(EMAIL)), prefix
    assert any(form in EMAIL.encode().hex().encode() for form in forms_of(EMAIL))


@pytest.mark.django_db(transaction=True)
def test_an_erased_reader_is_signed_out_everywhere_and_cannot_come_back(home: Path) -> None:
    user = make_reader()
    client = live(user, make_article())
    erase_account(user=user)
    assert client.get("/account/").status_code == 302
    assert not Session.objects.exists()
    response = Client().post("/account/login/", {"login": EMAIL, "password": PASSWORD})
    assert response.status_code == 200  # the form again
    # The address is free for another account.
    assert make_person(email=EMAIL).pk


@pytest.mark.django_db(transaction=True)
def test_another_readers_sessions_and_letters_stay(home: Path) -> None:
    victim = make_person(email="victim@reader.example")
    other = Client()
    other.force_login(victim)
    Client().post("/account/password/reset/", {"email": victim.email})
    attacker = make_person()
    EmailAddress.objects.create(user=attacker, email=victim.email, verified=False)
    erase_account(user=attacker)
    assert other.get("/account/").status_code == 200
    assert any(b"victim@" in path.read_bytes() for path in (home / "mail").iterdir())


@pytest.mark.django_db
class TestSomebodyWhoWorkedHere:
    @pytest.fixture
    def editor(self, home: Path) -> User:
        make_person(Role.ADMINISTRATOR)
        editor = make_person(Role.EDITOR, email=EMAIL)
        editor.display_name = NAME
        editor.ledger_key = b"k" * 32
        editor.save()
        contributor = make_contributor("Ada Byline", user=editor)
        make_article("The ebb", actor=editor, owner=editor, by={"reporting": [contributor]})
        ModelLogEntry.objects.log_action(editor, "wagtail.edit", user=editor)
        return editor

    def test_leaves_an_account_that_names_nobody(self, editor: User) -> None:
        wanted = {
            label: words
            for label, words in identifiers(editor).items()
            if label in ("address", "name", "uuid", "key", "password")
        }
        erase_account(user=editor)
        left = User.objects.get(pk=editor.pk)
        assert left.email.endswith(f"@{ERASED_DOMAIN}")
        assert (left.is_active, left.is_staff, left.has_usable_password()) == (False,) * 3
        assert not left.groups.exists()
        assert found_in_tables(wanted) == set()

    def test_keeps_what_the_newsroom_answers_for(self, editor: User) -> None:
        article = Article.objects.get(title="The ebb")
        erase_account(user=editor)
        article.refresh_from_db()
        assert article.owner_id == article.published_by_id == editor.pk
        assert PublicRevision.objects.filter(published_by=editor.pk).exists()
        contributor = Contributor.objects.get(name="Ada Byline")
        assert contributor.user is None
        assert contributor.bylines.exists()

    def test_leaves_no_page_locked_for_good(self, editor: User) -> None:
        article = Article.objects.get(title="The ebb")
        article.locked, article.locked_by = True, editor
        article.save()
        erase_account(user=editor)
        article.refresh_from_db()
        assert (article.locked, article.locked_by) == (False, None)

    def test_is_refused_as_the_only_administrator(self, home: Path) -> None:
        administrator = make_person(Role.ADMINISTRATOR)
        with pytest.raises(Refused, match="only administrator"):
            erase_account(user=administrator)
        make_person(Role.ADMINISTRATOR)
        erase_account(user=administrator)
        left = User.objects.filter(pk=administrator.pk, is_active=True)
        assert not left.exists()


@pytest.mark.django_db
def test_an_erased_guest_leaves_votes_that_are_nobodys(home: Path) -> None:
    article = make_article()
    vote(article, guest("ada", network=NETWORK))
    found = Guest.objects.get()
    key = bytes(found.ledger_key or b"")
    erase_guest(guest=found)
    assert not Guest.objects.exists()
    left = Vote.objects.get()
    assert (left.user, left.guest, left.value) == (None, None, 1)
    assert left.voter == voter_name(key, f"article:{article.uuid}")
    assert Cast.objects.values_list("at", "network", "address", "referrer").get() == (None,) * 4
    assert found_in_tables({"key": forms_of(key), "uuid": forms_of(found.uuid.hex)}) == set()


class TestTheListOutsideTheDatabase:
    @pytest.mark.django_db
    def test_names_nobody_in_the_clear_and_no_minute(self, home: Path) -> None:
        user = make_person(email=EMAIL)
        erase_account(user=user)
        [line] = (home / ERASURES_FILE).read_text().splitlines()
        told = json.loads(line)
        assert told.keys() == {"reader", "at"}
        assert told["reader"] == reader_hash(user.uuid)
        assert len(told["at"]) == len("2026-11-23")
        assert user.uuid.hex not in line
        assert read_erasures([line.encode()]).readers == {told["reader"]}

    @pytest.mark.django_db
    def test_has_a_restored_account_and_guest_erased_again(self, home: Path) -> None:
        user, stays = make_person(), make_person()
        vote(make_article(), member(user))
        vote(make_article(), "ada")
        vote(make_article(), "who stays")
        gone = guest("ada").guest
        assert gone is not None
        hashes = {reader_hash(user.uuid), reader_hash(gone), reader_hash(uuid.uuid4())}
        assert erase_readers(hashes) == 2
        assert erase_readers(hashes) == 0
        assert set(User.objects.values_list("pk", flat=True)) == {stays.pk}
        assert Vote.objects.filter(user=None, guest=None).count() == 2
        assert Guest.objects.get().uuid == guest("who stays").guest


@pytest.mark.django_db
def test_groups_and_other_accounts_are_left_alone(home: Path) -> None:
    make_person(Role.ADMINISTRATOR)
    user, other = make_person(Role.EDITOR), make_person(Role.EDITOR)
    groups = Group.objects.count()
    erase_account(user=user)
    assert Group.objects.count() == groups
    assert other.groups.exists()
