from django.apps import AppConfig
from django.core import checks


class OperationsConfig(AppConfig):
    name = "diurna.operations"
    label = "operations"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register the system checks."""
        from diurna.operations.checks import public_site_has_https, search_asks_the_database

        checks.register(public_site_has_https)
        checks.register(search_asks_the_database)
