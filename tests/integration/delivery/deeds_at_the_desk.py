"""What the desk does beside pages: settings, people, topics, files, redirects, standards, users."""

from io import BytesIO
from typing import Any

from django.core.files.base import ContentFile
from django.test import Client
from django.urls import reverse
from PIL import Image
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Collection

from diurna.accounts.roles import Role
from diurna.comments.gifs import save_gif
from diurna.comments.models import CommentSettings
from diurna.moderation.house_rules import add_rule, change_rule, move_rule
from diurna.moderation.models import HouseRule, ModerationSettings
from diurna.moderation.words import change_lists
from diurna.newsroom.models import (
    Contributor,
    NavigationItem,
    NewsroomSettings,
    Photograph,
    Section,
    WorkTypeRule,
)
from diurna.newsroom.standards.actions import publish_standard, save_draft, withdraw_standard
from diurna.newsroom.tasks import make_renditions
from diurna.points.models import PointsSettings
from tests.factories.accounts import enrol
from tests.factories.comments import moderator
from tests.factories.desk import at_desk
from tests.factories.kept_site import Site
from tests.factories.newsroom import make_contributor


def the_newsroom_has_another_name(site: Site) -> None:
    newsroom = NewsroomSettings.objects.get()
    newsroom.name, newsroom.accent = "The Other Gazette", "#7a1f1f"
    newsroom.save()


def another_link_in_the_head(site: Site) -> None:
    newsroom = NewsroomSettings.objects.get()
    newsroom.navigation.add(NavigationItem(place="head", address="https://example.org/"))
    newsroom.save()


def members_only_comment(site: Site) -> None:
    settings = CommentSettings.objects.get()
    settings.commenters = "members"
    settings.save()


def comments_close_after_days(site: Site) -> None:
    settings = CommentSettings.objects.get()
    settings.close_after_days = 5
    settings.save()


def members_only_vote(site: Site) -> None:
    PointsSettings(voters="members").save()


def moderation_is_set_otherwise(site: Site) -> None:
    ModerationSettings(hide_at_weight=9).save()


def a_work_type_takes_no_comments(site: Site) -> None:
    _post(
        _desk(),
        _snippet("worktyperule", "add"),
        work_type="report",
        comments_mode="off",
        points_mode="off",
    )
    assert WorkTypeRule.objects.exists()


def a_topic_is_renamed(site: Site) -> None:
    form = {"name": "Boats", "slug": "boats", "description": "Everything that floats."}
    _post(_desk(), _snippet("topic", "edit", site.ships), **form)


def a_topic_is_added(site: Site) -> None:
    _post(_desk(), _snippet("topic", "add"), name="New", slug="new-topic", description="")


def a_topic_is_deleted(site: Site) -> None:
    _post(_desk(), _snippet("topic", "delete", site.ships))


def a_series_is_renamed(site: Site) -> None:
    _post(
        _desk(),
        _snippet("series", "edit", site.series),
        name="The day boat",
        slug="the-day-boat",
        description="",
    )


def a_series_is_deleted(site: Site) -> None:
    site.series.articles.update(series_position=None)
    _post(_desk(), _snippet("series", "delete", site.series))


def a_contributor_is_renamed(site: Site) -> None:
    _post(_desk(), _snippet("contributor", "edit", site.ada), **_person("Cara Cove", "cara-cove"))


def a_contributor_has_another_address(site: Site) -> None:
    _post(_desk(), _snippet("contributor", "edit", site.ben), **_person("Ben Oduya", "new-person"))


def a_contributor_says_more(site: Site) -> None:
    person = _person(site.ada.name, site.ada.slug, expertise="Cranes", job_title="Editor")
    _post(_desk(), _snippet("contributor", "edit", site.ada), **person)


def a_contributor_is_added(site: Site) -> None:
    _post(_desk(), _snippet("contributor", "add"), **_person("New", "new-person"))


def a_contributor_without_stories_is_deleted(site: Site) -> None:
    person = make_contributor("New person")
    _stale_after_deleting(person)


def an_outlet_is_renamed_at_the_desk(site: Site) -> None:
    form = {
        "name": "The New Paper",
        "slug": "new-outlet",
        "home": "",
        "host": "",
        "description": "It was sold.",
    }
    _post(_desk(), _snippet("outlet", "edit", site.outlet), **form)


def an_outlet_is_added(site: Site) -> None:
    form = {"name": "New", "slug": "new-outlet", "home": "", "host": "", "description": ""}
    _post(_desk(), _snippet("outlet", "add"), **form)


def a_picture_has_another_focal_point(site: Site) -> None:
    photograph = Photograph.objects.get(pk=site.photograph.pk)
    photograph.focal_point_x, photograph.focal_point_y = 10, 10
    photograph.focal_point_width = photograph.focal_point_height = 50
    photograph.save()


def a_picture_has_another_credit(site: Site) -> None:
    photograph = Photograph.objects.get(pk=site.photograph.pk)
    photograph.credit = "Cara Cove"
    photograph.save()


def a_portrait_is_replaced(site: Site) -> None:
    _replace(site.portrait)


def the_logo_is_replaced(site: Site) -> None:
    logo = NewsroomSettings.objects.get().logo
    assert logo is not None
    _replace(logo)


def a_picture_is_made_in_all_sizes(site: Site) -> None:
    make_renditions.func(site.photograph.pk)


def a_collection_is_renamed(site: Site) -> None:
    collection = Collection.get_first_root_node().add_child(name="Cranes")
    photograph = Photograph.objects.get(pk=site.photograph.pk)
    photograph.collection = collection
    photograph.save()


def a_gif_is_described_better(site: Site) -> None:
    site.gif.alt = "A small boat sinks"
    save_gif(site.gif, by=site.publisher)


def a_redirect_is_added(site: Site) -> None:
    _post(
        _desk(Role.ADMINISTRATOR),
        reverse("wagtailredirects:add"),
        old_path="/nowhere",
        site="",
        is_permanent="on",
        redirect_page="",
        redirect_link="https://example.org/",
    )
    assert Redirect.objects.filter(old_path="/nowhere").exists()


def a_redirect_is_deleted(site: Site) -> None:
    Redirect.objects.get(old_path="/old-crane").delete()


def sections_are_put_in_another_order_at_the_desk(site: Site) -> None:
    address = reverse("wagtailadmin_pages:set_page_position", args=[site.court.pk])
    answer = _desk().post(f"{address}?position=0")
    assert answer.status_code == 200, answer
    assert Section.objects.get(pk=site.court.pk).path < Section.objects.get(pk=site.harbour.pk).path


def a_standard_is_published(site: Site) -> None:
    draft = {"mission": "To ring twice."}
    save_draft(kind="ethics", answers=draft, actor=site.publisher)
    publish_standard(kind="ethics", actor=site.publisher, note="Said better.")


def a_standard_is_withdrawn(site: Site) -> None:
    withdraw_standard(kind="ethics", actor=site.publisher, note="It was wrong.")


def a_house_rule_is_worded_otherwise(site: Site) -> None:
    rule = HouseRule.objects.get(word="insult")
    change_rule(
        moderator=moderator(), rule=rule, title="Be kind", explanation="It helps.", is_offered=True
    )


def a_house_rule_is_added(site: Site) -> None:
    add_rule(moderator=moderator(), word="shouting", title="No shouting", explanation="It hurts.")


def a_house_rule_moves(site: Site) -> None:
    move_rule(moderator=moderator(), rule=HouseRule.objects.get(word="insult"), by=1)


def words_are_banned(site: Site) -> None:
    change_lists(banned=["swings"], suspect=[], moderator=moderator())


def who_published_is_renamed(site: Site) -> None:
    client = Client()
    enrol(site.publisher)
    client.force_login(site.publisher)
    address = "/newsroom/account/"
    page = client.get(address).content.decode()
    assert "display_name" in page
    answer = client.post(
        address,
        {
            "name-display_name": "Petra Newname",
            "locale-preferred_language": "",
            "locale-current_time_zone": "UTC",
            "theme-theme": "system",
            "theme-contrast": "system",
            "theme-density": "default",
            "theme-keyboard_shortcuts": "on",
            "notifications-submitted_notifications": "on",
            "avatar-avatar": "",
        },
    )
    assert answer.status_code == 302, answer.content[:3000]
    site.publisher.refresh_from_db()
    assert site.publisher.display_name == "Petra Newname"


def _desk(role: Role = Role.PUBLISHER) -> Client:
    client, _user = at_desk(role)
    return client


def _post(client: Client, address: str, **fields: str) -> Any:
    answer = client.post(address, fields)
    assert answer.status_code == 302, answer.content.decode()[:4000]
    return answer


def _snippet(model: str, view: str, row: Any = None) -> str:
    args = [row.pk] if row is not None else []
    return reverse(f"wagtailsnippets_newsroom_{model}:{view}", args=args)


def _person(name: str, slug: str, **more: str) -> dict[str, str]:
    return {"name": name, "slug": slug, "biography": "null"} | more


def _stale_after_deleting(person: Contributor) -> None:
    _post(_desk(), _snippet("contributor", "delete", person))
    assert not Contributor.objects.filter(pk=person.pk).exists()


def _replace(photograph: Photograph) -> None:
    target = BytesIO()
    Image.new("RGB", (900, 700), (20, 110, 100)).save(target, "JPEG")
    row = Photograph.objects.get(pk=photograph.pk)
    row.file = ContentFile(target.getvalue(), name="another.jpg")
    row.width, row.height = 900, 700
    row._set_file_hash()
    row.save()
