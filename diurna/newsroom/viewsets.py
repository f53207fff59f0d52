"""What the desk lists beside pages: contributors, topics, series, rules by type of work."""

from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.snippets.views.snippets import EditView, SnippetViewSet, SnippetViewSetGroup

from diurna.common.errors import Refused
from diurna.newsroom.citing import rename_outlet
from diurna.newsroom.models import Contributor, Outlet, Series, Source, Topic, WorkTypeRule
from diurna.newsroom.source_locks import hold_for_change


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


class OutletEditView(EditView):
    """Changes an outlet with the stories that name it, or not at all."""

    def save_instance(self) -> Outlet:
        """Save it in the transaction that records the stories; raises Refused."""
        hold_for_change(Source.objects.filter(outlet=self.object.pk))
        outlet: Outlet = super().save_instance()
        rename_outlet(outlet=outlet, actor=self.request.user)
        return outlet

    def form_valid(self, form: Any) -> HttpResponse:
        """Show the form again, with what was typed, to who may not publish these stories."""
        try:
            return super().form_valid(form)
        except Refused as refused:
            form.add_error(None, str(refused))
            # Sets what Wagtail says above the form.
            self.is_valid(form)
            return self.form_invalid(form)


class OutletViewSet(SnippetViewSet):
    """Outlets: other houses that publish, and that stories cite."""

    model = Outlet
    icon = "site"
    menu_label = _("Outlets")
    list_display = ["name", "host"]
    edit_view_class = OutletEditView
    panels = [FieldPanel(name) for name in ("name", "slug", "home", "host", "description")]


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

    items = (
        ContributorViewSet,
        TopicViewSet,
        SeriesViewSet,
        OutletViewSet,
        WorkTypeRuleViewSet,
    )
    menu_label = _("People and topics")
    menu_icon = "group"
    menu_order = 250
