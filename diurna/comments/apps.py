from django.apps import AppConfig


class CommentsConfig(AppConfig):
    name = "diurna.comments"
    label = "comments"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Have readers told of comments, and what comments hold of readers known."""
        from diurna.accounts import personal_data, shown_names
        from diurna.comments import away, day_figures, notifications, publication
        from diurna.comments.personal_data import HANDLER
        from diurna.comments.threads_naming import threads_naming
        from diurna.ledger import consumers

        publication.register(notifications.tell_of_comment)
        publication.register_decisions(notifications.tell_of_decision)
        publication.register_decisions(away.come_back)
        personal_data.register(HANDLER)
        shown_names.register("comments", threads_naming)
        consumers.register_day_figures("comments", day_figures.figures)
        self._know_error_reports()

    def _know_error_reports(self) -> None:
        """Letters about error reports are sent, and comments say which story they have changed."""
        from diurna.comments import (
            changed_stories,
            error_report_letters,
            letter_kinds,
            publication,
        )
        from diurna.comments.models import LetterKind
        from diurna.newsroom import corrections, error_letters

        error_letters.register(error_report_letters.POST)
        letter_kinds.register(LetterKind.ERROR, error_report_letters.RECEIVED)
        letter_kinds.register(LetterKind.ERROR_TOLD, error_report_letters.ANSWERED)
        corrections.register(changed_stories.show_what_led_to)
        publication.register_decisions(changed_stories.forget_deleted)
