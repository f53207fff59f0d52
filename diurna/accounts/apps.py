from django.apps import AppConfig
from wagtail.users.apps import WagtailUsersAppConfig


class AccountsConfig(AppConfig):
    default = True
    name = "diurna.accounts"
    label = "accounts"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Tell what accounts and the desk hold of people, and the log how many there are."""
        from diurna.accounts import day_counts, desk_traces, own_traces, personal_data
        from diurna.ledger.consumers import register_day_figures

        personal_data.register(desk_traces.HANDLER)
        personal_data.register(own_traces.HANDLER)
        register_day_figures("accounts", day_counts.figures)


class PeopleConfig(WagtailUsersAppConfig):
    """Wagtail's users, with Diurna's forms: one name, and no passwords chosen for others."""

    user_viewset = "diurna.accounts.people.PeopleViewSet"
