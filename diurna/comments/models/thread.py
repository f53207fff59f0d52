"""The comments of one article, as a whole."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from diurna.newsroom.models import Article


class Thread(models.Model):
    """The thread under an article; the row is made with its first comment.

    `published` is how many of its comments are published; `comments.moves` changes it in the
    transaction that publishes or takes away. `version` grows with every change that readers can
    see, so that a browser that waits for new comments asks with it.
    """

    article = models.OneToOneField(
        Article, on_delete=models.CASCADE, related_name="thread", verbose_name=_("article")
    )
    published = models.PositiveIntegerField(_("published comments"), default=0)
    version = models.PositiveBigIntegerField(_("version"), default=0)
    last_published_at = models.DateTimeField(_("newest comment"), null=True, blank=True)

    class Meta:
        verbose_name = _("thread")
        verbose_name_plural = _("threads")

    def __str__(self) -> str:
        return f"{self.published} on {self.article_id}"
