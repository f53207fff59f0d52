"""Which stories go with one, as it was found in the background; and whose are looked for next."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from diurna.newsroom.models.outlet import Outlet
from diurna.newsroom.models.source import Source
from diurna.newsroom.models.topic import Topic


class Why(models.TextChoices):
    """What two stories share most; readers are told it in words."""

    TOPIC = "topic", _("a topic")
    SOURCE = "source", _("a source")
    OUTLET = "outlet", _("an outlet")
    TEXT = "text", _("the words of the text")
    SECTION = "section", _("the section")


_NAMED = {Why.TOPIC: "topic", Why.SOURCE: "source", Why.OUTLET: "outlet"}


def _names_what_is_shared() -> Q:
    """A row names the topic, source or outlet that is its reason, and no other."""
    allowed = Q(why__in=[Why.TEXT, Why.SECTION])
    for field in _NAMED.values():
        allowed &= Q(**{f"{field}__isnull": True})
    for why, named in _NAMED.items():
        one = Q(why=why)
        for field in _NAMED.values():
            one &= Q(**{f"{field}__isnull": field != named})
        allowed |= one
    return allowed


class RelatedStory(models.Model):
    """A story that was found to go with another (`newsroom/relating.py`), with the main reason.

    What an editor picks is a `RelatedArticle`. `place` counts from 0, the closest first.
    """

    # Nothing that an editor wrote; the index of references has no use of it.
    wagtail_reference_index_ignore = True

    article = models.ForeignKey(
        "newsroom.Article", on_delete=models.CASCADE, related_name="found_related"
    )
    other = models.ForeignKey("newsroom.Article", on_delete=models.CASCADE, related_name="+")
    place = models.PositiveSmallIntegerField()
    why = models.CharField(max_length=8, choices=Why.choices)
    # The reason goes with the topic, the source or the outlet.
    topic = models.ForeignKey(Topic, null=True, on_delete=models.CASCADE, related_name="+")
    source = models.ForeignKey(Source, null=True, on_delete=models.CASCADE, related_name="+")
    outlet = models.ForeignKey(Outlet, null=True, on_delete=models.CASCADE, related_name="+")

    class Meta:
        ordering = ["article", "place"]
        constraints = [
            models.UniqueConstraint(fields=["article", "other"], name="related_story_once"),
            models.CheckConstraint(
                condition=~Q(article=models.F("other")), name="related_story_not_itself"
            ),
            models.CheckConstraint(
                condition=Q(why__in=Why.values) & _names_what_is_shared(),
                name="related_story_names_why",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.article_id}: {self.other_id} ({self.why})"


class RelatedDue(models.Model):
    """A story whose related ones are to be looked for, since `since`.

    `spreads`: those that are found are looked at again as well, since this one is new beside them.
    """

    wagtail_reference_index_ignore = True

    article = models.OneToOneField(
        "newsroom.Article", primary_key=True, on_delete=models.CASCADE, related_name="+"
    )
    since = models.DateTimeField(default=timezone.now)
    spreads = models.BooleanField(default=False)

    def __str__(self) -> str:
        return str(self.article_id)
