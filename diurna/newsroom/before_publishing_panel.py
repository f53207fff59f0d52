"""The tab of the editor that shows what the check finds in the stored draft."""

from collections.abc import Mapping
from typing import Any

from django.urls import reverse
from wagtail.admin.panels import Panel


class BeforePublishingPanel(Panel):
    """A place for the findings; the desk's script fills it, since a look takes a moment."""

    class BoundPanel(Panel.BoundPanel):
        template_name = "prepublish/editor_tab.html"

        def get_context_data(self, parent_context: Mapping[str, Any] | None = None) -> Any:
            """With the addresses of the findings; empty for a story that was never stored."""
            context = super().get_context_data(parent_context)
            pk = self.instance.pk
            context["part"] = reverse("diurna_check_part", args=[pk]) if pk else ""
            context["page"] = reverse("diurna_check", args=[pk]) if pk else ""
            return context
