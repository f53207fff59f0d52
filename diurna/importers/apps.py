from django.apps import AppConfig


class ImportersConfig(AppConfig):
    name = "diurna.importers"
    label = "importers"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Have imports forget a story that is removed for legal reasons."""
        from diurna.importers.removal import forget
        from diurna.newsroom.removal import register_trace

        register_trace("imports", forget)
