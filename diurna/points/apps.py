from django.apps import AppConfig


class PointsConfig(AppConfig):
    name = "diurna.points"
    label = "points"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Have votes counted by the settler, and their figures entered with each day."""
        from diurna.accounts import personal_data
        from diurna.ledger import consumers
        from diurna.points import tallies
        from diurna.points.personal_data import HANDLER

        consumers.register(tallies.CONSUMER)
        personal_data.register(HANDLER)
