"""The marker of a citation in the desk's rich-text editor (Draft.js), and the button "Cite"."""

from typing import Any

from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _
from draftjs_exporter.dom import DOM
from wagtail.admin.rich_text.converters.html_to_contentstate import InlineEntityElementHandler
from wagtail.admin.rich_text.editors.draftail.features import EntityFeature
from wagtail.rich_text.feature_registry import FeatureRegistry

from diurna.newsroom.citation_marks import LINK_TYPE, MARK

FEATURE = "citation"
ENTITY = "CITATION"


class CitationFeature(EntityFeature):
    """The button, and the key that presses it: both have to be in the editor's options."""

    def construct_options(self, options: dict[str, Any]) -> None:
        """Add the kind of entity, and the plugin that knows the key."""
        super().construct_options(options)
        options.setdefault("plugins", []).append({"type": ENTITY})


class CitationElementHandler(InlineEntityElementHandler):
    """From stored rich text to the editor: a marker is one character that can't be typed into."""

    mutability = "IMMUTABLE"

    def get_attribute_data(self, attrs: dict[str, str]) -> dict[str, str]:
        """The name of the citation is all that the editor keeps."""
        return {"id": attrs.get("id", "")}


def citation_entity(props: dict[str, Any]) -> Any:
    """From the editor to stored rich text: the same marker."""
    return DOM.create_element("a", {"linktype": LINK_TYPE, "id": props.get("id")}, MARK)


def register(features: FeatureRegistry) -> None:
    """Let text fields that have the feature keep the markers of citations."""
    features.register_editor_plugin(
        "draftail",
        FEATURE,
        CitationFeature(
            {
                "type": ENTITY,
                "icon": "openquote",
                "description": _("Cite (Ctrl or ⌘ + Shift + 9)"),
                "cite": reverse_lazy("diurna_cite"),
                "failed": _("The window could not be opened; please reload the page."),
            },
            # Wagtail's window, and what it needs, come with the chooser of links.
            js=["wagtailadmin/js/modal-workflow.js", "newsroom/cite.js"],
            css={"all": ["newsroom/cite.css"]},
        ),
    )
    features.register_converter_rule(
        "contentstate",
        FEATURE,
        {
            "from_database_format": {f'a[linktype="{LINK_TYPE}"]': CitationElementHandler(ENTITY)},
            "to_database_format": {"entity_decorators": {ENTITY: citation_entity}},
        },
    )
