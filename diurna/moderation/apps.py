from django.apps import AppConfig


class ModerationConfig(AppConfig):
    name = "diurna.moderation"
    label = "moderation"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Have what moderation holds of readers known."""
        from diurna.accounts import personal_data
        from diurna.comments import rules
        from diurna.moderation import house_rules
        from diurna.moderation.personal_data import HANDLER

        personal_data.register(HANDLER)
        rules.register(house_rules.title_of)
