"""How an article is edited: the panels of the desk's form."""

from typing import Any

from django import forms
from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminPageForm
from wagtail.admin.panels import (
    FieldPanel,
    InlinePanel,
    MultiFieldPanel,
    MultipleChooserPanel,
    ObjectList,
    PageChooserPanel,
    PublishingPanel,
    TabbedInterface,
    TitleFieldPanel,
)

from diurna.newsroom.before_publishing_panel import BeforePublishingPanel
from diurna.newsroom.language_names import language_name


class LanguagePanel(FieldPanel):
    """The language of a story; an old one says which it is in while nothing is chosen."""

    class BoundPanel(FieldPanel.BoundPanel):
        """The panel of one story."""

        def __init__(self, **kwargs: Any) -> None:
            super().__init__(**kwargs)
            if self.instance.written_in:
                self.help_text = gettext(
                    "Empty: %(language)s, the newsroom’s language when this was written. Else a tag"
                    " such as ar or pt-br."
                ) % {"language": language_name(self.instance.written_in)}


class ArticleForm(WagtailAdminPageForm):
    """The form of an article; a note on the last change does not stay for the next one."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        page = self.instance
        if page.live and not page.has_unpublished_changes:
            self.initial["change_note"] = ""
            self.initial["minor_change"] = False

    def save(self, commit: bool = True) -> models.Model:
        """Keep the article; a new one is no page for readers until its revision is published.

        Wagtail adds a new page to the tree before it publishes or schedules it, live by default.
        """
        # It reads articles, so it can't be imported before they are defined.
        from diurna.newsroom.settling import take_over

        if self.instance.pk is None:
            self.instance.live = False
        # Markers that were pasted from another story, before the draft is stored with them.
        take_over(self.instance)
        return super().save(commit)


class ArticlePanels:
    """The tabs of the form: the story, its people, its place."""

    base_form_class = ArticleForm

    story = [
        TitleFieldPanel("title", heading=_("Headline"), help_text=_("As readers see it.")),
        FieldPanel("standfirst", widget=forms.Textarea(attrs={"rows": 3})),
        FieldPanel("work_type"),
        MultiFieldPanel(
            [
                FieldPanel("lead_image"),
                FieldPanel("lead_image_alt"),
                FieldPanel("lead_image_decorative"),
                FieldPanel("lead_image_caption"),
            ],
            heading=_("Lead picture"),
        ),
        FieldPanel("body"),
        FieldPanel("methods"),
        FieldPanel("disclosure"),
        MultiFieldPanel(
            [FieldPanel("change_note"), FieldPanel("minor_change")],
            heading=_("What changed"),
            help_text=_(
                "Readers see this in the public history. A minor edit is labelled, never hidden."
            ),
        ),
    ]
    people = [
        InlinePanel("bylines", label=_("By-line"), heading=_("By-lines")),
        FieldPanel("topics", widget=forms.CheckboxSelectMultiple),
        MultipleChooserPanel(
            "related_articles",
            chooser_field_name="related",
            label=_("Related article"),
            heading=_("Related articles"),
            panels=[PageChooserPanel("related", "newsroom.Article")],
        ),
        MultiFieldPanel([FieldPanel("series"), FieldPanel("series_position")], heading=_("Series")),
    ]
    place = [
        FieldPanel("slug"),
        FieldPanel("short_headline"),
        FieldPanel("seo_title"),
        FieldPanel("search_description"),
        FieldPanel("canonical_address"),
        MultiFieldPanel(
            [LanguagePanel("language"), FieldPanel("direction")], heading=_("Language")
        ),
        MultiFieldPanel(
            [FieldPanel("points_mode"), FieldPanel("comments_mode")], heading=_("Readers")
        ),
    ]
    edit_handler = TabbedInterface(
        [
            ObjectList(story, heading=_("Story")),
            ObjectList(people, heading=_("People and topics")),
            ObjectList([*place, PublishingPanel()], heading=_("Address and settings")),
            ObjectList([BeforePublishingPanel()], heading=_("Before publishing")),
        ]
    )
