"""The newsroom's language and time zone, wherever the site speaks, whoever asks."""

from datetime import UTC, datetime

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone, translation
from wagtail.users.models import UserProfile

from diurna.accounts.models import User
from diurna.accounts.roles import Role
from diurna.moderation.house_rules import ensure_rules
from diurna.moderation.models import HouseRule
from diurna.newsroom.models import NewsroomSettings
from diurna.web.speaking import ZoneOnDemand
from tests.factories.accounts import enrol, make_person
from tests.factories.newsroom import make_article

pytestmark = pytest.mark.django_db


def set_language(language: str, zone: str = "UTC") -> None:
    newsroom = NewsroomSettings.current()
    newsroom.language, newsroom.time_zone = language, zone
    newsroom.save()


def test_it_is_the_newsrooms_and_not_the_browsers(client: Client) -> None:
    make_article("Nets")
    set_language("ar")
    for path in ("/", "/latest/", "/account/login/", "/nowhere/"):
        page = client.get(path, headers={"Accept-Language": "de"}).content.decode()
        assert '<html lang="ar" dir="rtl">' in page, path
        assert "الأحدث" in page, path
        assert "Accept-Language" not in client.get(path).get("Vary", ""), path


def test_a_change_is_there_at_once(client: Client) -> None:
    set_language("ar")
    assert "تسجيل الدخول" in client.get("/account/login/").content.decode()
    set_language("en")
    assert "تسجيل الدخول" not in client.get("/account/login/").content.decode()


def test_a_language_without_words_has_its_dates_and_direction(client: Client) -> None:
    make_article("Nets", at=datetime(2026, 3, 5, 12, tzinfo=UTC))
    set_language("de")
    page = client.get("/latest/").content.decode()
    assert '<html lang="de" dir="ltr">' in page
    assert "5. März 2026" in page


def test_nothing_stays_switched_on_after_the_answer(client: Client) -> None:
    set_language("ar", "Asia/Tokyo")
    client.get("/latest/")
    assert translation.get_language() == "en"
    assert timezone.get_current_timezone_name() == "UTC"


def test_sentences_of_the_api_are_in_it_too(client: Client) -> None:
    article = make_article("Nets")
    set_language("ar")
    said = client.post(
        f"/api/v1/articles/{article.uuid}/comments",
        {"name": "", "email": "", "body": ""},
        content_type="application/json",
        headers={"Sec-Fetch-Site": "same-origin"},
    ).json()
    assert any("\u0600" <= letter <= "\u06ff" for letter in str(said)), said


def test_a_letter_that_a_page_sends_is_in_it(client: Client) -> None:
    set_language("ar")
    client.post("/account/password/reset/", {"email": "nobody@members.example"})
    [letter] = mail.outbox
    assert any("\u0600" <= sign <= "\u06ff" for sign in letter.subject)
    [(html, _type)] = letter.alternatives
    assert 'dir="rtl"' in html


class TestTheDesk:
    @pytest.fixture
    def editor(self) -> User:
        editor = make_person(role=Role.EDITOR)
        enrol(editor)
        return editor

    @pytest.fixture
    def desk(self, editor: User) -> Client:
        desk = Client()
        desk.force_login(editor)
        return desk

    def test_begins_in_the_newsrooms_language(self, desk: Client) -> None:
        set_language("ar")
        assert '<html lang="ar" dir="rtl"' in desk.get("/newsroom/").content.decode()

    def test_is_in_that_of_its_editor(self, desk: Client, editor: User) -> None:
        set_language("ar")
        profile = UserProfile.get_for_user(editor)
        profile.preferred_language = "en"
        profile.save()
        assert '<html lang="en" dir="ltr"' in desk.get("/newsroom/").content.decode()

    def test_offers_the_languages_that_there_are_words_in(self, desk: Client) -> None:
        page = desk.get("/newsroom/account/").content.decode()
        assert '<option value="ar">' in page
        assert '<option value="fr">' not in page


def test_a_zone_is_asked_for_with_the_first_moment() -> None:
    asked: list[str] = []

    def name() -> str:
        asked.append("")
        return "Europe/Lisbon"

    zone = ZoneOnDemand(name)
    assert asked == []
    summer = datetime(2026, 7, 1, 12, tzinfo=UTC).astimezone(zone)
    winter = datetime(2026, 1, 1, 12, tzinfo=UTC).astimezone(zone)
    assert (summer.hour, winter.hour, str(zone), len(asked)) == (13, 12, "Europe/Lisbon", 1)


@pytest.mark.parametrize(("hour", "fold", "utc"), [(1, 0, 0), (1, 1, 1)])
def test_an_hour_that_comes_twice_is_known_apart(hour: int, fold: int, utc: int) -> None:
    # Lisbon's clocks go back on 25 October 2026 at 2:00 summer time.
    zone = ZoneOnDemand(lambda: "Europe/Lisbon")
    moment = datetime(2026, 10, 25, hour, 30, tzinfo=zone, fold=fold)
    assert moment.astimezone(UTC).hour == utc
    assert datetime(2026, 10, 25, utc, 30, tzinfo=UTC).astimezone(zone).hour == hour


def test_the_first_house_rules_are_in_it_until_somebody_puts_them_another_way(
    client: Client,
) -> None:
    ensure_rules()
    HouseRule.objects.filter(word="sexual").update(title="Nothing indecent")
    set_language("ar")
    page = client.get("/moderation/rules/").content.decode()
    assert "Insults somebody" not in page
    assert "يهين شخصًا" in page
    assert "Nothing indecent" in page
