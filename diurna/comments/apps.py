from django.apps import AppConfig


class CommentsConfig(AppConfig):
    name = "diurna.comments"
    label = "comments"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Have readers told of comments, and what comments hold of readers known."""
        from diurna.accounts import personal_data
        from diurna.comments import away, day_figures, notifications, publication
        from diurna.comments.personal_data import HANDLER
        from diurna.ledger import consumers

        publication.register(notifications.tell_of_comment)
        publication.register_decisions(notifications.tell_of_decision)
        publication.register_decisions(away.come_back)
        personal_data.register(HANDLER)
        consumers.register_day_figures("comments", day_figures.figures)
