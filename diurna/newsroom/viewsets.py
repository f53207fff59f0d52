"""What the desk lists beside pages: contributors, topics, series, rules by type of work."""

from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.snippets.views.snippets import SnippetViewSet, SnippetViewSetGroup

from diurna.newsroom.models import Contributor, Series, Topic, WorkTypeRule


class ContributorViewSet(SnippetViewSet):
    """Contributors: who is named in by-lines."""

    model = Contributor
    icon = "user"
    menu_label = _("Contributors")
    list_display = ["name", "job_title", "user"]
    panels = [
        FieldPanel("name"),
        FieldPanel("slug"),
        FieldPanel("is_organisation"),
        FieldPanel("job_title"),
        FieldPanel("photo"),
        FieldPanel("biography"),
        MultiFieldPanel(
            [FieldPanel(name) for name in ("expertise", "places", "languages", "contact")],
            heading=_("What readers may ask"),
        ),
        FieldPanel("disclosures"),
        FieldPanel("user"),
    ]


class TopicViewSet(SnippetViewSet):
    """Topics."""

    model = Topic
    icon = "tag"
    menu_label = _("Topics")
    list_display = ["name", "slug"]
    panels = [FieldPanel("name"), FieldPanel("slug"), FieldPanel("description")]


class SeriesViewSet(SnippetViewSet):
    """Series."""

    model = Series
    icon = "list-ol"
    menu_label = _("Series")
    panels = [FieldPanel("name"), FieldPanel("slug"), FieldPanel("description")]


class WorkTypeRuleViewSet(SnippetViewSet):
    """Points and comments by type of work."""

    model = WorkTypeRule
    icon = "cog"
    menu_label = _("Rules by type of work")
    list_display = ["work_type", "points_mode", "comments_mode"]
    panels = [FieldPanel("work_type"), FieldPanel("points_mode"), FieldPanel("comments_mode")]


class NewsroomViewSetGroup(SnippetViewSetGroup):
    """One entry of the desk's menu for all of them."""

    items = (ContributorViewSet, TopicViewSet, SeriesViewSet, WorkTypeRuleViewSet)
    menu_label = _("People and topics")
    menu_icon = "group"
    menu_order = 250
