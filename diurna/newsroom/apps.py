"""The newsroom's place in Django."""

from django.apps import AppConfig


class NewsroomConfig(AppConfig):
    """Connects Wagtail's publishing to Diurna's actions once the models are loaded."""

    name = "diurna.newsroom"
    label = "newsroom"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Import the receivers, which connect themselves."""
        from diurna.accounts import personal_data, shown_names
        from diurna.accounts.reserved_names import reserve
        from diurna.newsroom import (
            avif,
            error_report_traces,
            log,
            wagtail_receivers,  # noqa: F401  (for its receivers)
        )
        from diurna.newsroom.linked import stories_naming
        from diurna.newsroom.models.contributor import names_in_bylines
        from diurna.newsroom.personal_data import HANDLER

        avif.register()
        log.register()
        personal_data.register(HANDLER)
        shown_names.register("newsroom", stories_naming)
        personal_data.register(error_report_traces.HANDLER)
        reserve(names_in_bylines)
