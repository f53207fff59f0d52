from django.apps import AppConfig


class ImportersConfig(AppConfig):
    name = "diurna.importers"
    label = "importers"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Have imports forget a story that is removed for legal reasons, and who left."""
        from diurna.accounts import personal_data
        from diurna.importers.personal_data import HANDLER
        from diurna.importers.removal import forget
        from diurna.newsroom.removal import register_trace

        register_trace("imports", forget)
        personal_data.register(HANDLER)
