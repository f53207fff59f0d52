"""The newsroom's place in Django."""

from django.apps import AppConfig


class NewsroomConfig(AppConfig):
    """Connects Wagtail's publishing to Diurna's actions once the models are loaded."""

    name = "diurna.newsroom"
    label = "newsroom"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Import the receivers, which connect themselves."""
        from diurna.accounts import personal_data
        from diurna.accounts.reserved_names import reserve
        from diurna.newsroom import avif, wagtail_receivers  # noqa: F401  (for its receivers)
        from diurna.newsroom.models.contributor import names_in_bylines
        from diurna.newsroom.personal_data import HANDLER

        avif.register()
        personal_data.register(HANDLER)
        reserve(names_in_bylines)
