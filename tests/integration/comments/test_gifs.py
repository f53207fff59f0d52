"""The newsroom's library of GIFs: at the desk, in forms, and in comments."""

from pathlib import PurePosixPath
from uuid import uuid4

import pytest
from django.conf import LazySettings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.template.loader import render_to_string
from django.test import Client
from django.urls import reverse
from lxml import html
from PIL import Image

from diurna.accounts.models import User
from diurna.comments.draft import ChosenGif
from diurna.comments.gifs import ShownGif, add_gif, gif_field, offered, shown_gif
from diurna.comments.models import Comment, Gif, GifSource
from diurna.common.errors import Invalid
from diurna.delivery import surrogate
from tests.factories.accounts import enrol, make_person
from tests.factories.comments import published_comment
from tests.factories.giphy_stub import GIF_ID
from tests.factories.moving_pictures import moving_picture
from tests.factories.newsroom import make_article

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor() -> User:
    return make_person("publisher")


@pytest.fixture
def desk(editor: User) -> Client:
    enrol(editor)
    client = Client()
    client.force_login(editor)
    return client


def a_gif(title: str = "Crane", *, by: User | None = None, is_offered: bool = True) -> Gif:
    return add_gif(
        by=by or make_person("publisher"),
        title=title,
        alt="A crane <turns> & turns.",
        credit="Ana Reis",
        file=moving_picture(),
        is_offered=is_offered,
    )


def parsed(markup: str) -> html.HtmlElement:
    return html.fromstring(f"<div>{markup}</div>")


class TestTheLibrary:
    def test_keeps_two_files_of_its_own_making(self, editor: User) -> None:
        gif = a_gif(by=editor)
        for field in (gif.moving, gif.still):
            assert PurePosixPath(field.name).parent.name == "gifs"
            with field.open() as file, Image.open(file) as picture:
                assert (picture.format, picture.size) == ("WEBP", (gif.width, gif.height))

    @pytest.mark.parametrize("missing", ["title", "alt"])
    def test_demands_words(self, editor: User, missing: str) -> None:
        words = {"title": "Crane", "alt": "A crane turns."} | {missing: "  "}
        with pytest.raises(Invalid, match="Please"):
            add_gif(by=editor, file=moving_picture(), **words)
        assert not Gif.objects.exists()

    def test_a_change_of_it_changes_what_shows_it(
        self, editor: User, django_capture_on_commit_callbacks: object
    ) -> None:
        before = surrogate.touched().get("gifs", 0)
        with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
            a_gif(by=editor)
        assert surrogate.touched()["gifs"] > before


class TestTheDesk:
    def form(self, **fields: object) -> dict[str, object]:
        upload = SimpleUploadedFile("crane.gif", moving_picture().read(), "image/gif")
        words = {"title": "Crane", "alt": "It turns.", "credit": "", "is_offered": "on"}
        return {"file": upload, **words, **fields}

    def test_adds_one(self, desk: Client) -> None:
        address = reverse("wagtailsnippets_comments_gif:add")
        assert desk.get(address).status_code == 200
        answer = desk.post(address, self.form())
        assert answer.status_code == 302, answer.content.decode()
        gif = Gif.objects.get()
        assert (gif.title, gif.width, gif.height) == ("Crane", 60, 40)

    @pytest.mark.parametrize(
        ("field", "value", "sentence"),
        [
            ("file", SimpleUploadedFile("x.gif", b"GIF89a no picture"), "no moving picture"),
            ("file", "", "Please choose a file."),
            ("alt", "", "This field is required"),
        ],
    )
    def test_refuses_in_a_sentence(
        self, desk: Client, field: str, value: object, sentence: str
    ) -> None:
        address = reverse("wagtailsnippets_comments_gif:add")
        answer = desk.post(address, self.form(**{field: value}))
        assert answer.status_code == 200
        assert sentence in answer.content.decode()
        assert not Gif.objects.exists()

    def test_changes_words_and_keeps_the_files(self, desk: Client) -> None:
        gif = a_gif()
        address = reverse("wagtailsnippets_comments_gif:edit", args=[gif.pk])
        assert desk.get(address).status_code == 200
        answer = desk.post(address, self.form(file="", title="Another", is_offered=""))
        assert answer.status_code == 302, answer.content.decode()
        changed = Gif.objects.get()
        assert (changed.title, changed.is_offered) == ("Another", False)
        assert changed.moving.name == gif.moving.name

    def test_another_file_has_another_name_and_the_one_before_goes(
        self, desk: Client, django_capture_on_commit_callbacks: object
    ) -> None:
        gif = a_gif()
        with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
            desk.post(reverse("wagtailsnippets_comments_gif:edit", args=[gif.pk]), self.form())
        changed = Gif.objects.get()
        assert changed.moving.name != gif.moving.name
        assert changed.moving.storage.exists(changed.moving.name)
        assert not gif.moving.storage.exists(gif.moving.name)
        assert not gif.still.storage.exists(gif.still.name)

    def test_nobody_deletes_what_comments_may_show(self, desk: Client) -> None:
        gif = a_gif()
        answer = desk.post(reverse("wagtailsnippets_comments_gif:delete", args=[gif.pk]))
        assert answer.status_code in (302, 403)
        assert Gif.objects.filter(pk=gif.pk).exists()

    def test_whoever_may_delete_everything_deletes_only_what_no_comment_has(
        self, editor: User, desk: Client, django_capture_on_commit_callbacks: object
    ) -> None:
        User.objects.filter(pk=editor.pk).update(is_superuser=True)
        kept, gone = a_gif("Kept"), a_gif("Gone")
        comment = published_comment(make_article("Crane"))
        Comment.objects.filter(pk=comment.pk).update(
            gif=kept, gif_source=GifSource.LIBRARY, gif_alt=kept.alt
        )
        with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
            for gif in (kept, gone):
                answer = desk.post(reverse("wagtailsnippets_comments_gif:delete", args=[gif.pk]))
                assert answer.status_code == 302
        assert list(Gif.objects.all()) == [kept]
        assert kept.moving.storage.exists(kept.moving.name)
        assert not gone.moving.storage.exists(gone.moving.name)

    def test_a_writer_has_no_library(self) -> None:
        writer = make_person("writer")
        enrol(writer)
        client = Client()
        client.force_login(writer)
        answer = client.get(reverse("wagtailsnippets_comments_gif:add"))
        assert answer.status_code in (302, 403)


class TestTheForm:
    def render(self, **how: object) -> str:
        field = gif_field(**how)  # type: ignore[arg-type]
        return render_to_string("components/gif_field.html", {"field": field})

    @pytest.mark.parametrize("with_library", [True, False])
    def test_shows_nothing_without_library_and_key(self, with_library: bool) -> None:
        a_gif(is_offered=False)
        assert self.render(with_library=with_library).strip() == ""

    def test_lists_the_library_for_a_form_without_scripts(self) -> None:
        gif, _other = a_gif("Crane"), a_gif("Away", is_offered=False)
        page = parsed(self.render(with_library=True))
        (box,) = page.cssselect("details.gifs")
        assert "hidden" not in box.attrib
        values = [one.get("value") for one in page.cssselect("[name=gif_id]")]
        assert values == ["", str(gif.uuid)]
        assert page.cssselect("[name=gif_source]")[0].get("value") == "library"
        (image,) = page.cssselect("img")
        assert (image.get("src"), image.get("alt")) == (gif.still.url, gif.alt)
        assert "giphy" not in self.render(with_library=True).lower()

    def test_a_public_page_asks_for_the_library_later(self) -> None:
        a_gif()
        page = parsed(self.render(with_library=False))
        (box,) = page.cssselect("details.gifs")
        assert box.get("data-library") == reverse("gif-library")
        assert box.get("hidden") is not None
        assert page.cssselect("img") == []

    def test_what_was_chosen_is_chosen_again(self) -> None:
        gif = a_gif()
        chosen = ChosenGif(source="library", id=str(gif.uuid))
        page = parsed(self.render(with_library=True, chosen=chosen))
        (checked,) = page.cssselect("[name=gif_id][checked]")
        assert checked.get("value") == str(gif.uuid)
        assert page.cssselect("details[open]")

    def test_the_library_has_an_address(self, client: Client) -> None:
        gif = a_gif()
        answer = client.get(reverse("gif-library"))
        assert answer.headers["Surrogate-Key"] == "gifs"
        assert not answer.cookies
        (radio,) = parsed(answer.content.decode()).cssselect("input")
        assert radio.get("value") == str(gif.uuid)

    def test_it_is_read_with_few_queries(self, django_assert_max_num_queries: object) -> None:
        for number in range(5):
            a_gif(f"Crane {number}")
        with django_assert_max_num_queries(2):  # type: ignore[operator]
            self.render(with_library=True)
        with django_assert_max_num_queries(2):  # type: ignore[operator]
            self.render(with_library=False)
        assert len(offered()) == 5


class TestAComment:
    def shown(self, comment: Comment) -> tuple[ShownGif, html.HtmlElement]:
        gif = shown_gif(comment)
        assert gif is not None
        return gif, parsed(render_to_string("components/gif.html", {"gif": gif}))

    def test_shows_the_still_of_the_library(self) -> None:
        gif = a_gif()
        comment = Comment(gif_source=GifSource.LIBRARY, gif=gif, gif_alt=gif.alt)
        _shown, page = self.shown(comment)
        (image,) = page.cssselect("img")
        assert (image.get("src"), image.get("alt")) == (gif.still.url, gif.alt)
        (play,) = page.cssselect("a[data-gif]")
        assert play.get("data-gif") == play.get("href") == gif.moving.url
        assert gif.credit in page.text_content()

    def test_of_giphy_shows_words_and_loads_nothing(self, settings: LazySettings) -> None:
        settings.DIURNA_GIPHY_KEY = "key"
        comment = Comment(
            gif_source=GifSource.GIPHY, giphy_id=GIF_ID, gif_alt="A crane <script> turns"
        )
        _shown, page = self.shown(comment)
        assert page.cssselect("img, video, iframe, script") == []
        assert "A crane <script> turns" in page.text_content()
        assert "Powered by GIPHY" in page.text_content()
        (play,) = page.cssselect("a[data-gif]")
        assert GIF_ID in play.get("data-gif")
        assert play.get("href") == f"https://giphy.com/gifs/{GIF_ID}"
        assert play.get("rel") == "ugc nofollow noopener"

    def test_words_of_strangers_are_kept_in_order(self, settings: LazySettings) -> None:
        settings.DIURNA_GIPHY_KEY = "key"
        flood = "e" + "\u0301" * 50
        shown, _page = self.shown(
            Comment(gif_source=GifSource.GIPHY, giphy_id=GIF_ID, gif_alt=f"\u202e{flood} cat")
        )
        assert shown.alt.endswith(" cat")
        assert len(shown.alt) <= len("e cat") + 5

    def test_of_giphy_is_a_link_once_the_key_is_gone(self, settings: LazySettings) -> None:
        settings.DIURNA_GIPHY_KEY = None
        comment = Comment(gif_source=GifSource.GIPHY, giphy_id=GIF_ID)
        shown, page = self.shown(comment)
        assert page.cssselect("[data-gif]") == []
        assert shown.alt

    @pytest.mark.parametrize("identity", ["", "../x", "a b c d", '"><script>', "x" * 65, "a/b/c/d"])
    def test_shows_nothing_for_what_is_no_id(self, identity: str) -> None:
        assert shown_gif(Comment(gif_source=GifSource.GIPHY, giphy_id=identity)) is None

    def test_without_a_gif_shows_none(self) -> None:
        assert shown_gif(Comment(uuid=uuid4())) is None
