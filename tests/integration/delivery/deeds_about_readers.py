"""What becomes of accounts; imports; the public log."""

from pathlib import Path
from tempfile import TemporaryDirectory

from django.test import Client
from django.urls import reverse

from diurna.accounts.erasure import erase_account
from diurna.accounts.merging import merge_guest
from diurna.accounts.models import User
from diurna.accounts.portrait import store_picture
from diurna.accounts.roles import Role, grant_role
from diurna.importers.models import ImportRun
from diurna.importers.undo import undo_run
from diurna.importers.wordpress.run import Options, import_export
from diurna.ledger.actions import append, rotate_key
from diurna.ledger.models import Log
from diurna.ledger.settler import settle_all
from tests.factories.desk import at_desk
from tests.factories.kept_site import NOW, Site
from tests.factories.ledger import revision
from tests.factories.wxr import item, write_export


def a_reader_has_another_name(site: Site) -> None:
    client = Client()
    client.force_login(site.reader)
    form = {"display_name": "Rosa Reader", "shows_activity": "on"}
    answer = client.post(reverse("account_profile"), form)
    assert answer.status_code == 302, answer.content
    site.reader.refresh_from_db()
    assert site.reader.display_name == "Rosa Reader"


def a_reader_shows_nothing_any_more(site: Site) -> None:
    client = Client()
    client.force_login(site.reader)
    answer = client.post(reverse("account_profile"), {"display_name": site.reader.display_name})
    assert answer.status_code == 302, answer.content


def a_reader_takes_the_portrait_off(site: Site) -> None:
    store_picture(user=site.reader, picture=None)


def a_reader_is_erased(site: Site) -> None:
    erase_account(user=site.reader, at=NOW)


def who_published_is_erased(site: Site) -> None:
    erase_account(user=User.objects.get(pk=site.publisher.pk), at=NOW)


def a_guest_signs_in(site: Site) -> None:
    assert site.comment.guest is not None
    assert merge_guest(guest=site.comment.guest.uuid, user=site.reader)


def a_reader_joins_the_newsroom(site: Site) -> None:
    grant_role(user=site.reader, role=Role.MODERATOR)


def an_account_is_switched_off_at_the_desk(site: Site) -> None:
    client, _admin = at_desk(Role.ADMINISTRATOR)
    address = reverse("wagtailusers_users:edit", args=[site.reader.pk])
    form = {"email": site.reader.email, "display_name": "Somebody Else", "is_active": ""}
    answer = client.post(address, form)
    assert answer.status_code == 302, answer.content.decode()[:4000]


def accounts_are_switched_off_together(site: Site) -> None:
    client, _admin = at_desk(Role.ADMINISTRATOR)
    kind = {"app_label": "accounts", "model_name": "user", "action": "set_active_state"}
    address = reverse("wagtail_bulk_action", kwargs=kind)
    answer = client.post(f"{address}?id={site.reader.pk}", {"mark_as_active": "False"})
    assert answer.status_code == 302, answer.content.decode()[:4000]
    site.reader.refresh_from_db()
    assert not site.reader.is_active


def the_log_grows(site: Site) -> None:
    append(revision(7))
    settle_all(NOW)
    assert Log.objects.get(active=True).size > 1


def the_log_has_another_key(site: Site) -> None:
    rotate_key(at=NOW)
    settle_all(NOW)


def an_import(site: Site) -> None:
    with TemporaryDirectory() as folder:
        _bring(Path(folder))


def an_import_is_undone(site: Site) -> None:
    with TemporaryDirectory() as folder:
        undo_run(run=_bring(Path(folder)), actor=None, at=NOW)


def _bring(folder: Path) -> ImportRun:
    options = Options(write_export(folder, item(7, title="Old news")))
    import_export(options, now=NOW, progress=lambda *_: None)
    return ImportRun.objects.get()
