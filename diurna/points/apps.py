from django.apps import AppConfig


class PointsConfig(AppConfig):
    name = "diurna.points"
    label = "points"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Have votes counted by the settler, figures entered with each day, readers' data known."""
        from diurna.accounts import personal_data
        from diurna.ledger import consumers
        from diurna.points import day_figures, tallies
        from diurna.points.personal_data import HANDLER

        consumers.register(tallies.CONSUMER)
        consumers.register_day_figures("points", day_figures.figures)
        personal_data.register(HANDLER)
        self._keep_standings()

    def _keep_standings(self) -> None:
        """Have a story's standing made again when it is published or commented."""
        from diurna.comments import publication as of_comments
        from diurna.newsroom import publication as of_stories
        from diurna.points import standings

        of_stories.register(standings.see_published)
        of_comments.register_decisions(standings.see_decided)
